"""What the actions of `lading advisories` share: the database, the clock, and lists of reasons."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from lading.advisories import FILE, open_database
from lading.advisories.changes import Changes
from lading.advisories.database import Database
from lading.advisories.opening import writing
from lading.advisories.writer import Writer
from lading.cli.common import kept
from lading.errors import UsageError
from lading.report.text import plain

_SHOWN = 20  # lines of what was not read, before the rest is counted


def add_database_argument(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Add `--advisories`; `again` for an action of a command that has it already."""
    parser.add_argument(
        "--advisories",
        type=Path,
        metavar="FILE",
        help="database to use (default: the user's own)",
        **kept(again=again),
    )


def add_trust_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--trust`."""
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="PUB.pem",
        help="take only bundles that this Ed25519 key signed; may be repeated",
    )


def open_for_reading(options: argparse.Namespace) -> Database:
    """Open the database asked for, the user's own, or the snapshot."""
    settings = options.settings
    return open_database(
        options.advisories, data_dir=settings.data_dir, cache_dir=settings.cache_dir
    )


@contextlib.contextmanager
def open_for_writing(options: argparse.Namespace) -> Iterator[Writer]:
    """Open the database asked for, or the user's own."""
    with writing(options.advisories or options.settings.data_dir / FILE) as writer:
        yield writer


def check_online(options: argparse.Namespace) -> None:
    """Raise UsageError where the network may not be used."""
    if options.settings.offline:
        raise UsageError("--offline forbids downloads; read feeds with `advisories import PATH`")


def say(options: argparse.Namespace, text: str) -> None:
    """Write a message for people."""
    if not options.quiet:
        print(plain(text), file=sys.stderr)


def stamp(moment: datetime) -> str:
    """Return the time as RFC 3339 UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def list_reasons(options: argparse.Namespace, what: str, items: Sequence[tuple[str, str]]) -> None:
    """Say what was not read, and why: the first of a long list, all with --verbose."""
    shown = len(items) if options.verbose else _SHOWN
    for where, reason in items[:shown]:
        say(options, f"{what}: {where}: {reason}")
    if len(items) > shown:
        say(options, f"{what}: {len(items) - shown:,} more; --verbose lists them")


def changes_value(changes: Changes) -> dict[str, object]:
    """Return the changes for JSON, sorted."""
    return {
        "coordinates": [
            {"ecosystem": one.ecosystem, "name": one.name} for one in sorted(changes.coordinates)
        ],
        "vulnerabilities": sorted(changes.names),
    }


def touched(changes: Changes) -> str:
    """Return how much changed, in words."""
    words = f"{len(changes.coordinates):,} packages have other records"
    if changes.names:
        words += f", {len(changes.names):,} vulnerabilities are exploited or rated otherwise"
    return words + "."


def print_json(value: object) -> None:
    """Print a value for programs."""
    print(json.dumps(value, indent=2, sort_keys=True))
