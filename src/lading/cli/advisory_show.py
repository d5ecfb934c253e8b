"""`lading advisories show ID`: every record that names an id, for programs or for people."""

import argparse

import msgspec

from lading.advisories.database import Database
from lading.cli.advisory_database import open_for_reading
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected, Epss, EventKind, Kev, Range
from lading.report.text import plain

_SHOWN = 12  # versions that are listed one by one, before the rest is counted
_WORDS = {
    EventKind.INTRODUCED: "from {}",
    EventKind.FIXED: "fixed in {}",
    EventKind.LAST_AFFECTED: "up to {}",
    EventKind.LIMIT: "below {}",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("id", metavar="ID", help="of an advisory or a vulnerability")
    parser.add_argument(
        "--format", choices=("json", "table"), default="json", help="table: for people"
    )


def run(options: argparse.Namespace) -> int:
    """Print the records; AdvisoryError when there is none."""
    with open_for_reading(options) as database:
        found = [(one, database.affected(one)) for one in database.naming([options.id])]
        if not found:
            raise AdvisoryError(f"no record names {options.id}")
        if options.format == "table":
            print(plain_lines(found, *_exploitation(database, found)))
            return 0
    value = [
        msgspec.to_builtins(one) | {"affected": msgspec.to_builtins(affected)}
        for one, affected in found
    ]
    print(msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode())
    return 0


_Found = list[tuple[Advisory, tuple[Affected, ...]]]


def _exploitation(database: Database, found: _Found) -> tuple[dict[str, Kev], dict[str, Epss]]:
    names = {name for one, _ in found for name in (one.id, *one.aliases, *one.upstream)}
    return database.kev(names), database.epss(names)


def plain_lines(found: _Found, kev: dict[str, Kev], epss: dict[str, Epss]) -> str:
    """Return the records in words, one paragraph each."""
    paragraphs = ["\n".join(map(plain, _lines(*one))) for one in found]
    for id, row in sorted(kev.items()):
        used = ", by ransomware too" if row.ransomware else ""
        paragraphs.append(f"{id}: known to be exploited since {row.added}{used}")
    for id, estimate in sorted(epss.items()):
        paragraphs.append(
            f"{id}: {estimate.score:.1%} likely to be exploited within 30 days "
            f"(as of {estimate.as_of})"
        )
    return "\n\n".join(paragraphs)


def _lines(advisory: Advisory, affected: tuple[Affected, ...]) -> list[str]:
    marks = "  MALICIOUS PACKAGE" if advisory.malicious else ""
    marks += f"  withdrawn {advisory.withdrawn}" if advisory.withdrawn else ""
    lines = [f"{advisory.id}  ({advisory.feed}){marks}"]
    facts = {
        "title": advisory.title,
        "severity": advisory.rating,
        "aliases": ", ".join(advisory.aliases),
        "upstream": ", ".join(advisory.upstream),
        "modified": advisory.modified,
        "weaknesses": ", ".join(advisory.cwes),
    }
    lines += [f"  {name}: {value}" for name, value in facts.items() if value]
    lines += [
        f"  {one.vector or one.score} (by {one.source})"
        for one in advisory.vectors
        if one.vector or one.score is not None
    ]
    lines += [line for one in affected for line in _affected(one)]
    return lines


def _affected(affected: Affected) -> list[str]:
    notes = [
        affected.state,
        affected.rating,
        f"module {affected.module}" if affected.module else None,
        f"for {affected.tier}" if affected.tier else None,
        f"on {', '.join(affected.arches)}" if affected.arches else None,
        affected.statement,
    ]
    said = "; ".join(note for note in notes if note)
    lines = [f"  {affected.name} ({affected.ecosystem})" + (f": {said}" if said else "")]
    lines += [f"    {_range(one)}" for one in affected.ranges]
    if affected.versions:
        more = len(affected.versions) - _SHOWN
        rest = f" and {more:,} more" if more > 0 else ""
        lines.append(f"    versions {', '.join(affected.versions[:_SHOWN])}{rest}")
    return lines


def _range(range: Range) -> str:
    events = ", ".join(_WORDS[event.kind].format(event.version) for event in range.events)
    return f"{range.type.lower()}: {events or 'nothing is said'}"
