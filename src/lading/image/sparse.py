"""Sparse tar members: which stretches of a file the archive holds, and the file with its holes.

Formats: GNU's old header map, and the PAX forms 0.0, 0.1 and 1.0
(https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html).
"""

from collections.abc import Callable
from typing import NamedTuple

from lading.errors import ImageError
from lading.image.tar import BLOCK, number, pax_number

_MOST_STRETCHES = 1_000_000


class SparseMap(NamedTuple):
    """`stretches` are (offset, length) in the real file, in archive order."""

    real_size: int
    stretches: tuple[tuple[int, int], ...]

    def expand(self, packed: memoryview) -> bytearray:
        """Return the file with zeros for its holes; the caller has bounded `real_size`."""
        whole = bytearray(self.real_size)
        position = 0
        for offset, length in self.stretches:
            if offset + length > self.real_size or position + length > len(packed):
                raise ImageError("a sparse file has a map that does not fit its size")
            whole[offset : offset + length] = packed[position : position + length]
            position += length
        return whole


def old_gnu_map(block: bytes, next_block: Callable[[], bytes]) -> SparseMap:
    """Read the map of a type S header; `next_block` gives the extension blocks behind it."""
    stretches = _pairs(block[386:482])
    more = block[482]
    while more:
        block_more = next_block()
        stretches += _pairs(block_more[:504])
        more = block_more[504]
        if len(stretches) > _MOST_STRETCHES:
            raise ImageError("a sparse file has too many stretches")
    return SparseMap(number(block[483:495]), tuple(stretches))


def _pairs(table: bytes) -> list[tuple[int, int]]:
    found = []
    for at in range(0, len(table) - 23, 24):
        if not table[at] and not table[at + 12]:
            break
        found.append((number(table[at : at + 12]), number(table[at + 12 : at + 24])))
    return found


def pax_map(records: dict[str, bytes]) -> SparseMap | None:
    """Return the map of a PAX header, empty for 1.0 (it is in the content); None if not sparse."""
    if not any(key.startswith("GNU.sparse.") for key in records):
        return None
    real = pax_number(records, "GNU.sparse.realsize")
    if real is None:
        real = pax_number(records, "GNU.sparse.size")
    if real is None:
        raise ImageError("a sparse file does not say its size")
    numbers = records.get("GNU.sparse.map", b"").split(b",")
    if numbers == [b""]:
        return SparseMap(real, ())
    if len(numbers) % 2 or not all(text.isdigit() and len(text) <= 20 for text in numbers):
        raise ImageError("a sparse file has a malformed map")
    values = [int(text) for text in numbers]
    return SparseMap(real, tuple(zip(values[::2], values[1::2], strict=True)))


def content_map(real_size: int, content: memoryview) -> tuple[SparseMap, memoryview]:
    """Read the PAX 1.0 map at the head of the content; return it and the stretches behind it."""
    values: list[int] = []
    wanted, position = 1, 0
    while len(values) < wanted:
        line = bytes(content[position : position + 21]).partition(b"\n")
        if not line[1] or not line[0].isdigit() or len(values) > 2 * _MOST_STRETCHES:
            raise ImageError("a sparse file has a malformed map")
        values.append(int(line[0]))
        position += len(line[0]) + 1
        if len(values) == 1:
            wanted = 1 + 2 * values[0]
    start = -(-position // BLOCK) * BLOCK
    pairs = tuple(zip(values[1::2], values[2::2], strict=True))
    return SparseMap(real_size, pairs), content[start:]
