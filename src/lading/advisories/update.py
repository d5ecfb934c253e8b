"""Feeds from the network into the database: what changed only, and whole feeds or nothing.

A feed that lists its records is asked for the list, and then for those that changed; where that is
no way (no list, no known state, too many), its whole is fetched. Each feed is one transaction.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

from lading.advisories.archive import is_archive
from lading.advisories.changes import NOTHING, Changes
from lading.advisories.delta import NoDelta, apply_delta
from lading.advisories.failures import Failure
from lading.advisories.format import Extent
from lading.advisories.importing import (
    Report,
    import_archive,
    import_tape,
    put_feed,
)
from lading.advisories.recognising import document
from lading.advisories.sources import Source
from lading.advisories.tape import is_tape
from lading.advisories.writer import Writer
from lading.errors import InvalidRecord, LadingError
from lading.net import Fetch, Response

_FEW = 100  # records: a feed that had no more may lose any part of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one feed."""

    feed: str
    records: int | None  # read from it; None: unchanged since last time
    rejected: tuple[tuple[str, str], ...] = ()  # (record, why); the others were put
    error: str | None = None  # why it keeps its last good state
    is_delta: bool = False  # only what changed was fetched
    changes: Changes = NOTHING  # what is not as it was before


def refresh(
    sources: Iterable[Source],
    writer: Writer,
    fetch: Fetch,
    now: str,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Fetch each source and put what is new into the database, as of `now` (RFC 3339 UTC).

    A source that fails changes nothing of its feed, nor of the others; why is kept in the database
    until it succeeds.
    """
    outcomes = []
    for source in sources:
        progress(source.name)
        try:
            outcomes.append(_one(source, writer, fetch, now))
        except LadingError as error:
            outcomes.append(Outcome(feed=source.name, records=None, error=str(error)))
            with writer.transaction():
                writer.fail(source.name, Failure(at=now, reason=str(error)))
    return tuple(outcomes)


def _one(source: Source, writer: Writer, fetch: Fetch, now: str) -> Outcome:
    writer.take_changes()
    is_delta = True
    try:
        report = apply_delta(source, writer, fetch, now, check=_believe)
    except NoDelta:
        is_delta = False
        report = _whole(source, writer, fetch, now)
    if report is None:
        return Outcome(feed=source.name, records=None, is_delta=is_delta)
    rejected = tuple((where.rpartition("!")[2], reason) for where, reason in report.rejected)
    return Outcome(
        feed=source.name,
        records=report.records,
        rejected=rejected,
        is_delta=is_delta,
        changes=writer.take_changes(),
    )


def _whole(source: Source, writer: Writer, fetch: Fetch, now: str) -> Report | None:
    """Put the feed as its server has it; return None where that is what is there."""
    url = _address(source, fetch)
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        file = Path(scratch) / (url.rpartition("/")[2] or "feed")
        with file.open("wb") as into:
            answer = fetch(url, into, validator=writer.validator(source.name))
        with writer.transaction():
            report = _put(source, writer, file, answer) if answer.is_new else None
            writer.confirm(source.name, checked=now, validator=answer.validator)
    return report


def _address(source: Source, fetch: Fetch) -> str:
    """Return where the feed is, by what its URL leads to."""
    url = source.url
    for lead in source.leads:
        into = BytesIO()
        fetch(url, into)
        url = urljoin(url, lead(into.getvalue()))
    return url


def _put(source: Source, writer: Writer, file: Path, answer: Response) -> Report:
    """Put the feed in place of what was there; an error takes back all of it."""
    report = Report()
    before = writer.records(source.name)
    if is_archive(file) and source.format.extent is Extent.RECORD:
        import_archive(file, source.name, writer, report, is_all=True)
    elif is_tape(file):
        import_tape(file, source.name, source.format, writer, report)
    else:
        parsed = source.format.parse(document(file), source.name, answer.modified)
        put_feed(parsed, writer, report)
        report.rejected += parsed.rejected
    if report.records == 0 and report.rejected:
        raise InvalidRecord(report.rejected[0][1])
    _believe(before, report.records)
    writer.drop_parts(source.name)
    return report


def _believe(before: int, after: int) -> None:
    """Raise InvalidRecord where a feed has so few records (counts) that it must be an accident."""
    if before > _FEW and after < before / 2:
        raise InvalidRecord(
            f"it has {after} records now and had {before}, which looks like a loss; where it is "
            "none, delete the database and update again"
        )
