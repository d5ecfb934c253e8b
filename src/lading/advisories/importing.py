"""Feeds from disk into the database: finds them by their content, and names what it leaves out.

Understood: the osv.dev bucket (`<Ecosystem>/all.zip`, single records), security databases of
Alpine, Wolfi and Chainguard, CISA's catalogue of exploited vulnerabilities; JSON may be
gzip-compressed.
"""

import gzip
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lading.advisories.sources import kev, osv, secdb
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, InvalidRecord
from lading.model.advisory import Advisory

_LARGEST = 1 << 30  # bytes of one document, unpacked
_LARGEST_RECORD = 32 << 20
_MOST_RECORDS = 5_000_000  # of one archive
_SKIPPED = ("modified_id.csv", "ecosystems.txt")  # lists of what the archives hold


@dataclass(slots=True)
class Report:
    """What an import did."""

    feeds: dict[str, int] = field(default_factory=dict)  # feed → records read
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (where, reason)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)

    @property
    def records(self) -> int:
        return sum(self.feeds.values())


def import_paths(
    paths: Iterable[Path], writer: Writer, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Read every feed at the paths, each in a transaction of its own.

    Raise AdvisoryError for a path that is not there or a database that cannot be written; what
    cannot be understood is in the report.
    """
    report = Report()
    for path in paths:
        if not path.exists():
            raise AdvisoryError(f"{path}: no such file or directory")
        for file in _files(path, report):
            progress(str(file))
            _import_file(file, writer, report)
    return report


def _files(path: Path, report: Report) -> Iterator[Path]:
    """Yield the files below, sorted; a folder that holds a tree of feeds again is left out."""
    if path.is_file():
        yield path
        return
    top = {entry.name for entry in path.iterdir() if entry.is_dir()}
    for folder, folders, names in os.walk(path):
        folders.sort()
        here = Path(folder)
        for name in [*folders]:
            # An older state or samples beside the feeds: `x/osv` below a folder that has `osv`.
            if here == path and name != "osv" and "osv" in top and _is_copy(here / name):
                folders.remove(name)
                report.left_out.append(
                    (str(here / name), "it holds feeds of its own; import it by itself")
                )
        yield from (here / name for name in sorted(names) if (here / name).is_file())


def _is_copy(folder: Path) -> bool:
    return (folder / "osv").is_dir() or folder.name == "samples"


def import_feed(file: Path, feed: str, writer: Writer, report: Report) -> None:
    """Read one file as the feed of that name."""
    if file.name.endswith(".zip"):
        try:
            _import_archive(file, feed, writer, report)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            report.rejected.append((str(file), f"cannot be read: {error}"))
    else:
        _import_file(file, writer, report)


def _import_file(file: Path, writer: Writer, report: Report) -> None:
    name = file.name
    if name in _SKIPPED:
        return
    try:
        if name.endswith(".zip"):
            _import_archive(file, f"osv/{file.absolute().parent.name}", writer, report)
        elif name.endswith((".json", ".json.gz")):
            _import_document(file, writer, report)
        else:
            report.left_out.append((str(file), "no format that is read: .zip, .json, .json.gz"))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        report.rejected.append((str(file), f"cannot be read: {error}"))


def _import_archive(file: Path, feed: str, writer: Writer, report: Report) -> None:
    with zipfile.ZipFile(file) as archive, writer.transaction():
        members = [one for one in archive.infolist() if one.filename.endswith(".json")]
        if len(members) > _MOST_RECORDS:
            raise AdvisoryError(f"{file}: more than {_MOST_RECORDS} records")
        before = len(report.rejected)
        writer.put(feed, _records(archive, members, file, feed, report))
        rejected = len(report.rejected) - before
    report.feeds[feed] = report.feeds.get(feed, 0) + len(members) - rejected


def _records(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    file: Path,
    feed: str,
    report: Report,
) -> Iterator[Advisory]:
    for member in members:
        if member.file_size > _LARGEST_RECORD:
            where = f"{file}!{member.filename}"
            report.rejected.append((where, f"a record of {member.file_size} bytes"))
            continue
        try:
            yield osv.parse(archive.read(member), feed)
        except (
            InvalidRecord,
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
        ) as error:
            report.rejected.append((f"{file}!{member.filename}", str(error)))


def _import_document(file: Path, writer: Writer, report: Report) -> None:
    data = _document(file)
    head = data[:4096].lstrip()
    try:
        if b'"secfixes"' in data[: 1 << 20] or b'"apkurl"' in head:
            _import_secdb(file, data, writer, report)
        elif b'"cveID"' in data[: 1 << 16] or b'"catalogVersion"' in head:
            released, rows = kev.parse(data)
            with writer.transaction():
                writer.put_kev("kev", released, rows)
            report.feeds["kev"] = len(rows)
        elif b'"affected"' in data or b'"withdrawn"' in data:
            advisory = osv.parse(data, "osv/files")
            with writer.transaction():
                writer.put("osv/files", [advisory])
            report.feeds["osv/files"] = report.feeds.get("osv/files", 0) + 1
        else:
            report.left_out.append((str(file), "JSON of no format that is read"))
    except InvalidRecord as error:
        report.rejected.append((str(file), str(error)))


def _document(file: Path) -> bytes:
    opener = gzip.open if file.name.endswith(".gz") else open
    with opener(file, "rb") as stream:
        data: bytes = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise AdvisoryError(f"{file}: more than {_LARGEST} bytes")
    return data


def _import_secdb(file: Path, data: bytes, writer: Writer, report: Report) -> None:
    document = secdb.decode(data)
    ecosystem = secdb.ecosystem_of(document)
    repository = file.name.partition(".")[0]
    feed = "secdb/" + ecosystem.replace(":", "/").lower()
    feed = f"{feed}/{repository}" if ecosystem.startswith("Alpine") else feed
    advisories = list(secdb.parse(data, feed, _date(file)))
    with writer.transaction():
        writer.put(feed, advisories)
    report.feeds[feed] = len(advisories)


def _date(file: Path) -> str:
    """Return the file's time: the format has none of its own."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    return moment.isoformat().replace("+00:00", "Z")
