"""A ZIP archive in memory into its entries and their bytes, within bounds.

Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, as far as Java and Python use
it: stored or deflated entries, ZIP64, anything before the archive (a shell script that starts it).
The central directory decides what is in it, as it does for those who load code from archives.
"""

import zlib
from collections.abc import Iterator
from struct import Struct, error
from typing import NamedTuple

from isal import isal_zlib

from lading.errors import CatalogError

Buffer = bytes | bytearray | memoryview

MAX_BYTES = 256 << 20  # unpacked, over an archive and all that is nested in it
MAX_ENTRIES = 200_000  # likewise
_ROW = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_FIELDS = Struct("<4sHHHHIIH")
_END64 = Struct("<4sQHHIIQQQQ")
_LOCATOR = Struct("<4sIQI")
_CENTRAL = Struct("<4s6H3I5H2I")
_LOCAL = Struct("<4s5H3I2H")
_LONGEST_COMMENT = 0xFFFF
_FULL = 0xFFFFFFFF
_ENCRYPTED = 1
_STORED, _DEFLATED = 0, 8
_DAMAGED: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # its stub: a value


class Entry(NamedTuple):
    """One row of the central directory."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int  # bytes as stored
    size: int  # bytes unpacked
    offset: int  # of the local header, from the start of the archive


class Budget:
    """What reading one file of the image may cost, however archives are nested in it."""

    def __init__(self, size: int = MAX_BYTES, entries: int = MAX_ENTRIES) -> None:
        self.size = size
        self.entries = entries
        self.exceeded: CatalogError | None = None  # the first refusal for being over it


class Archive:
    """Entries of one archive; `path` is only for messages."""

    def __init__(self, path: str, data: Buffer, budget: Budget | None = None) -> None:
        """Raise CatalogError when there is no central directory."""
        self.path = path
        self._data = memoryview(data)
        self._budget = budget or Budget()
        self._start, self._length, self._shift = self._directory()

    def entries(self) -> Iterator[Entry]:
        """Yield the rows in their order.

        Raises CatalogError where the directory is damaged or longer than the bounds; rows before
        that were yielded.
        """
        position, end = self._start, self._start + self._length
        while position < end:
            if self._budget.entries <= 0:
                raise self._over(f"more than {MAX_ENTRIES} entries")
            self._budget.entries -= 1
            try:
                fields = _CENTRAL.unpack_from(self._data, position)
            except error as reason:
                raise self._error("its central directory is cut off") from reason
            if fields[0] != _ROW:
                raise self._error("its central directory is damaged")
            name_end = position + _CENTRAL.size + fields[10]
            extra_end = name_end + fields[11]
            name = bytes(self._data[position + _CENTRAL.size : name_end]).decode("utf-8", "replace")
            sizes = (fields[9], fields[8], fields[16])
            if _FULL in sizes:
                sizes = self._wide(sizes, bytes(self._data[name_end:extra_end]))
            yield Entry(name, fields[3], fields[4], fields[7], sizes[1], sizes[0], sizes[2])
            position = extra_end + fields[12]
            if position > end:
                raise self._error("its central directory is cut off")

    def read(self, entry: Entry) -> Buffer:
        """Return the entry's bytes; a stored one is not copied.

        Raises CatalogError for what is encrypted, packed in another way, damaged, not as long as it
        says, or beyond the bounds.
        """
        if entry.flags & _ENCRYPTED:
            raise self._error(f"{entry.name} is encrypted")
        if entry.size > self._budget.size:
            raise self._over(f"unpacks to more than {MAX_BYTES >> 20} MiB")
        self._budget.size -= entry.size
        packed = self._packed(entry)
        if entry.method == _STORED:
            found: Buffer = packed
        elif entry.method == _DEFLATED:
            found = self._inflated(entry, packed)
        else:
            raise self._error(f"{entry.name} is packed by method {entry.method}, which is not read")
        if len(found) != entry.size or zlib.crc32(found) != entry.crc:
            raise self._error(f"{entry.name} is damaged")
        return found

    def _packed(self, entry: Entry) -> memoryview:
        header = entry.offset + self._shift
        try:
            fields = _LOCAL.unpack_from(self._data, header)
        except error as reason:
            raise self._error(f"{entry.name} lies outside of the file") from reason
        start = header + _LOCAL.size + fields[9] + fields[10]
        if fields[0] != b"PK\x03\x04" or start + entry.packed > len(self._data):
            raise self._error(f"{entry.name} lies outside of the file")
        return self._data[start : start + entry.packed]

    def _inflated(self, entry: Entry, packed: memoryview) -> bytes:
        try:
            return isal_zlib.decompressobj(-15).decompress(packed, entry.size + 1)
        except _DAMAGED as reason:
            raise self._error(f"{entry.name} is damaged") from reason

    def _directory(self) -> tuple[int, int, int]:
        """Return where the directory starts, its length, and what lies before the archive."""
        tail_start = max(0, len(self._data) - _LONGEST_COMMENT - _END_FIELDS.size)
        tail = bytes(self._data[tail_start:])
        found = tail.rfind(_END)
        while found >= 0:
            if directory := self._plausible(tail_start + found):
                return directory
            found = tail.rfind(_END, 0, found)
        raise self._error("no ZIP archive, or one that is cut off")

    def _plausible(self, end: int) -> tuple[int, int, int] | None:
        try:
            fields = _END_FIELDS.unpack_from(self._data, end)
            entries, length, offset = fields[4], fields[5], fields[6]
            if _FULL in (length, offset) or entries == 0xFFFF:
                end, entries, length, offset = self._wide_end(end, entries, length, offset)
        except error:
            return None
        start = end - length
        if start < 0 or start < offset:
            return None
        if length and bytes(self._data[start : start + 4]) != _ROW:
            return None
        return start, length, start - offset

    def _wide_end(self, end: int, *fields: int) -> tuple[int, ...]:
        """Return the ZIP64 record that stands before the plain one, if it does."""
        locator_at = end - _LOCATOR.size
        if locator_at < 0:
            return (end, *fields)
        signature, _, stated, _ = _LOCATOR.unpack_from(self._data, locator_at)
        for position in (locator_at - _END64.size, stated):
            if signature == b"PK\x06\x07" and 0 <= position < locator_at:
                record = _END64.unpack_from(self._data, position)
                if record[0] == b"PK\x06\x06":
                    return position, *record[7:10]
        return (end, *fields)

    def _wide(self, sizes: tuple[int, int, int], extra: bytes) -> tuple[int, int, int]:
        """Return (size, packed, offset) with those that are full taken from the ZIP64 field."""
        position = 0
        while position + 4 <= len(extra):
            kind = int.from_bytes(extra[position : position + 2], "little")
            length = int.from_bytes(extra[position + 2 : position + 4], "little")
            if kind == 1:
                return self._filled(sizes, extra[position + 4 : position + 4 + length])
            position += 4 + length
        return sizes

    def _filled(self, sizes: tuple[int, int, int], field: bytes) -> tuple[int, int, int]:
        values = list(sizes)
        position = 0
        for index, value in enumerate(values):
            if value == _FULL:
                values[index] = int.from_bytes(field[position : position + 8], "little")
                position += 8
        return values[0], values[1], values[2]

    def _over(self, reason: str) -> CatalogError:
        error = self._error(reason)
        self._budget.exceeded = self._budget.exceeded or error
        return error

    def _error(self, reason: str) -> CatalogError:
        return CatalogError(f"{self.path}: {reason}")
