"""A Bolt database file, read without its lock: a key in a path of buckets to its value.

Format: https://pkg.go.dev/go.etcd.io/bbolt (pages, two alternating meta pages, branch and leaf
elements, inline buckets). The owner may write meanwhile, but never to a page of the newest finished
transaction: a reading is good when that is still the newest one at its end, else it is done again.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import NamedTuple, TypeVar

from lading.errors import ImageError

_MAGIC = 0xED0CDAED
_VERSION = 2
_PAGE = Struct("<QHHI")  # id, flags, count, overflow
_META = Struct(
    "<IIIIQQQQQQ"
)  # magic, version, page size, flags, root, seq, freelist, high, tx, sum
_BRANCH_ELEMENT = Struct("<IIQ")  # position, key size, page
_LEAF_ELEMENT = Struct("<IIII")  # flags, position, key size, value size
_BUCKET = Struct("<QQ")  # root page (0: inline), sequence
_BRANCH, _LEAF, _META_PAGE = 0x01, 0x02, 0x04
_IS_BUCKET = 0x01
_DEEPEST = 32  # pages from a root to a leaf
_LARGEST = 64 << 20  # bytes of one page with its overflow
_MOST = 1_000_000  # elements of one bucket
_MOST_PAGES = 200_000  # read for one question
_TRIES = 5

_T = TypeVar("_T")


class _Meta(NamedTuple):
    page_size: int
    root: int
    transaction: int


class Bucket:
    """One bucket: keys with values, and buckets inside it."""

    def __init__(self, file: "_File", root: int, inline: bytes = b"") -> None:
        self._file = file
        self._root = root
        self._inline = inline

    def items(self) -> Iterator[tuple[bytes, "bytes | Bucket"]]:
        """Yield what is in the bucket, sorted by key; ImageError when the file is damaged."""
        page = self._inline if self._root == 0 else self._file.page(self._root)
        for count, (key, value) in enumerate(self._file.elements(page, 0)):
            if count >= _MOST:
                raise ImageError(f"{self._file.where}: a bucket of more than {_MOST} elements")
            yield key, value

    def bucket(self, *names: bytes) -> "Bucket | None":
        """Return the bucket down the path of names, None when there is none."""
        found: Bucket = self
        for name in names:
            inner = found.get(name)
            if not isinstance(inner, Bucket):
                return None
            found = inner
        return found

    def get(self, name: bytes) -> "bytes | Bucket | None":
        """Return the value or the bucket under the name."""
        return next((value for key, value in self.items() if key == name), None)


def read(path: Path, ask: Callable[[Bucket], _T]) -> _T:
    """Return what `ask` finds in the root bucket; ImageError for no database or a damaged one.

    `ask` is called again when the database changed under it; it must return values only.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}") from error
    try:
        for _ in range(_TRIES):
            before = _newest(handle, path)
            problem: ImageError | None = None
            try:
                found = ask(Bucket(_File(handle, path, before.page_size), before.root))
            except ImageError as error:
                problem = error
            if _newest(handle, path).transaction == before.transaction:
                if problem is not None:
                    raise problem
                return found
        raise ImageError(f"{path}: it changes faster than it can be read; try again")
    finally:
        os.close(handle)


def _newest(handle: int, path: Path) -> _Meta:
    """Return the newer of the two meta pages that is whole."""
    found: list[_Meta] = []
    first = _meta(handle, 0)
    sizes = [first.page_size] if first is not None else [1 << n for n in range(9, 17)]
    found += [first] if first is not None else []
    found += [meta for size in sizes if (meta := _meta(handle, size)) is not None]
    if not found:
        raise ImageError(f"{path} is no Bolt database, or a damaged one")
    return max(found, key=lambda meta: meta.transaction)


def _meta(handle: int, offset: int) -> _Meta | None:
    data = os.pread(handle, _PAGE.size + _META.size, offset)
    if len(data) < _PAGE.size + _META.size:
        return None
    fields = _META.unpack_from(data, _PAGE.size)
    magic, version, page_size, _, root, _, _, _, transaction, checksum = fields
    if magic != _MAGIC or version != _VERSION or not 512 <= page_size <= 1 << 16:
        return None
    if checksum != _fnv(data[_PAGE.size : _PAGE.size + _META.size - 8]):
        return None
    return _Meta(page_size, root, transaction)


def _fnv(data: bytes) -> int:
    """FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/)."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


class _File:
    def __init__(self, handle: int, path: Path, page_size: int) -> None:
        self.where = str(path)
        self._handle = handle
        self._page_size = page_size
        self._pages = 0

    def page(self, number: int) -> bytes:
        """Return a page with its overflow."""
        self._pages += 1
        if self._pages > _MOST_PAGES:
            raise self._damaged(f"more than {_MOST_PAGES} pages to one reading")
        offset = number * self._page_size
        if offset >= 1 << 62:
            raise self._damaged(f"page {number}")
        data = os.pread(self._handle, self._page_size, offset)
        if len(data) < _PAGE.size:
            raise self._damaged(f"page {number} is beyond its end")
        overflow = _PAGE.unpack_from(data)[3]
        if overflow:
            size = (overflow + 1) * self._page_size
            if size > _LARGEST:
                raise self._damaged(f"page {number} claims {size} bytes")
            data = os.pread(self._handle, size, offset)
        return data

    def elements(self, page: bytes, depth: int) -> Iterator[tuple[bytes, bytes | Bucket]]:
        if depth > _DEEPEST:
            raise self._damaged("its pages are nested too deep")
        if len(page) < _PAGE.size:
            raise self._damaged("a page without a header")
        _, flags, count, _ = _PAGE.unpack_from(page)
        if flags & _LEAF:
            yield from self._leaf(page, count)
        elif flags & _BRANCH:
            self._check(page, count * _BRANCH_ELEMENT.size)
            for index in range(count):
                at = _PAGE.size + index * _BRANCH_ELEMENT.size
                child = _BRANCH_ELEMENT.unpack_from(page, at)[2]
                yield from self.elements(self.page(child), depth + 1)
        else:
            raise self._damaged(f"a page of kind {flags} where a leaf was expected")

    def _leaf(self, page: bytes, count: int) -> Iterator[tuple[bytes, bytes | Bucket]]:
        self._check(page, count * _LEAF_ELEMENT.size)
        for index in range(count):
            at = _PAGE.size + index * _LEAF_ELEMENT.size
            flags, position, key_size, value_size = _LEAF_ELEMENT.unpack_from(page, at)
            start = at + position
            end = start + key_size + value_size
            if end > len(page):
                raise self._damaged("an element goes beyond its page")
            key, value = page[start : start + key_size], page[start + key_size : end]
            yield key, self._bucket(value) if flags & _IS_BUCKET else value

    def _bucket(self, value: bytes) -> Bucket:
        if len(value) < _BUCKET.size:
            raise self._damaged("a bucket without a header")
        return Bucket(self, _BUCKET.unpack_from(value)[0], value[_BUCKET.size :])

    def _check(self, page: bytes, size: int) -> None:
        if _PAGE.size + size > len(page):
            raise self._damaged("a page lists more elements than it holds")

    def _damaged(self, what: str) -> ImageError:
        return ImageError(f"{self.where} is damaged: {what}")
