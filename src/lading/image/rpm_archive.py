"""An rpm package file in memory into its header, its payload, and what the payload's files are.

Format: https://rpm-software-management.github.io/rpm/manual/format_v4.html and format_v6.html: a
lead, a header of signatures, the package's header, then the payload, compressed.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from lading.errors import ImageError
from lading.image.cpio import Listed

LEAD = b"\xed\xab\xee\xdb"
_LEAD_SIZE = 96
_HEADER = b"\x8e\xad\xe8\x01"
_FORMAT = 1124  # of the payload
_SIZES, _MODES, _INDEXES, _BASES, _FOLDERS, _LONG_SIZES = 1028, 1030, 1116, 1117, 1118, 5008
_INODES = 1096
_NUMBERS = {3: "H", 4: "I", 5: "Q"}  # types of a record: how struct writes its numbers
_MOST_RECORDS = 0xFFFF  # rpm's own limit
_MOST_FILES = 1_000_000


class Parts(NamedTuple):
    """The two parts of a package file."""

    header: bytes  # without its magic, as databases store it
    payload: memoryview


def parts_of_rpm(data: memoryview) -> Parts:
    """Return the parts; ImageError where it is no rpm package, or one that ends before them."""
    if bytes(data[:4]) != LEAD:
        raise ImageError("it is no rpm package")
    signatures = _LEAD_SIZE
    start = signatures + _length(data, signatures)
    start += -start % 8  # the signatures are padded, the header is not
    end = start + _length(data, start)
    return Parts(bytes(data[start + 8 : end]), data[end:])


def _length(data: memoryview, at: int) -> int:
    """Return how many bytes the header at that place takes."""
    intro = bytes(data[at : at + 16])
    if len(intro) < 16 or intro[:4] != _HEADER:
        raise ImageError("it has no header where an rpm package must have one")
    records, size = struct.unpack_from(">II", intro, 8)
    length = 16 + 16 * records + size
    if not 0 < records <= _MOST_RECORDS or at + length > len(data):
        raise ImageError("a header of the rpm package goes beyond its end")
    return int(length)


def payload_format(header: bytes) -> str:
    """Return the payload's format; `cpio` where the header does not say."""
    found = next(_Records(header).texts(_FORMAT), b"cpio")
    return found.decode("ascii", "backslashreplace")


def listed_files(header: bytes) -> list[Listed]:
    """Return the files that the header lists, in its order, which rpm's own cpio form refers to.

    Of hard links, the last carries the content. Raise ImageError where its lists do not agree.
    """
    records = _Records(header)
    indexes, modes = records.numbers(_INDEXES), records.numbers(_MODES)
    sizes = records.numbers(_LONG_SIZES) or records.numbers(_SIZES)
    bases, folders = list(records.texts(_BASES)), list(records.texts(_FOLDERS))
    count = len(bases)
    if not len(indexes) == len(modes) == len(sizes) == count or count > _MOST_FILES:
        raise ImageError("the lists of files in its header do not agree")
    if indexes and max(indexes) >= len(folders):
        raise ImageError("the lists of files in its header do not agree")
    inodes = records.numbers(_INODES)
    if len(inodes) != count:
        inodes = tuple(range(count))
    last = {inode: number for number, inode in enumerate(inodes)}
    return [
        Listed(
            (folders[indexes[number]] + bases[number]).decode("utf-8", "surrogateescape"),
            modes[number],
            sizes[number] if last[inodes[number]] == number else 0,
        )
        for number in range(count)
    ]


class _Records:
    """The records of a header by their tags."""

    def __init__(self, header: bytes) -> None:
        count, _ = struct.unpack_from(">II", header)
        rows = struct.iter_unpack(">IIiI", header[8 : 8 + 16 * count])
        self._rows = {row[0]: row[1:] for row in rows}
        self._data = header[8 + 16 * count :]

    def numbers(self, tag: int) -> tuple[int, ...]:
        type, offset, count = self._rows.get(tag, (0, 0, 0))
        letter = _NUMBERS.get(type)
        if letter is None or not 0 <= offset <= len(self._data):
            return ()
        there = (len(self._data) - offset) // struct.calcsize(letter)
        return struct.unpack_from(f">{min(count, there)}{letter}", self._data, offset)

    def texts(self, tag: int) -> Iterator[bytes]:
        _, at, count = self._rows.get(tag, (0, 0, 0))
        for _ in range(count):
            end = self._data.find(0, at) if at >= 0 else -1
            if end < 0:
                return
            yield self._data[at:end]
            at = end + 1
