"""Rows of an SQLite database that was found in an image, read from memory.

Format: https://www.sqlite.org/fileformat.html. The connection can read and nothing else, whatever
the schema says, and for a bounded number of steps (https://www.sqlite.org/security.html).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from lading.errors import CatalogError

_MAGIC = b"SQLite format 3\0"
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_STEPS = 1000  # of SQLite's machine between two looks at how many it has taken
_LEAST_STEPS = 2000  # thousands of them that any file may take


def read_rows(
    path: str, data: bytes | bytearray | memoryview, table: str, columns: str
) -> Iterator[tuple[object, ...]]:
    """Yield the columns (SQL, ours) of each row of a table (SQL, ours).

    Raises CatalogError, after the rows before the damage, for a file that SQLite cannot read. Text
    comes as `str`; bytes in it that are no UTF-8 become U+FFFD.
    """
    if path.endswith("-wal"):
        if len(data):
            raise CatalogError(f"{path}: changes wait here that the database may lack")
        return
    if bytes(data[:16]) != _MAGIC or len(data) < 512:
        raise CatalogError(f"{path}: it is no SQLite database, or cut within its first page")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        try:
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            load(connection, without_log(data))
            # Two names that this code chose, never the image.
            yield from connection.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - ours
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            # The last is a name in a damaged schema, which the module decodes by itself.
            raise CatalogError(f"{path}: SQLite cannot read it: {error}") from error


def without_log(data: bytes | bytearray | memoryview) -> bytearray:
    """Return a copy that can be opened from memory: it asks for no write-ahead log beside it."""
    fit = bytearray(data)
    fit[18:20] = b"\1\1"  # 2 asks for one
    return fit


def load(connection: sqlite3.Connection, data: bytearray) -> None:
    """Put the data under the connection, which can read and nothing else, whatever they say.

    Raises sqlite3.Error for data that SQLite refuses.
    """
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(data), 1 << 16))
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.deserialize(data)
    steps = iter(range(_LEAST_STEPS + len(data) // _STEPS))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS)
    connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
