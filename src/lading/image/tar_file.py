"""A small tar into the names and bytes of its files: the records inside a package file.

Formats: see `lading.image.tar`. Long names are understood; what has no content is passed over.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lading.image.names import cleaned
from lading.image.reader import TarReader
from lading.image.tar import Header, Kind, Meta, header, pax_records

_LONGEST_HEADER = 1 << 20
_MOST_ENTRIES = 1_000_000


class TarFile(NamedTuple):
    """One regular file: its path without the leading slash, and its content."""

    name: str
    data: bytes


def files_of_tar(
    chunks: Iterator[memoryview], what: str, *, largest: int = 512 << 20
) -> Iterator[TarFile]:
    """Yield the regular files in their order; larger ones come without their content.

    Raise ImageError for what is no tar, or a damaged one.
    """
    tar = TarReader(chunks, what)
    longer: bytes | None = None
    for _ in range(_MOST_ENTRIES):
        block = tar.block()
        head = header(block) if block else None
        if head is None:
            return
        if head.kind >= Meta.LONG_NAME:
            longer = _longer(tar, head) or longer
            continue
        name = cleaned((longer or head.name).decode("utf-8", "surrogateescape"))[1:]
        longer = None
        if head.kind is Kind.FILE and head.size <= largest:
            yield TarFile(name, bytes(tar.take(head.size)))
            continue
        if head.kind is Kind.FILE:
            yield TarFile(name, b"")
        tar.skip(head.size)


def _longer(tar: TarReader, head: Header) -> bytes | None:
    """Return the name that an extended header gives the next file."""
    if head.size > _LONGEST_HEADER or head.kind not in (Meta.LONG_NAME, Meta.PAX):
        tar.skip(head.size)
        return None
    content = bytes(tar.take(head.size))
    if head.kind is Meta.PAX:
        return pax_records(content).get("path")
    return content.split(b"\0", 1)[0]
