"""A bundle into the database: one transaction, that ends in the state which the bundle names.

A whole bundle takes the place of the feeds that it has; feeds of the user's own stay. A delta is
applied to the very state that it starts from, or refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from lading.advisories.bundle import BundleFile, Header, Line
from lading.advisories.changes import Changes
from lading.advisories.content import state_of, states
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError

_UNKNOWN = "1970-01-01T00:00:00Z"  # when the database was built, where the bundle does not say
APPLIED = "bundle"  # key in `meta`: the state that the last bundle led to


class WrongBase(AdvisoryError):
    """A delta that starts from another state than the database has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What applying a bundle did."""

    kind: str  # "full" or "delta"
    to: str  # the state that it leads to
    records: int  # put
    gone: int  # deleted
    is_exact: bool  # the database has that state; False: it keeps records that are newer
    changes: Changes


def apply_bundle(path: Path, writer: Writer, trusted: Iterable[Path] = ()) -> Applied:
    """Put what the bundle holds; with `trusted` keys only if one of them signed it.

    AdvisoryError for a bundle that is damaged, cut or not signed as asked, WrongBase for a delta
    from another state; then nothing changes.
    """
    writer.take_changes()
    with BundleFile(path, trusted) as file, writer.transaction():
        header = file.header
        if header.kind == "delta":
            _check_base(path, header, writer)
        records, gone = _put(file, writer)
        _describe(header, writer)
        here = states(writer.connection)
        is_exact = all(
            here.get(name, state_of(())) == part.state for name, part in header.parts.items()
        )
        if header.kind == "delta" and not is_exact:
            raise AdvisoryError(f"{path} does not lead to the state that it names; get it again")
        writer.remember(APPLIED, header.to if is_exact else None)
    return Applied(
        kind=header.kind,
        to=header.to,
        records=records,
        gone=gone,
        is_exact=is_exact,
        changes=writer.take_changes(),
    )


def _check_base(path: Path, header: Header, writer: Writer) -> None:
    here = states(writer.connection)
    other = sorted(name for name, part in header.parts.items() if here.get(name) != part.base)
    if other:
        raise WrongBase(
            f"{path} is a delta from another state than this database has (state {header.from_}, "
            f"{len(other)} feeds differ, {other[0].removeprefix('=')!r} for one); "
            "import a whole bundle first"
        )


def _put(file: BundleFile, writer: Writer) -> tuple[int, int]:
    """Put all lines; return how many records were put and how many deleted."""
    is_full = file.header.kind == "full"
    feeds = [name for name in file.header.parts if not name.startswith("=")]
    left = {feed: set(writer.times(feed)) for feed in feeds} if is_full else {}
    put = gone = 0
    for feed, lines in groupby(file.lines(), key=_feed_of):
        if feed is None:
            gone += sum(_other(line, writer) for line in lines)
            continue
        if feed not in file.header.parts:
            raise AdvisoryError(f"the bundle has records of {feed!r}, which its header leaves out")
        records = [line.record for line in lines if line.record is not None]
        put += len(records)
        writer.put(feed, records)
        left.get(feed, set()).difference_update(one.id for one in records)
    for feed, ids in left.items():
        if ids:
            gone += len(ids)
            writer.delete(feed, ids)
    return put, gone


def _feed_of(line: Line) -> str | None:
    return line.record.feed if line.record is not None else None


def _other(line: Line, writer: Writer) -> int:
    """Put a line that is no record; return how many records it deleted."""
    if line.facts is not None:
        writer.replace_facts(*line.facts)
    if line.gone is None:
        return 0
    feed, id = line.gone
    writer.delete(feed, [id])
    return 1


def _describe(header: Header, writer: Writer) -> None:
    for row in header.feeds:
        writer.describe_feed(
            row.name,
            records=row.records,
            as_of=row.as_of,
            checked=row.checked,
            partial=row.partial,
        )
    newest = max((row.as_of or "" for row in header.feeds), default="")
    writer.describe(built=header.built or newest or _UNKNOWN)
