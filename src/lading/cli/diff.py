"""`lading diff OLD NEW`: what appeared, went away or changed between two targets or results."""

import argparse
import copy
import sys
from pathlib import Path

import msgspec

from lading.cli.decisions import add_decision_arguments
from lading.cli.options import add_color_argument, plain_view
from lading.cli.output import write
from lading.cli.report import LARGEST, read_result
from lading.cli.scan import results_of
from lading.cli.target import add_target_arguments
from lading.errors import UsageError
from lading.findings.difference import compare
from lading.model.difference import Change, Difference
from lading.model.finding import Severity
from lading.model.result import Result
from lading.report.difference import FORMATS
from lading.report.order import canonical
from lading.report.view import RANK

_BREACH = 1


class _Header(msgspec.Struct, frozen=True):
    schema: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_target_arguments(parser, names=("old", "new"))
    group = parser.add_argument_group("what both are held against")
    group.add_argument("--advisories", type=Path, metavar="FILE", help="advisory database to use")
    group.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        choices=[severity.value for severity in Severity],
        help="exit 1 for new findings this bad or worse; unknown counts only when it is named",
    )
    add_decision_arguments(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=tuple(FORMATS), default=next(iter(FORMATS)))
    output.add_argument("--output", metavar="FILE", help="default: standard output")
    add_color_argument(output)


def run(options: argparse.Namespace) -> int:
    """Print the comparison; exit 1 for new findings that --fail-on names, else 0."""
    if options.all_platforms:
        raise UsageError("a comparison is of two images; choose one of each with --platform")
    if options.old == options.new == "-":
        raise UsageError("standard input cannot be both sides; give a file for one of them")
    difference = compare(_result(options.old, options), _result(options.new, options))
    place = None if options.output in (None, "-") else options.output
    view = plain_view(options, None if place else sys.stdout)
    write(FORMATS[options.format](difference, view), place)
    return _BREACH if _is_breach(difference, options.fail_on) else 0


def _result(text: str, options: argparse.Namespace) -> Result:
    """Return the saved result at `text`, or scan the target that it names."""
    if _is_saved(text):
        return canonical(read_result(text))
    one = copy.copy(options)
    one.target, one.fail_on, one.only_fixed, one.max_age = text, None, False, None
    (result,) = results_of(one)
    return canonical(result)


def _is_saved(text: str) -> bool:
    """Tell whether there is a file that holds a result; other files are targets."""
    path = Path(text)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return False
        with path.open("rb") as file:
            if file.read(1) != b"{":
                return False
        header = msgspec.json.decode(path.read_bytes(), type=_Header)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return False
    return header.schema.startswith("lading.scan")


def _is_breach(difference: Difference, fail_on: str | None) -> bool:
    if fail_on is None:
        return False
    bound = Severity(fail_on)
    new = {one.severity for one in difference.findings if one.change is Change.NEW}
    if bound is Severity.UNKNOWN:
        return Severity.UNKNOWN in new
    return any(RANK[one] <= RANK[bound] for one in new - {Severity.UNKNOWN})
