"""The table Packages of an rpmdb.sqlite into its header blobs, however damaged it is.

Format: https://www.sqlite.org/fileformat.html; rpm's table has a number and a blob in each row
(https://github.com/rpm-software-management/rpm/blob/master/lib/backend/sqlite.cc).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from lading.catalog.sqlite import load, without_log
from lading.errors import CatalogError

MAGIC = b"SQLite format 3\0"
# SQLite's messages quote the schema, which need not be text that Python can decode.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
_SOME_LOOKUPS, _MOST_LOOKUPS = 500, 10_000  # of single rows in a damaged table
_LARGEST_ROW = (1 << 63) - 1


def values(data: bytes | bytearray | memoryview) -> Iterator[bytes]:
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
