"""Feeds from the network into the database: what changed only, and whole feeds or nothing."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lading.advisories.format import Extent
from lading.advisories.importing import Report, document, import_archive, put_feed
from lading.advisories.sources import Source
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


def refresh(
    sources: Iterable[Source],
    writer: Writer,
    fetch: Fetch,
    now: str,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Fetch each source and put what is new into the database, as of `now` (RFC 3339 UTC).

    A source that fails changes nothing of its feed, nor of the others.
    """
    outcomes = []
    for source in sources:
        progress(source.name)
        try:
            outcomes.append(_one(source, writer, fetch, now))
        except LadingError as error:
            outcomes.append(Outcome(feed=source.name, records=None, error=str(error)))
    return tuple(outcomes)


def _one(source: Source, writer: Writer, fetch: Fetch, now: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        file = Path(scratch) / source.url.rpartition("/")[2]
        with file.open("wb") as into:
            answer = fetch(source.url, into, validator=writer.validator(source.name))
        with writer.transaction():
            report = _put(source, writer, file, answer) if answer.is_new else None
            writer.confirm(source.name, checked=now, validator=answer.validator)
    if report is None:
        return Outcome(feed=source.name, records=None)
    rejected = tuple((where.rpartition("!")[2], reason) for where, reason in report.rejected)
    return Outcome(feed=source.name, records=report.records, rejected=rejected)


def _put(source: Source, writer: Writer, file: Path, answer: Response) -> Report:
    """Put the feed in place of what was there; an error takes back all of it."""
    report = Report()
    before = writer.records(source.name)
    if source.format.extent is Extent.RECORD:
        import_archive(file, source.name, writer, report, is_all=True)
    else:
        parsed = source.format.parse(document(file), source.name, answer.modified)
        put_feed(parsed, writer, report)
        report.rejected += parsed.rejected
    after = report.records
    if after == 0 and report.rejected:
        raise InvalidRecord(report.rejected[0][1])
    if before > _FEW and after < before / 2:
        raise InvalidRecord(
            f"it has {after} records now and had {before}, which looks like a loss; where it is "
            "none, delete the database and update again"
        )
    writer.drop_parts(source.name)
    return report
