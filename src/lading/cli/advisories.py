"""`lading advisories`: what is known, how old it is, and how to make it newer."""

import argparse
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from lading.advisories.applying import Applied, apply_bundle
from lading.advisories.bundle import is_bundle
from lading.advisories.changes import Changes
from lading.advisories.failures import Failure
from lading.advisories.format import utc
from lading.advisories.importing import Report, import_paths
from lading.advisories.own import add_own
from lading.cli import advisory_export, advisory_show, advisory_update
from lading.cli.advisory_database import (
    add_database_argument,
    add_trust_argument,
    changes_value,
    list_reasons,
    open_for_reading,
    open_for_writing,
    print_json,
    say,
    stamp,
    touched,
)
from lading.cli.advisory_update import bundle_line, bundle_value
from lading.cli.common import add_common_arguments
from lading.errors import UsageError
from lading.model.advisory import Feed
from lading.report.text import plain

_UNREADABLE = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    add_database_argument(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    status = actions.add_parser("status", help="the feeds, with counts and age", allow_abbrev=False)
    status.add_argument("--format", choices=("table", "json"), default="table")
    read = actions.add_parser(
        "import", help="read feeds and bundles from files and folders", allow_abbrev=False
    )
    read.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    read.add_argument(
        "--as-of",
        metavar="TIME",
        help="when the files were fetched (RFC 3339), for feeds without a date of their own",
    )
    add_trust_argument(read)
    read.add_argument("--format", choices=("table", "json"), default="table")
    fresh = actions.add_parser(
        "update", help="download what is new in each feed", allow_abbrev=False
    )
    advisory_update.arguments(fresh)
    out = actions.add_parser(
        "export", help="a bundle for sites without a network", allow_abbrev=False
    )
    advisory_export.arguments(out)
    show = actions.add_parser("show", help="all records of an id", allow_abbrev=False)
    advisory_show.arguments(show)
    own = actions.add_parser("add", help="an advisory of your own", allow_abbrev=False)
    own.add_argument("files", nargs="+", type=Path, metavar="FILE", help="TOML, OSV or CSAF")
    for action in (status, read, fresh, out, show, own):
        add_database_argument(action, again=True)
        add_common_arguments(action, again=True)


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 3 when something could not be read, else 0."""
    match options.action:
        case "status":
            return _status(options)
        case "import":
            return _import(options)
        case "update":
            return advisory_update.run(options)
        case "export":
            return advisory_export.run(options)
        case "add":
            return _add(options)
        case _:
            return advisory_show.run(options)


def _status(options: argparse.Namespace) -> int:
    with open_for_reading(options) as database:
        partial, failures = database.partial_feeds(), database.failures()
        rows = [
            _row(feed, feed.name in partial, failures.get(feed.name), options)
            for feed in database.feeds()
        ]
        built = database.built
    never = sorted(failures.keys() - {row.name for row in rows})
    rows += [_never(name, failures[name]) for name in never]
    if options.format == "json":
        value = {"built": built, "partial": bool(partial), "feeds": [asdict(row) for row in rows]}
        print_json(value)
        return 0
    width = max((len(row.name) for row in rows), default=4)
    print(f"{'FEED':<{width}}  {'RECORDS':>9}  {'AS OF':<20}  AGE")
    for row in rows:
        marks = ", ".join(mark for mark, is_so in row.marks if is_so)
        line = f"{row.name:<{width}}  {row.records:>9,}  {(row.as_of or 'unknown')[:19]:<20}  "
        print(plain(f"{line}{_age(row.age_hours):<12}{marks}".rstrip()))
        if row.error is not None:
            print(plain(f"  not updated at {row.error.at}: {row.error.reason}"))
    total = sum(row.records for row in rows)
    print(
        f"{len(rows)} feeds, {total:,} records; last written {plain(built or 'at no known time')}."
    )
    if not rows:
        print("No feed at all: a scan with this database finds nothing.")
    if partial:
        print(
            f"{len(partial)} feeds are partial, as the snapshot that comes with Lading is: "
            "findings are missing.\nRefresh them with `lading advisories update`, or from files "
            "with `lading advisories import PATH`."
        )
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    records: int
    as_of: str | None
    age_hours: float | None
    stale: bool
    partial: bool
    error: Failure | None = None  # why the last update of it failed

    @property
    def marks(self) -> tuple[tuple[str, bool], ...]:
        failed = self.error is not None
        return (("stale", self.stale), ("partial", self.partial), ("failed", failed))


def _row(feed: Feed, is_partial: bool, error: Failure | None, options: argparse.Namespace) -> _Row:
    hours = 0.0 if feed.is_own else None
    if feed.as_of is not None and not feed.is_own:
        age = options.now() - datetime.fromisoformat(feed.as_of)
        hours = round(age.total_seconds() / 3600, 1)
    return _Row(
        name=feed.name,
        records=feed.records,
        as_of=feed.as_of,
        age_hours=hours,
        stale=hours is None or hours > options.settings.stale_after_hours,
        partial=is_partial,
        error=error,
    )


def _never(name: str, error: Failure) -> _Row:
    """Return the row of a feed that could not be fetched even once."""
    return _Row(
        name=name, records=0, as_of=None, age_hours=None, stale=True, partial=True, error=error
    )


def _age(hours: float | None) -> str:
    if hours is None:
        return "unknown"
    return f"{hours / 24:,.0f} days" if abs(hours) >= 48 else f"{hours:,.0f} hours"


def _import(options: argparse.Namespace) -> int:
    as_of = None if options.as_of is None else utc(options.as_of)
    if options.as_of is not None and as_of is None:
        raise UsageError(f"--as-of: {options.as_of!r} is no time such as 2026-01-31T12:00:00Z")
    bundles = [path for path in options.paths if path.is_file() and is_bundle(path)]
    others = [path for path in options.paths if path not in bundles]
    if options.trust and others:
        raise UsageError(f"--trust: {others[0]} is no bundle, and feeds are not signed")
    report = Report()
    with open_for_writing(options) as writer:
        applied = [apply_bundle(path, writer, options.trust) for path in bundles]
        progress = (lambda text: say(options, f"reading {text}")) if options.verbose else _silent
        if others:
            report = import_paths(others, writer, progress, as_of=as_of)
        if report.feeds:
            with writer.transaction():
                writer.describe(built=stamp(options.now()))
    changes = report.changes
    for one in applied:
        changes |= one.changes
    if options.format == "json":
        _print_import(report, applied, changes)
    else:
        for one in applied:
            print(bundle_line(one))
        _tell(report, changes, options, has_feeds=bool(others))
    return 0 if report.feeds or applied else _UNREADABLE


def _silent(text: str) -> None:
    """Take progress that nobody wants to see."""


def _tell(
    report: Report, changes: Changes, options: argparse.Namespace, *, has_feeds: bool
) -> None:
    for feed, records in sorted(report.feeds.items()):
        older = report.older.get(feed, 0)
        note = f", of which {older:,} are older than what is there" if older else ""
        print(plain(f"{feed}: {records:,} records{note}"))
    list_reasons(options, "left out", report.left_out)
    list_reasons(options, "rejected", report.rejected)
    if has_feeds:
        print(f"{report.records:,} records read, {len(report.rejected):,} rejected.")
    if changes:
        print(touched(changes))


def _print_import(report: Report, applied: list[Applied], changes: Changes) -> None:
    print_json(
        {
            "bundles": [bundle_value(one) for one in applied],
            "feeds": [
                {"name": feed, "records": records, "older": report.older.get(feed, 0)}
                for feed, records in sorted(report.feeds.items())
            ],
            "left_out": [{"path": where, "reason": why} for where, why in report.left_out],
            "rejected": [{"record": where, "reason": why} for where, why in report.rejected],
            "touched": changes_value(changes),
        }
    )


def _add(options: argparse.Namespace) -> int:
    now = stamp(options.now())
    with open_for_writing(options) as writer:
        added = add_own(options.files, writer, now)
        writer.describe(built=now)
    for one in added:
        names = ", ".join(f"{item.name} ({item.ecosystem})" for item in one.affected)
        print(plain(f"{one.id}: {names}"))
    return 0
