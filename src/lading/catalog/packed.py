"""Executables packed by UPX into a problem: what they hold cannot be seen until they run.

Marks: https://github.com/upx/upx/blob/devel/src/stub/src/include/linux.h (l_info, after the program
headers) and https://github.com/upx/upx/blob/devel/src/packhead.cpp (at the end); PE files name
their sections UPX0 and UPX1.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.executable import Program, programs_of
from lading.errors import CatalogError
from lading.model.package import Fact

_MARK = b"UPX!"
_HEAD = 1024  # bytes in which the headers end, of ELF; Mach-O has a page of them
_MACHO_HEAD = 4096
_TAIL = 64


def read_packed(file: ImageFile) -> Iterator[Fact]:
    """Yield nothing; raise CatalogError for a packed executable."""
    if any(_is_packed(program) for program in programs_of(file)):
        raise CatalogError(f"{file.path}: packed by UPX: what it holds cannot be seen")
    yield from ()


def _is_packed(program: Program) -> bool:
    data = program.data
    if bytes(data[:2]) == b"MZ":
        return program.section("UPX0") is not None
    if bytes(data[:4]) == b"\x7fELF":
        # What is packed has lost its section table; UPX's own program has one.
        marked = _MARK in bytes(data[:_HEAD]) or _MARK in bytes(data[-_TAIL:])
        return marked and not program.sections
    return _MARK in bytes(data[:_MACHO_HEAD])


PACKED = Cataloger(
    name="packed",
    revision=1,
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_packed,
)
