"""`lading advisories`: what is known, how old it is, and how to make it newer."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from lading.advisories import FILE, open_database
from lading.advisories.bundled import copy_bundled
from lading.advisories.database import Database
from lading.advisories.format import utc
from lading.advisories.importing import Report, import_paths
from lading.advisories.own import add_own
from lading.advisories.sources import SOURCES
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.cli.common import add_common_arguments, kept
from lading.errors import AdvisoryError, UsageError
from lading.model.advisory import Feed
from lading.net import http_fetch
from lading.report.text import plain

_LARGEST = 1 << 30  # bytes of one feed
_UNREADABLE = 3
_SHOWN = 20  # lines of what was not read, before the rest is counted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `status`, `import`, `update`, `add` and `show`."""
    _add_database(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    status = actions.add_parser("status", help="the feeds, with counts and age", allow_abbrev=False)
    status.add_argument("--format", choices=("table", "json"), default="table")
    read = actions.add_parser(
        "import", help="read feeds from files and folders", allow_abbrev=False
    )
    read.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    read.add_argument(
        "--as-of",
        metavar="TIME",
        help="when the files were fetched (RFC 3339), for feeds without a date of their own",
    )
    fresh = actions.add_parser(
        "update", help="download what is new in each feed", allow_abbrev=False
    )
    fresh.add_argument(
        "--only", nargs="+", metavar="FEED", help="these feeds alone, as `status` names them"
    )
    show = actions.add_parser("show", help="one record, as JSON", allow_abbrev=False)
    show.add_argument("id", metavar="ID", help="of an advisory or a vulnerability")
    own = actions.add_parser("add", help="an advisory of your own", allow_abbrev=False)
    own.add_argument("files", nargs="+", type=Path, metavar="FILE", help="TOML, OSV or CSAF")
    for action in (status, read, fresh, own, show):
        _add_database(action, again=True)
        add_common_arguments(action, again=True)


def _add_database(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    parser.add_argument(
        "--advisories",
        type=Path,
        metavar="FILE",
        help="database to use (default: the user's own)",
        **kept(again=again),
    )


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 3 when something could not be read, else 0."""
    match options.action:
        case "status":
            return _status(options)
        case "import":
            return _import(options)
        case "update":
            return _update(options)
        case "add":
            return _add(options)
        case _:
            return _show(options)


def _open(options: argparse.Namespace) -> Database:
    settings = options.settings
    return open_database(
        options.advisories, data_dir=settings.data_dir, cache_dir=settings.cache_dir
    )


@contextlib.contextmanager
def _writing(options: argparse.Namespace) -> Iterator[Writer]:
    """Open the user's database; a new one starts from the bundled snapshot, to lose nothing.

    A new one into which nothing came is deleted: the snapshot itself becomes newer with Lading.
    """
    path = options.advisories or options.settings.data_dir / FILE
    is_new = not path.exists()
    if is_new:
        copy_bundled(path)
    is_kept = not is_new
    try:
        with Writer(path) as writer:
            yield writer
            is_kept = is_kept or writer.is_described
    finally:
        if not is_kept:
            path.unlink(missing_ok=True)


def _say(options: argparse.Namespace, text: str) -> None:
    if not options.quiet:
        print(plain(text), file=sys.stderr)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _status(options: argparse.Namespace) -> int:
    with _open(options) as database:
        partial = database.partial_feeds()
        rows = [_row(feed, feed.name in partial, options) for feed in database.feeds()]
        built = database.built
    if options.format == "json":
        value = {"built": built, "partial": bool(partial), "feeds": [asdict(row) for row in rows]}
        print(json.dumps(value, indent=2, sort_keys=True))
        return 0
    width = max((len(row.name) for row in rows), default=4)
    print(f"{'FEED':<{width}}  {'RECORDS':>9}  {'AS OF':<20}  AGE")
    for row in rows:
        marks = ", ".join(mark for mark, is_so in row.marks if is_so)
        line = f"{row.name:<{width}}  {row.records:>9,}  {(row.as_of or 'unknown')[:19]:<20}  "
        print(plain(f"{line}{_age(row.age_hours):<12}{marks}".rstrip()))
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

    @property
    def marks(self) -> tuple[tuple[str, bool], ...]:
        return (("stale", self.stale), ("partial", self.partial))


def _row(feed: Feed, is_partial: bool, options: argparse.Namespace) -> _Row:
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
    )


def _age(hours: float | None) -> str:
    if hours is None:
        return "unknown"
    return f"{hours / 24:,.0f} days" if abs(hours) >= 48 else f"{hours:,.0f} hours"


def _import(options: argparse.Namespace) -> int:
    as_of = None if options.as_of is None else utc(options.as_of)
    if options.as_of is not None and as_of is None:
        raise UsageError(f"--as-of: {options.as_of!r} is no time such as 2026-01-31T12:00:00Z")
    with _writing(options) as writer:
        progress = (lambda text: _say(options, f"reading {text}")) if options.verbose else _silent
        report = import_paths(options.paths, writer, progress, as_of=as_of)
        if report.feeds:
            writer.describe(built=_stamp(options.now()))
    _tell(report, options)
    return 0 if report.feeds else _UNREADABLE


def _silent(text: str) -> None:
    """Take progress that nobody wants to see."""


def _tell(report: Report, options: argparse.Namespace) -> None:
    for feed, records in sorted(report.feeds.items()):
        older = report.older.get(feed, 0)
        note = f", of which {older:,} are older than what is there" if older else ""
        print(plain(f"{feed}: {records:,} records{note}"))
    _list(options, "left out", report.left_out)
    _list(options, "rejected", report.rejected)
    print(f"{report.records:,} records read, {len(report.rejected):,} rejected.")


def _list(options: argparse.Namespace, what: str, items: Sequence[tuple[str, str]]) -> None:
    """Say what was not read, and why: the first of a long list, all with --verbose."""
    shown = len(items) if options.verbose else _SHOWN
    for where, reason in items[:shown]:
        _say(options, f"{what}: {where}: {reason}")
    if len(items) > shown:
        _say(options, f"{what}: {len(items) - shown:,} more; --verbose lists them")


def _update(options: argparse.Namespace) -> int:
    if options.settings.offline:
        raise UsageError("--offline forbids downloads; read feeds with `advisories import PATH`")
    chosen = [one for one in SOURCES if not options.only or one.name in options.only]
    unknown = set(options.only or ()) - {one.name for one in SOURCES}
    if unknown:
        known = ", ".join(one.name for one in SOURCES)
        raise UsageError(f"--only: no feed {', '.join(sorted(unknown))}; there are {known}")
    settings = options.settings
    fetch = http_fetch(largest=_LARGEST, ca_file=settings.ca_file, proxy=settings.proxy)
    with _writing(options) as writer:
        now = _stamp(options.now())
        outcomes = refresh(
            chosen, writer, fetch, now, lambda feed: _say(options, f"fetching {feed}")
        )
        if not all(outcome.error for outcome in outcomes):
            writer.describe(built=now)
    for outcome in outcomes:
        print(plain(_line(outcome)))
        _list(options, f"{outcome.feed}: rejected", outcome.rejected)
    return _UNREADABLE if any(outcome.error for outcome in outcomes) else 0


def _line(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.feed}: failed, keeps its last state: {outcome.error}"
    if outcome.records is None:
        return f"{outcome.feed}: unchanged"
    return f"{outcome.feed}: {outcome.records:,} records, {len(outcome.rejected):,} rejected"


def _add(options: argparse.Namespace) -> int:
    now = _stamp(options.now())
    with _writing(options) as writer:
        added = add_own(options.files, writer, now)
        writer.describe(built=now)
    for one in added:
        names = ", ".join(f"{item.name} ({item.ecosystem})" for item in one.affected)
        print(plain(f"{one.id}: {names}"))
    return 0


def _show(options: argparse.Namespace) -> int:
    with _open(options) as database:
        found = [(one, database.affected(one)) for one in database.naming([options.id])]
    if not found:
        raise AdvisoryError(f"no record names {options.id}")
    value = [
        msgspec.to_builtins(one) | {"affected": msgspec.to_builtins(affected)}
        for one, affected in found
    ]
    print(msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode())
    return 0
