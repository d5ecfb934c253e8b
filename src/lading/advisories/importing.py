"""Feeds from disk into the database: finds them by their content, and names what it leaves out.

Understood are the formats of `lading.advisories.sources`, as they are or compressed (.gz, .bz2,
.xz), the archives of the osv.dev bucket (`<Ecosystem>/all.zip`) and tar archives of documents. A
path can be a folder that holds all of these. One import is one transaction; a document or an
archive that is damaged changes nothing.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from lading.advisories.archive import MOST_AT_ONCE, Archive
from lading.advisories.changes import NOTHING, Changes
from lading.advisories.format import Extent, Format, Parsed, is_older, utc
from lading.advisories.recognising import recognised, recognised_json
from lading.advisories.sources.osv import OSV, read
from lading.advisories.tape import documents, is_tape
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, InvalidRecord
from lading.model.advisory import Advisory

# Of the osv.dev bucket and of CSAF providers: what their archives and folders hold.
_LISTS = ("modified_id.csv", "ecosystems.txt", "changes.csv", "deletions.csv", "archive_latest.txt")
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


@dataclass(slots=True)
class Report:
    """What an import did."""

    feeds: dict[str, int] = field(default_factory=dict)  # feed → records read
    older: dict[str, int] = field(default_factory=dict)  # feed → of these, how many changed nothing
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (where, reason)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    changes: Changes = NOTHING  # what is not as it was before

    @property
    def records(self) -> int:
        return sum(self.feeds.values())

    def count(self, feed: str, read: int, kept: int) -> None:
        """Add what was read of a feed, and how much of it was kept."""
        self.feeds[feed] = self.feeds.get(feed, 0) + read
        if read > kept:
            self.older[feed] = self.older.get(feed, 0) + read - kept

    def add(self, part: Self) -> None:
        """Add what a part of the import did."""
        for feed, found in part.feeds.items():
            self.count(feed, found, found - part.older.get(feed, 0))
        self.rejected += part.rejected
        self.left_out += part.left_out


def import_paths(
    paths: Iterable[Path],
    writer: Writer,
    progress: Callable[[str], None] = lambda _: None,
    *,
    as_of: str | None = None,
) -> Report:
    """Read every feed at the paths; `as_of` (RFC 3339 UTC) dates documents that have no date.

    Raise AdvisoryError for a path that is not there or a database that cannot be written; what
    cannot be understood is in the report.
    """
    report = Report()
    writer.take_changes()
    with writer.transaction():
        for path in paths:
            if not path.exists():
                raise AdvisoryError(f"{path}: no such file or directory")
            if not (path.is_file() or path.is_dir()):  # a pipe might never end, or never begin
                raise AdvisoryError(f"{path}: neither a regular file nor a directory")
            for file in _files(path, report):
                progress(str(file))
                _import_file(file, writer, report, as_of)
    report.changes = writer.take_changes()
    return report


def _files(path: Path, report: Report) -> Iterator[Path]:
    """Yield the files below, sorted, but for folders that hold another set of feeds."""
    if not path.is_dir():
        yield path
        return

    def failed(error: OSError) -> None:
        report.left_out.append((str(error.filename), f"cannot be listed: {error.strerror}"))

    for folder, folders, names in os.walk(path, onerror=failed):
        folders.sort()
        here = Path(folder)
        for name in [*folders] if "osv" in folders else ():
            if _is_another_set(here / name):
                folders.remove(name)
                reason = "it holds another set of feeds; import it by itself"
                report.left_out.append((str(here / name), reason))
        yield from (here / name for name in sorted(names) if (here / name).is_file())


def _is_another_set(folder: Path) -> bool:
    """Tell of a folder beside `osv` whether it has an `osv` too (an older state), or samples."""
    return (folder / "osv").is_dir() or folder.name == "samples"


def _import_file(file: Path, writer: Writer, report: Report, as_of: str | None) -> None:
    name = file.name.lower()
    if name in _LISTS:
        return
    try:
        with writer.transaction():
            if name.endswith(".zip"):
                import_archive(file, None, writer, report)
            elif is_tape(file):
                _import_tape(file, writer, report)
            else:
                _import_unknown(file, writer, report, as_of or _date_in(name))
    except InvalidRecord as error:
        report.rejected.append((str(file), str(error)))


def import_archive(
    file: Path, feed: str | None, writer: Writer, report: Report, *, is_all: bool = False
) -> None:
    """Read a zip of OSV records as the feed, or as the one of the ecosystem that it is about.

    Records that it does not hold stay in the database, unless it `is_all` there is; then a single
    damaged member spoils it. InvalidRecord when the archive is damaged.
    """
    with Archive(file) as archive:
        feed = feed or f"osv/{_ecosystem(archive, file.absolute().parent.name)}"
        rejected: list[tuple[str, str]] = []
        put = writer.put_all if is_all else writer.put
        kept = put(feed, _records(archive, feed, rejected))
        if is_all and archive.damaged:
            raise InvalidRecord(f"{rejected[0][0]}: {rejected[0][1]}")
    if not rejected and archive.names:
        writer.mark_whole(feed)
    report.rejected += [(f"{file}!{name}", reason) for name, reason in rejected]
    report.count(feed, len(archive.names) - len(rejected), kept)


def import_tape(file: Path, feed: str, format: Format, writer: Writer, report: Report) -> None:
    """Put the documents of a tar archive as all there is of a feed."""
    rejected: list[tuple[str, str]] = []
    found: list[str] = []

    def records() -> Iterator[Advisory]:
        for name, data in documents(file):
            try:
                parsed = format.parse(data, feed, None)
            except InvalidRecord as error:
                rejected.append((f"{file}!{name}", str(error)))
                continue
            rejected.extend((f"{file}!{name}: {where}", why) for where, why in parsed.rejected)
            found.extend(one.id for one in parsed.advisories)
            yield from parsed.advisories

    kept = writer.put_all(feed, records())
    report.rejected += rejected
    report.count(feed, len(found), kept)


def _import_tape(file: Path, writer: Writer, report: Report) -> None:
    """Read a tar archive of documents of any format; nothing of it when it is damaged."""
    inside = Report()
    for name, data in documents(file):
        where = f"{file}!{name}"
        try:
            found = recognised_json(data)
            if isinstance(found, str):
                inside.left_out.append((where, found))
            else:
                parsed = found[0].parse(data, None, None)
                _import_document(Path(where), found[0], parsed, writer, inside)
        except InvalidRecord as error:
            inside.rejected.append((where, str(error)))
    report.add(inside)


def _ecosystem(archive: Archive, folder: str) -> str:
    """Return the folder's name where it is an ecosystem of the records, else the records' own."""
    found: list[str] = []
    for name in archive.names[:MOST_AT_ONCE]:
        try:
            parsed = OSV.parse(archive.read(name), None, None)
        except InvalidRecord:
            continue  # reported when the records are read
        found.append(parsed.feed.removeprefix("osv/"))
        if found[-1] == folder.partition(":")[0]:
            return folder
    return max(sorted(set(found)), key=found.count, default="other")


def _records(archive: Archive, feed: str, rejected: list[tuple[str, str]]) -> Iterator[Advisory]:
    for name in archive.names:
        try:
            yield read(archive.read(name), feed)
        except InvalidRecord as error:
            rejected.append((name, str(error)))


def _date_in(name: str) -> str | None:
    """Return the date that a file is named after, as `epss_scores-2026-01-31.csv.gz` is."""
    found = _DATE.search(name)
    return utc(found[0]) if found else None


def _import_unknown(file: Path, writer: Writer, report: Report, as_of: str | None) -> None:
    found = recognised(file)
    if isinstance(found, str):
        report.left_out.append((str(file), found))
        return
    format, data = found
    _import_document(file, format, format.parse(data, None, as_of), writer, report)


def _import_document(
    file: Path, format: Format, parsed: Parsed, writer: Writer, report: Report
) -> None:
    if format.extent is not Extent.FEED:
        _import_records(parsed, writer, report)
    else:
        put_feed(parsed, writer, report)
        if not parsed.rejected:
            writer.mark_whole(parsed.feed)
    report.rejected += [(f"{file}: {where}", reason) for where, reason in parsed.rejected]


def put_feed(parsed: Parsed, writer: Writer, report: Report) -> None:
    """Put a document that is all of its feed, unless it is dated before what is there."""
    read = len(parsed.kev) + len(parsed.epss) + len(parsed.support) + len(parsed.advisories)
    if parsed.kev:
        kept = writer.put_kev(parsed.feed, parsed.as_of, parsed.kev)
    elif parsed.epss:
        kept = writer.put_epss(parsed.feed, parsed.as_of, parsed.epss)
    elif parsed.support:
        kept = writer.put_support(parsed.feed, parsed.as_of, parsed.support)
    elif parsed.as_of is not None and is_older(parsed.as_of, writer.as_of(parsed.feed)):
        kept = 0
    else:
        put = writer.put if parsed.rejected else writer.put_all
        kept = put(parsed.feed, parsed.advisories)
    report.count(parsed.feed, read, kept)


def _import_records(parsed: Parsed, writer: Writer, report: Report) -> None:
    """Put each record where its feed has others, so that the older of two gives way."""
    family = parsed.feed.partition("/")[0]
    for advisory in parsed.advisories:
        feed = writer.feed_of(advisory.id, family) or parsed.feed
        report.count(feed, 1, writer.put(feed, (advisory,)))
    if not parsed.advisories:
        report.count(parsed.feed, 0, 0)
