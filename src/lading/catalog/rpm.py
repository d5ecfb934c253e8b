"""rpm packages, and the files they own, from any of rpm's databases; no rpm program is needed.

The forms: rpmdb.sqlite (https://www.sqlite.org/fileformat.html; one table, number and header blob),
Packages (Berkeley DB), Packages.db (ndb), and the list in distroless images of Azure Linux.
https://rpm-software-management.github.io/rpm/manual/
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.rpmdb import bdb, manifest, ndb
from lading.catalog.rpmdb.header import Entry, Files, read_header
from lading.catalog.sqlite import load, without_log
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage

_MAGIC = b"SQLite format 3\0"
# SQLite's messages quote the schema, which need not be text that Python can decode.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
_SOME_LOOKUPS, _MOST_LOOKUPS = 500, 10_000  # of single rows in a damaged table
_LARGEST_ROW = (1 << 63) - 1


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield each package and its files; CatalogError, at the end, when something is damaged."""
    allowance = Allowance(len(file.data))
    complaints: list[str] = []
    for entry in _entries(file, complaints):
        if entry.name == "gpg-pubkey":  # a key that rpm keeps among its packages
            continue
        yield _package(entry, file.path)
        if entry.files is not None:
            if _is_allowed(entry.files, allowance):
                yield _ownership(entry, entry.files)
            else:
                complaints.append(f"the files of {entry.name} make a list of absurd length")
    if complaints:
        more = f", and {len(complaints) - 3} more" if complaints[3:] else ""
        raise CatalogError("; ".join(complaints[:3]) + more)


def _entries(file: ImageFile, complaints: list[str]) -> Iterator[Entry]:
    try:
        if file.path.endswith("/container-manifest-2"):
            text = bytes(file.data).decode("utf-8", "backslashreplace")
            yield from manifest.entries(text)
        else:
            yield from _headers(_blobs(file.path, file.data), complaints)
    except CatalogError as error:
        complaints.append(str(error))


def _headers(blobs: Iterable[bytes], complaints: list[str]) -> Iterator[Entry]:
    """Yield the entries of those blobs that can be read; the others are complained of."""
    broken = 0
    try:
        for blob in blobs:
            try:
                entry = read_header(blob)
            except CatalogError:
                broken += 1
                continue
            broken += not entry.is_whole
            yield entry
    finally:
        if broken:
            complaints.append(f"{broken} package headers are damaged")


def _blobs(path: str, data: bytes | bytearray | memoryview) -> Iterator[bytes]:
    """Yield header blobs by what the bytes say they are, whatever the file is called."""
    if path.endswith("-wal"):
        if len(data):
            raise CatalogError(
                "changes wait here that rpmdb.sqlite may lack; run rpmdb --rebuilddb"
            )
        return iter(())
    if not len(data):
        raise CatalogError("it is empty")
    if bytes(data[:16]) == _MAGIC:
        return _rows(data)
    if bytes(data[:4]) == ndb.MAGIC:
        return ndb.values(memoryview(data))
    return bdb.values(memoryview(data))


def _rows(data: bytes | bytearray | memoryview) -> Iterator[bytes]:
    """Yield the blobs of an rpmdb.sqlite, row by row; other columns' values count as damaged."""
    fit, is_cut = _fit(data)
    left = len(data)  # rows do not overlap, so together they are no longer than the file
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for blob in _selected(connection, fit):
            left -= len(blob)
            if left < 0:
                raise CatalogError("its rows are longer than the file")
            yield blob
    if is_cut:
        raise CatalogError("it is cut: its last pages are missing")


def _fit(data: bytes | bytearray | memoryview) -> tuple[bytearray, bool]:
    """Return a copy that SQLite opens from memory, and whether pages are missing at its end."""
    if len(data) < 512:
        raise CatalogError("it is cut within its first page")
    fit = without_log(data)
    size = int.from_bytes(fit[16:18], "big")
    there = len(fit) // (size if size > 1 else 65536)
    is_cut = int.from_bytes(fit[28:32], "big") > there
    if is_cut:
        fit[28:32] = there.to_bytes(4, "big")
    return fit, is_cut


def _selected(connection: sqlite3.Connection, data: bytearray) -> Iterator[bytes]:
    last = 0
    try:
        connection.text_factory = bytes
        load(connection, data)
        for number, blob in connection.execute("SELECT rowid, blob FROM Packages"):
            last = number if isinstance(number, int) else last
            yield _bytes(blob)
    except _FAILURES as error:
        if not _is_corrupt(error):
            raise CatalogError(f"SQLite cannot read it: {error}") from error
        yield from _after(connection, last)
        raise CatalogError("some of its pages are damaged") from error


def _after(connection: sqlite3.Connection, last: int) -> Iterator[bytes]:
    """Yield the rows behind a damaged page: each is looked up by its number."""
    newest = "SELECT rowid FROM Packages ORDER BY rowid DESC LIMIT 1"
    end = _only(connection, newest)
    if not isinstance(end, int):  # the last page is damaged too
        end = last + _SOME_LOOKUPS
    for number in range(last + 1, min(end, last + _MOST_LOOKUPS, _LARGEST_ROW) + 1):
        blob = _only(connection, "SELECT blob FROM Packages WHERE rowid = ?", number)
        if blob is not None:
            yield _bytes(blob)


def _only(connection: sqlite3.Connection, query: str, *values: int) -> object:
    """Return the one value of the answer; None when there is none, or it is on a damaged page."""
    try:
        row = connection.execute(query, values).fetchone()
    except _FAILURES:
        return None
    return row[0] if row else None


def _is_corrupt(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _package(entry: Entry, path: str) -> Package:
    return Package(
        type="rpm",
        name=entry.name,
        version=entry.version,
        paths=(path,),
        arch=entry.arch,
        source=_source(entry.source_rpm),
        licenses=(entry.licence,) if entry.licence else (),
        requires=entry.requires,
        provides=entry.provides,
        vendor=entry.vendor,
        module=entry.module,
    )


def _source(file_name: str | None) -> SourcePackage | None:
    """Read `name-version-release.src.rpm`."""
    stem, _, _ = (file_name or "").removesuffix(".rpm").rpartition(".")  # .src or .nosrc
    name, *rest = stem.rsplit("-", 2)
    if not name or len(rest) != 2:
        return None
    return SourcePackage(name=name, version="-".join(rest))


def _is_allowed(files: Files, allowance: Allowance) -> bool:
    longest = max(map(len, files.folders))
    return allowance.take(len(files.bases), sum(map(len, files.bases)) + longest * len(files.bases))


def _ownership(entry: Entry, files: Files) -> Ownership:
    folders = files.folders
    pairs = zip(files.indexes, files.bases, strict=True)
    return Ownership(
        type="rpm",
        name=entry.name,
        version=entry.version,
        arch=entry.arch,
        paths=tuple([folders[index] + base for index, base in pairs]),
    )


_PLACES = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
_FILES = ("rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages")

RPM = Cataloger(
    name="rpm",
    revision=1,
    wants=(
        *(f"{place}/{name}" for place in _PLACES for name in _FILES),
        "/var/lib/rpmmanifest/container-manifest-2",
    ),
    max_size=512 << 20,
    read=read,
)
