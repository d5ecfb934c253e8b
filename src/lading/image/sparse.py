"""Sparse tar members: which stretches of a file the archive holds, and the file with its holes.

Formats: GNU's old header map, and the PAX forms 0.0, 0.1 and 1.0
(https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html).
"""

from collections.abc import Sequence
from typing import NamedTuple

from lading.errors import ImageError
from lading.image.tar import BLOCK, number, pax_number

MAP_BYTES = 8 * BLOCK  # how far into the content a PAX 1.0 map is looked for when sniffing
MOST_BLOCKS = 50_000  # of an old map, with 21 stretches each


class SparseMap(NamedTuple):
    """`stretches` are (offset, length) in the real file, in archive order."""

    real_size: int
    stretches: tuple[tuple[int, int], ...] | None  # None: PAX 1.0, the map heads the content

    def expand(self, content: memoryview) -> bytearray:
        """Return the file with zeros for its holes; the caller has bounded `real_size`.

        Raise ImageError when the map and the content do not fit each other.
        """
        stretches, packed = self.laid_out(content)
        whole = bytearray(self.real_size)
        position = 0
        for offset, length in stretches:
            if offset + length > self.real_size or position + length > len(packed):
                raise ImageError("a sparse file has a map that does not fit its size")
            whole[offset : offset + length] = packed[position : position + length]
            position += length
        return whole

    def laid_out(self, content: memoryview) -> tuple[tuple[tuple[int, int], ...], memoryview]:
        """Return the stretches, and the bytes that fill them one after another."""
        return _content_map(content) if self.stretches is None else (self.stretches, content)


def first_bytes(holes: SparseMap, content: bytes, size: int) -> bytes:
    """Return up to `size` first bytes of the file, given the first of its content in the archive.

    Empty where the file begins with a hole, or its map is too long or damaged to be seen from here.
    """
    try:
        stretches, packed = holes.laid_out(memoryview(content))
    except ImageError:
        return b""
    if not stretches or stretches[0][0] != 0:
        return b""
    return bytes(packed[: min(size, stretches[0][1])])


def continues(blocks: Sequence[bytes]) -> bool:
    """Say whether the map of an old GNU sparse file goes on in a further block."""
    return blocks[-1][482 if len(blocks) == 1 else 504] != 0


def old_gnu_map(blocks: Sequence[bytes]) -> SparseMap:
    """Read the map of a type S header and of the blocks behind it that continue it."""
    stretches = _pairs(blocks[0][386:482])
    for block in blocks[1:]:
        stretches += _pairs(block[:504])
    return SparseMap(number(blocks[0][483:495]), tuple(stretches))


def _pairs(table: bytes) -> list[tuple[int, int]]:
    found = []
    for at in range(0, len(table), 24):
        if not table[at] and not table[at + 12]:
            break
        found.append((number(table[at : at + 12]), number(table[at + 12 : at + 24])))
    return found


def pax_map(records: dict[str, bytes]) -> SparseMap | None:
    """Return the map of a PAX header; None when it is not that of a sparse file."""
    version = records.get("GNU.sparse.major", b""), records.get("GNU.sparse.minor", b"")
    table = records.get("GNU.sparse.map")
    in_content = version == (b"1", b"0")
    if not in_content and (version not in ((b"0", b"0"), (b"0", b"1"), (b"", b"")) or not table):
        return None
    real = pax_number(records, "GNU.sparse.size")
    if real is None:
        real = pax_number(records, "GNU.sparse.realsize")
    if real is None:
        raise ImageError("a sparse file does not say its size")
    return SparseMap(real, None if in_content else _listed(table or b""))


def _listed(table: bytes) -> tuple[tuple[int, int], ...]:
    numbers = table.split(b",")
    if len(numbers) % 2 or not all(text.isdigit() and len(text) <= 20 for text in numbers):
        raise ImageError("a sparse file has a malformed map")
    values = [int(text) for text in numbers]
    return tuple(zip(values[::2], values[1::2], strict=True))


def _content_map(content: memoryview) -> tuple[tuple[tuple[int, int], ...], memoryview]:
    """Read the PAX 1.0 map at the head of the content; return it and the stretches behind it."""
    values: list[int] = []
    wanted, position = 1, 0
    while len(values) < wanted:
        line = bytes(content[position : position + 21]).partition(b"\n")
        if not line[1] or not line[0].isdigit():
            raise ImageError("a sparse file has a malformed map")
        values.append(int(line[0]))
        position += len(line[0]) + 1
        if len(values) == 1:
            wanted = 1 + 2 * values[0]
    start = -(-position // BLOCK) * BLOCK
    return tuple(zip(values[1::2], values[2::2], strict=True)), content[start:]
