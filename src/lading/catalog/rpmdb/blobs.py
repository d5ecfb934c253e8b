"""Any of rpm's databases into the header blobs it holds, and where rpm keeps databases.

The forms: rpmdb.sqlite, Packages (Berkeley DB) and Packages.db (ndb); what a file is says its first
bytes, whatever it is called. https://rpm-software-management.github.io/rpm/manual/
"""

from collections.abc import Iterator

from lading.catalog.rpmdb import bdb, ndb, rows
from lading.errors import CatalogError

_FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
_FILES = ("rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages")
PLACES = tuple(f"{folder}/{name}" for folder in _FOLDERS for name in _FILES)
LARGEST = 512 << 20  # bytes of a database


def blobs(path: str, data: bytes | bytearray | memoryview) -> Iterator[bytes]:
    """Yield header blobs; CatalogError, after what can be read, for what is damaged."""
    if path.endswith("-wal"):
        if len(data):
            raise CatalogError(
                "changes wait here that rpmdb.sqlite may lack; run rpmdb --rebuilddb"
            )
        return iter(())
    if not len(data):
        raise CatalogError("it is empty")
    if bytes(data[:16]) == rows.MAGIC:
        return rows.values(data)
    if bytes(data[:4]) == ndb.MAGIC:
        return ndb.values(memoryview(data))
    return bdb.values(memoryview(data))
