"""`lading advisories`: what is known, how old it is, and how to make it newer."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from lading.advisories import FILE, open_database
from lading.advisories.bundled import copy_bundled
from lading.advisories.database import Database
from lading.advisories.importing import Report, import_paths
from lading.advisories.sources import SOURCES
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.cli.common import add_common_arguments, kept
from lading.errors import UsageError
from lading.model.advisory import Advisory, Feed
from lading.net import http_fetch
from lading.report.text import plain

_LARGEST = 1 << 30  # bytes of one feed
_UNREADABLE = 3
_SHOWN = 20  # rejected records, before the rest is counted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `status`, `import`, `update` and `show`."""
    _add_database(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    status = actions.add_parser("status", help="the feeds, with counts and age", allow_abbrev=False)
    status.add_argument("--format", choices=("table", "json"), default="table")
    read = actions.add_parser(
        "import", help="read feeds from files and folders", allow_abbrev=False
    )
    read.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    fresh = actions.add_parser(
        "update", help="download what is new in each feed", allow_abbrev=False
    )
    fresh.add_argument(
        "--only", nargs="+", metavar="FEED", help="these feeds alone, as `status` names them"
    )
    show = actions.add_parser("show", help="one record, as JSON", allow_abbrev=False)
    show.add_argument("id", metavar="ID", help="of an advisory or a vulnerability")
    for action in (status, read, fresh, show):
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
        case _:
            return _show(options)


def _open(options: argparse.Namespace) -> Database:
    settings = options.settings
    return open_database(
        options.advisories, data_dir=settings.data_dir, cache_dir=settings.cache_dir
    )


def _writer(options: argparse.Namespace) -> Writer:
    """Open the user's database; a new one starts from the bundled snapshot, to lose nothing."""
    path = options.advisories or options.settings.data_dir / FILE
    if not path.exists():
        copy_bundled(path)
    return Writer(path)


def _say(options: argparse.Namespace, text: str) -> None:
    if not options.quiet:
        print(plain(text), file=sys.stderr)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _status(options: argparse.Namespace) -> int:
    with _open(options) as database:
        rows = [_row(feed, options) for feed in database.feeds()]
        built, partial = database.built, database.partial
    if options.format == "json":
        value = {"built": built, "partial": partial, "feeds": rows}
        print(json.dumps(value, indent=2, sort_keys=True))
        return 0
    width = max((len(str(row["name"])) for row in rows), default=4)
    print(f"{'FEED':<{width}}  {'RECORDS':>9}  {'AS OF':<20}  AGE")
    for row in rows:
        age = "unknown" if row["age_hours"] is None else _age(float(str(row["age_hours"])))
        mark = "  stale" if row["stale"] else ""
        as_of = str(row["as_of"] or "unknown")[:20]
        print(plain(f"{row['name']!s:<{width}}  {row['records']:>9,}  {as_of:<20}  {age}{mark}"))
    total = sum(int(str(row["records"])) for row in rows)
    print(f"{len(rows)} feeds, {total:,} records; last written {built or 'at an unknown time'}.")
    if partial:
        print(
            "This holds the snapshot that comes with Lading, a part of each feed: findings are "
            "missing.\nRefresh it with `lading advisories update`, or from files with "
            "`lading advisories import PATH`."
        )
    return 0


def _row(feed: Feed, options: argparse.Namespace) -> dict[str, object]:
    hours = None
    if feed.as_of is not None:
        hours = round((options.now() - _moment(feed.as_of)).total_seconds() / 3600, 1)
    stale = hours is None or hours > options.settings.stale_after_hours
    return {
        "name": feed.name,
        "records": feed.records,
        "as_of": feed.as_of,
        "age_hours": hours,
        "stale": stale,
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _age(hours: float) -> str:
    return f"{hours / 24:,.0f} days" if hours >= 48 else f"{hours:,.0f} hours"


def _import(options: argparse.Namespace) -> int:
    writer = _writer(options)
    try:
        progress = (lambda text: _say(options, f"reading {text}")) if options.verbose else _silent
        report = import_paths(options.paths, writer, progress)
        writer.describe(built=_stamp(options.now()), partial=writer.partial)
    finally:
        writer.close()
    _tell(report, options)
    return 0 if report.feeds else _UNREADABLE


def _silent(text: str) -> None:
    """Take progress that nobody wants to see."""


def _tell(report: Report, options: argparse.Namespace) -> None:
    for feed, records in sorted(report.feeds.items()):
        print(plain(f"{feed}: {records:,} records"))
    for path, reason in report.left_out:
        _say(options, f"left out: {path}: {reason}")
    for where, reason in report.rejected[:_SHOWN]:
        _say(options, f"rejected: {where}: {reason}")
    if len(report.rejected) > _SHOWN and not options.verbose:
        _say(options, f"… and {len(report.rejected) - _SHOWN:,} more rejected")
    print(f"{report.records:,} records read, {len(report.rejected):,} rejected.")


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
    writer = _writer(options)
    try:
        outcomes = refresh(chosen, writer, fetch, lambda feed: _say(options, f"fetching {feed}"))
        whole = not options.only and not any(outcome.error for outcome in outcomes)
        writer.describe(built=_stamp(options.now()), partial=writer.partial and not whole)
    finally:
        writer.close()
    for outcome in outcomes:
        print(plain(_line(outcome)))
    return _UNREADABLE if all(outcome.error for outcome in outcomes) else 0


def _line(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.feed}: failed, keeps its last state: {outcome.error}"
    if outcome.records is None:
        return f"{outcome.feed}: unchanged"
    return f"{outcome.feed}: {outcome.records:,} records"


def _show(options: argparse.Namespace) -> int:
    with _open(options) as database:
        found = database.naming([options.id])
        affected = {one.id: database.affected(one.id) for one in found}
    if not found:
        print(f"lading: no record names {plain(options.id)}", file=sys.stderr)
        return _UNREADABLE
    value = [_whole(one, affected[one.id]) for one in found]
    print(msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode())
    return 0


def _whole(advisory: Advisory, affected: tuple[object, ...]) -> dict[str, object]:
    value: dict[str, object] = msgspec.to_builtins(advisory)
    return value | {"affected": msgspec.to_builtins(affected)}
