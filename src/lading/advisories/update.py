"""Feeds from the network into the database: what changed only, and whole feeds or nothing."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lading.advisories.importing import Report, import_feed
from lading.advisories.sources import Source
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, LadingError
from lading.net import Fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one feed."""

    feed: str
    records: int | None  # read from it; None: unchanged since last time
    error: str | None = None  # why it keeps its last good state


def refresh(
    sources: Iterable[Source],
    writer: Writer,
    fetch: Fetch,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Fetch each source and put what is new into the database.

    A source that fails, in whole or in part, changes nothing of its feed.
    """
    return tuple(_one(source, writer, fetch, progress) for source in sources)


def _one(source: Source, writer: Writer, fetch: Fetch, progress: Callable[[str], None]) -> Outcome:
    progress(source.name)
    try:
        answer = fetch(source.url, etag=writer.etag(source.name))
        if answer.body is None:
            return Outcome(feed=source.name, records=None)
        report = Report()
        with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
            file = Path(scratch) / source.url.rpartition("/")[2]
            file.write_bytes(answer.body)
            with writer.transaction():
                import_feed(file, source.name, writer, report)
                if not report.feeds:
                    reason = report.rejected[0][1] if report.rejected else "no feed that is read"
                    raise AdvisoryError(reason)  # takes back what was written before it broke
                writer.drop_parts(source.name)
                writer.remember_etag(source.name, answer.etag)
        return Outcome(feed=source.name, records=report.records)
    except LadingError as error:
        return Outcome(feed=source.name, records=None, error=str(error))
