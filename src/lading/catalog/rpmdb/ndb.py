"""rpm's own database file `Packages.db`, as SUSE uses it, into its blobs.

Format: https://github.com/rpm-software-management/rpm/blob/master/lib/backend/ndb/rpmpkg.c. Slots
of 16 bytes in the first pages point to blobs, counted in blocks of 16 bytes; all numbers are
little-endian, and an Adler-32 closes each blob.
"""

import struct
import zlib
from collections.abc import Iterator

from lading.errors import CatalogError

MAGIC = b"RpmP"
_SLOT, _START, _END = b"Slot", b"BlbS", b"BlbE"
_PAGE = 4096
_HEAD = 32  # bytes of the file before its first slot
_BLOCK = 16


def values(data: bytes | memoryview) -> Iterator[bytes]:
    """Yield the blobs, those with a wrong checksum too.

    Raises CatalogError: at once for what is no such file, at the end when some of it is damaged.
    """
    data = memoryview(data)
    if len(data) < _HEAD or data[:4] != MAGIC:
        raise CatalogError("this is no rpm ndb file")
    version, _, pages = struct.unpack_from("<III", data, 4)
    if version != 0:
        raise CatalogError(f"an rpm ndb file of the unknown version {version}")
    end = min(pages * _PAGE, len(data) - len(data) % _BLOCK)
    damaged = int(end < pages * _PAGE)
    left = len(data)  # blobs do not overlap, so together they are no longer than the file
    for magic, number, block, blocks in struct.iter_unpack("<4sIII", data[_HEAD:end]):
        if magic != _SLOT:
            damaged += 1
        elif number:
            left -= blocks * _BLOCK
            blob = data[block * _BLOCK : (block + blocks) * _BLOCK] if left >= 0 else data[:0]
            content = _content(blob, number)
            damaged += not _is_sound(blob)
            if content is not None:
                yield content
    if damaged:
        raise CatalogError(f"{damaged} of its slots or blobs are damaged, or it is cut")


def _content(blob: memoryview, number: int) -> bytes | None:
    """Return what a blob holds; None when it is not the blob of that number."""
    if len(blob) < _BLOCK:
        return None
    magic, own_number, _, length = struct.unpack_from("<4sIII", blob)
    if magic != _START or own_number != number:
        return None
    return bytes(blob[_BLOCK : _BLOCK + length])


def _is_sound(blob: memoryview) -> bool:
    if len(blob) < 28:
        return False
    checksum, length, magic = struct.unpack_from("<II4s", blob, len(blob) - 12)
    (own_length,) = struct.unpack_from("<I", blob, 12)
    return (magic, length, checksum) == (_END, own_length, zlib.adler32(blob[:-12]))
