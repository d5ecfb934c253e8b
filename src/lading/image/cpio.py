"""A cpio archive, as rpm packages carry it, into entries; wanted files go to a visitor.

Format: cpio(5), `newc` with and without checksums (magic 070701 and 070702); and rpm's own form
for files of more than 4 GiB (magic 07070X), whose headers hold only the number of the file in the
package's header (https://rpm-software-management.github.io/rpm/manual/format_payload.html).
"""

import re
import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lading.errors import ImageError, LimitExceeded
from lading.image.entry import Entry, LayerFiles, Visitor
from lading.image.limits import Limits
from lading.image.names import cleaned
from lading.image.problems import Problems
from lading.image.tar import Kind

_SNIFF = 24
_NEWC = (b"070701", b"070702")
_STRIPPED = b"07070X"
_FIELDS = 13 * 8  # bytes behind the magic: fields of 8 hexadecimal digits
_END = b"TRAILER!!!"
_NUMBER = re.compile(rb"[0-9a-fA-F]{8}")
_KINDS = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.DIRECTORY, stat.S_IFLNK: Kind.SYMLINK}


class Listed(NamedTuple):
    """A file as the package's header lists it."""

    path: str
    mode: int
    size: int  # of what the archive holds; 0 for all but the last of hard links


class _Header(NamedTuple):
    name: str
    mode: int
    size: int
    inode: tuple[int, int, int]  # with the device
    links: int


def read_cpio(
    chunks: Iterator[memoryview],
    visitor: Visitor,
    *,
    what: str,
    limits: Limits,
    files: LayerFiles,
    listed: Sequence[Listed] = (),
) -> None:
    """Walk the archive once into `files`; `listed` is needed for rpm's own form.

    Raise ImageError for what is damaged and LimitExceeded past a bound, with `files` holding what
    was read before.
    """
    walk = _Walk(_Bytes(chunks, what), visitor, what, limits, files, listed)
    try:
        walk.run()
    finally:
        files.problems += walk.problems.all()


class _Bytes:
    """Stretches out of chunks, with their place in the archive, which padding depends on."""

    def __init__(self, chunks: Iterator[memoryview], what: str) -> None:
        self._chunks = chunks
        self._what = what
        self._chunk = memoryview(b"")
        self.at = 0

    def take(self, size: int) -> bytes | bytearray:
        found = bytearray()
        for part in self._parts(size):
            found += part
        return found

    def skip(self, size: int) -> None:
        for _ in self._parts(size):
            pass

    def align(self) -> None:
        self.skip(-self.at % 4)

    def _parts(self, size: int) -> Iterator[memoryview]:
        self.at += size
        while size:
            if not self._chunk:
                following = next(self._chunks, None)
                if following is None:
                    raise ImageError(f"{self._what} is cut short: its cpio archive does not end")
                self._chunk = following
            part = self._chunk[:size]
            self._chunk = self._chunk[len(part) :]
            size -= len(part)
            yield part


class _Walk:
    def __init__(
        self,
        source: _Bytes,
        visitor: Visitor,
        what: str,
        limits: Limits,
        files: LayerFiles,
        listed: Sequence[Listed],
    ) -> None:
        self._bytes = source
        self._visitor = visitor
        self._what = what
        self._limits = limits
        self._files = files
        self._listed = listed
        self._links: dict[tuple[int, int, int], list[str]] = {}  # names whose content comes later
        self.problems = Problems(limits.problems)

    def run(self) -> None:
        count = 0
        while (head := self._header()) is not None:
            count += 1
            if count > self._limits.entries:
                raise LimitExceeded(f"{self._what}: more than {self._limits.entries} entries")
            self._entry(head)
            self._bytes.align()
        for names in self._links.values():  # hard links to an empty file
            for name in names:
                self._files.add_plain(name)

    def _header(self) -> _Header | None:
        magic = bytes(self._bytes.take(6))
        if magic == _STRIPPED:
            return self._stripped()
        if magic not in _NEWC:
            raise ImageError(f"{self._what} is damaged: no cpio header where one must be")
        fields = bytes(self._bytes.take(_FIELDS))
        numbers = [self._number(fields[at : at + 8]) for at in range(0, _FIELDS, 8)]
        inode, mode, _, _, links, _, size, major, minor, _, _, length, _ = numbers
        if not 0 < length <= self._limits.path_bytes + 2:
            raise ImageError(f"{self._what} is damaged: a name of {length} bytes")
        name = bytes(self._bytes.take(length)).split(b"\0", 1)[0]
        self._bytes.align()
        if name == _END:
            return None
        path = cleaned(name.decode("utf-8", "surrogateescape"))
        return _Header(path, mode, size, (inode, major, minor), links)

    def _stripped(self) -> _Header | None:
        field = bytes(self._bytes.take(8))
        self._bytes.align()
        number = self._number(field)
        if number >= len(self._listed):
            raise ImageError(f"{self._what} is damaged: its header does not list file {number}")
        path, mode, size = self._listed[number]
        return _Header(cleaned(path), mode, size, (number, 0, 0), 1)

    def _number(self, field: bytes) -> int:
        if not _NUMBER.fullmatch(field):
            raise ImageError(f"{self._what} is damaged: a cpio header has no number")
        return int(field, 16)

    def _entry(self, head: _Header) -> None:
        kind = _KINDS.get(stat.S_IFMT(head.mode), Kind.DEVICE)
        mode = head.mode & 0o7777
        if kind is Kind.FILE:
            self._file(head, mode)
        elif kind is Kind.SYMLINK and head.size <= self._limits.path_bytes:
            link = bytes(self._bytes.take(head.size)).decode("utf-8", "surrogateescape")
            self._files.add(Entry(head.name, kind, 0o777, 0, link))
        else:
            self._bytes.skip(head.size)
            self._files.add(Entry(head.name, kind, mode))

    def _file(self, head: _Header, mode: int) -> None:
        if head.links > 1 and not head.size:
            self._links.setdefault(head.inode, []).append(head.name)
            return
        self._content(head.name, mode, head.size)
        # Of hard links only the last has the content; readers may want it for an earlier name.
        for name in self._links.pop(head.inode, ()):
            self._files.add(Entry(name, Kind.HARDLINK, mode, 0, head.name))

    def _content(self, path: str, mode: int, size: int) -> None:
        start = bytes(self._bytes.take(min(size, _SNIFF)))
        rest = size - len(start)
        wish = self._visitor.wish(path, start)
        bound = min(wish.max_size, self._limits.file_bytes)
        if not wish.wanted:
            self._bytes.skip(rest)
            self._files.add_unread(path, mode, size, wish.content)
            return
        if size > bound:
            self._bytes.skip(rest)
            self._files.add(Entry(path, Kind.FILE, mode, size, "", wish.content))
            reason = f"file of {size} bytes, more than is read of its kind"
            self.problems.add(path, reason, "packages in it are not listed")
            return
        data = bytearray(start) + self._bytes.take(rest)
        number = self._files.visits
        self._files.visits += 1
        self._files.add(Entry(path, Kind.FILE, mode, size, "", wish.content, number))
        self._visitor.visit(number, path, mode, data)
