"""A Berkeley DB hash file, as rpm kept `Packages` up to version 4.15, into its values.

Format: https://github.com/berkeleydb/libdb/blob/v5.3.28/src/dbinc/db_page.h. Pages of 512 bytes to
64 KiB, in the byte order of the machine that wrote them. Page 0 describes the file; hash pages list
keys and values by turns; a long value is a chain of overflow pages.
"""

import struct
from collections.abc import Iterator

from lading.errors import CatalogError

MAGIC = 0x061561
_HASH_PAGES = (2, 13)
_OVERFLOW_PAGE = 7
_INLINE, _ON_PAGES = 1, 3  # types of an item
_HEAD = 26  # bytes before the items of a page
_COUNTER = b"\1\0\0\0\0"  # the key under which rpm keeps its last number, an inline item


def values(data: bytes | memoryview) -> Iterator[bytes]:
    """Yield the values of all keys but rpm's counter, as far as each can be read.

    Raises CatalogError: at once for what is no such file, at the end when pages are damaged.
    """
    file = _File(memoryview(data))
    for page in range(1, file.count):
        if file.type(page) in _HASH_PAGES:
            yield from file.items(page)
    file.check()


class _File:
    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._order = _byte_order(data)
        version, self._size, encryption = struct.unpack_from(self._order + "IIB", data, 16)
        flags = data[26]
        if self._size not in (512 << shift for shift in range(8)):
            raise CatalogError(
                f"a Berkeley DB with pages of {self._size} bytes, which do not exist"
            )
        if encryption or flags & 1:
            raise CatalogError(
                "a Berkeley DB that is encrypted or has checksums, as rpm's never is"
            )
        self._has_last = version >= 8  # earlier ones do not say which page is the last
        self.count = len(data) // self._size
        self._used: set[int] = set()  # overflow pages: each belongs to one value
        self._damaged: set[int] = set()
        self._pairs = 0  # of keys and values, on the pages that were read

    def type(self, page: int) -> int:
        return int(self._data[page * self._size + 25])

    def items(self, page: int) -> Iterator[bytes]:
        """Yield the values on a hash page: items grow from its end, and alternate with keys."""
        base = page * self._size
        count = self._short(base + 20)
        if count % 2 or _HEAD + 2 * count > self._size:
            self._damaged.add(page)
            return
        self._pairs += count // 2
        starts = struct.unpack_from(f"{self._order}{count}H", self._data, base + _HEAD)
        end = self._size
        for key, value in zip(starts[::2], starts[1::2], strict=True):
            if not _HEAD + 2 * count <= value < key < end:
                self._damaged.add(page)
                return
            if self._data[base + key : base + end] != _COUNTER:
                yield self._value(page, base + value, base + key)
            end = value

    def _value(self, page: int, start: int, end: int) -> bytes:
        if self._data[start] == _INLINE:
            return bytes(self._data[start + 1 : end])
        if self._data[start] == _ON_PAGES and end - start >= 12:
            first, length = struct.unpack_from(self._order + "II", self._data, start + 4)
            return self._chain(first, length)
        self._damaged.add(page)
        return b""

    def _chain(self, page: int, length: int) -> bytes:
        """Return the value that starts on an overflow page, up to where its chain breaks."""
        parts: list[bytes | memoryview] = []
        left = length
        while left > 0:
            if not 0 < page < self.count or self.type(page) != _OVERFLOW_PAGE or page in self._used:
                self._damaged.add(page)
                break
            self._used.add(page)
            base = page * self._size
            size = min(self._short(base + 22), self._size - _HEAD, left)
            parts.append(self._data[base + _HEAD : base + _HEAD + size])
            left -= size
            page = self._long(base + 16)
        return b"".join(parts)

    def check(self) -> None:
        """Raise CatalogError when pages are missing that the file says it has, or are damaged."""
        last = self._long(32) if self._has_last else 0
        if last >= self.count:
            raise CatalogError(f"it is cut: of {last + 1} pages only {self.count} are there")
        self._damaged.update(page for page in self._expected() if not self._is_hash(page))
        if self._damaged:
            raise CatalogError(f"{len(self._damaged)} of its {self.count} pages are damaged")
        # A page of zeros is one that was never used, unless what it held is missed.
        pairs = self._long(88) if self._has_last else 0
        if pairs > self._pairs:
            raise CatalogError(f"{pairs - self._pairs} of its {pairs} entries are missing")

    def _expected(self) -> Iterator[int]:
        """Yield where hash pages must be: the first of each bucket, and the next in its chain."""
        buckets = min(self._long(72), self.count)
        groups = struct.unpack_from(self._order + "32I", self._data, 96)
        for bucket in range(buckets + 1):
            yield bucket + groups[min(bucket.bit_length(), 31)]
        for page in range(1, self.count):
            if self.type(page) in _HASH_PAGES and (following := self._long(page * self._size + 16)):
                yield following

    def _is_hash(self, page: int) -> bool:
        return page < self.count and self.type(page) in _HASH_PAGES

    def _short(self, offset: int) -> int:
        return int(struct.unpack_from(self._order + "H", self._data, offset)[0])

    def _long(self, offset: int) -> int:
        return int(struct.unpack_from(self._order + "I", self._data, offset)[0])


def _byte_order(data: memoryview) -> str:
    if len(data) >= 512:
        for order in "<>":
            if struct.unpack_from(order + "I", data, 12)[0] == MAGIC:
                return order
    raise CatalogError("this is no Berkeley DB hash file, nor another database of rpm")
