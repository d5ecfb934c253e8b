"""The options that decide: policies, exceptions and VEX documents, read before all else."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from lading.errors import UsageError
from lading.findings.deciding import ANNOUNCED_DAYS, Decisions
from lading.findings.exceptions import Exemption, check_lengths, read_exceptions
from lading.policy import Policy, read_policy

_LARGEST = (64 << 20) + 1  # bytes of any of the files; each format has its own, lower bound


def add_decision_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options, each of which may be repeated."""
    group = parser.add_argument_group("what is decided", "all may be repeated")
    for name, text in (
        ("policy", "rules on what is not accepted (TOML)"),
        ("exceptions", "what is not acted upon, by whom, why, until when (TOML)"),
        ("vex", "what somebody says of vulnerabilities in products: OpenVEX, CSAF, CycloneDX"),
    ):
        group.add_argument(
            f"--{name}", type=Path, action="append", default=[], metavar="FILE", help=text
        )


def policies_from(options: argparse.Namespace) -> tuple[Policy, ...]:
    """Return the policies; UsageError with file, line and reason for what is none."""
    return tuple(read_policy(read_file(path), str(path)) for path in options.policy)


def decisions_from(
    options: argparse.Namespace, policies: Sequence[Policy] = ()
) -> Decisions | None:
    """Return the exceptions and VEX statements given; None when there is no such option.

    UsageError names the file; so too for an exception that is longer than a policy allows.
    """
    if not options.exceptions and not options.vex:
        return None
    exceptions = tuple(one for path in options.exceptions for one in exceptions_in(path))
    most = [one.exception_days for one in policies if one.exception_days is not None]
    check_lengths(exceptions, min(most, default=None), options.now())
    from lading.findings.vex import read_vex

    read = [read_vex(read_file(path), str(path)) for path in options.vex]
    announced = [one.announce_days for one in policies if one.announce_days is not None]
    return Decisions(
        exceptions=exceptions,
        statements=tuple(one for document in read for one in document.statements),
        unusable=tuple(one for document in read for one in document.unusable),
        announced_days=max(announced, default=ANNOUNCED_DAYS),
    )


def exceptions_in(path: Path) -> tuple[Exemption, ...]:
    """Return the exceptions of a file; UsageError with file, line and reason."""
    return read_exceptions(read_file(path), str(path))


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, no more than any format takes; UsageError if unreadable."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot read {str(path)!r}: {reason}") from error
