"""An executable file (ELF, PE, Mach-O) into its sections, and addresses into bytes.

Formats: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html,
https://learn.microsoft.com/en-us/windows/win32/debug/pe-format and
https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
Tables that reach beyond the file are read as far as they go: such files may still run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from struct import Struct, error
from typing import Any, NamedTuple, cast

from lading.catalog.cataloger import ImageFile
from lading.errors import CatalogError

Buffer = bytes | bytearray | memoryview

_MAX_ARCHITECTURES = 40
_MAX_COMMANDS = 4096
_MAX_SECTIONS = 1 << 18
_LONGEST_NAME = 256
_PE_SECTION = Struct("<8s6I2HI")


class Span(NamedTuple):
    """A stretch of the file that is mapped to memory."""

    name: str  # of a section; "" for a segment
    address: int
    offset: int  # in the file
    size: int  # bytes in the file
    writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One executable; several share a file in Mach-O's universal form."""

    data: memoryview
    sections: tuple[Span, ...]
    segments: tuple[Span, ...]

    def section(self, *names: str) -> Span | None:
        """Return the first section of one of the names."""
        return next((span for span in self.sections if span.name in names), None)

    def content(self, span: Span) -> memoryview:
        """Return the span's bytes, as far as the file has them."""
        return self.data[span.offset : span.offset + span.size]

    def at(self, address: int, size: int) -> bytes | None:
        """Return `size` bytes at a memory address; None where the file does not hold them all."""
        # Sections that are not loaded have the address 0.
        for span in chain(self.segments, (span for span in self.sections if span.address)):
            start = address - span.address
            if start >= 0 and start + size <= span.size:
                found = bytes(self.data[span.offset + start : span.offset + start + size])
                return found if len(found) == size else None
        return None


def programs_of(file: ImageFile) -> tuple[Program, ...]:
    """Return the programs in the file, read once for all readers that ask; see `read_programs`."""
    known = file.worked_out.get("programs")
    if known is None:
        known = file.worked_out["programs"] = tuple(read_programs(file.path, file.data))
    return cast("tuple[Program, ...]", known)


def read_programs(path: str, data: Buffer) -> Iterator[Program]:
    """Yield the programs in an executable file; none for other files.

    Raises CatalogError when a header is cut off.
    """
    view = memoryview(data)
    head = bytes(view[:8])
    try:
        if head[:4] == b"\x7fELF":
            yield _read_elf(view)
        elif head[:2] == b"MZ":
            yield from _read_pe(view)
        elif head[:4] == b"\xca\xfe\xba\xbe":
            yield from _read_fat(view)
        elif head[:4] in _MACHO:
            yield _read_macho(view)
    except error as reason:
        raise CatalogError(f"{path}: its executable header is cut off or damaged") from reason


class _Elf(NamedTuple):
    """Layouts of one class of ELF; the header from byte 24 on."""

    header: str
    segment: str
    segment_fields: tuple[int, int, int, int]  # flags, offset, address, size
    section: str


_ELF = {
    1: _Elf("4xIIIHHHHHH", "8I", (6, 1, 2, 4), "10I"),
    2: _Elf("8xQQIHHHHHH", "2I6Q", (1, 2, 3, 5), "2I4Q2I2Q"),
}


def _read_elf(view: memoryview) -> Program:
    order = ">" if bytes(view[5:6]) == b"\x02" else "<"
    layout = _ELF[2 if bytes(view[4:5]) == b"\x02" else 1]
    header = Struct(order + layout.header).unpack_from(view, 24)
    segments_at, sections_at, _, _, segment_size, segments, section_size, sections, names = header
    table = Struct(order + layout.section)
    rows: list[tuple[Any, ...]] = []
    if sections_at:
        rows = list(_rows(view, table, sections_at, section_size, max(sections, 1)))
    if rows and sections == 0:  # more than the header has room for: the first section counts them
        count = min(rows[0][5], _MAX_SECTIONS)
        rows = list(_rows(view, table, sections_at, section_size, count))
    if rows and names == 0xFFFF:
        names = rows[0][6]
    return Program(
        data=view,
        sections=tuple(_elf_sections(view, rows, names)),
        segments=tuple(
            _elf_segment(row, layout)
            for row in _rows(
                view, Struct(order + layout.segment), segments_at, segment_size, segments
            )
            if row[0] == 1  # PT_LOAD
        ),
    )


def _rows(
    view: memoryview, layout: Struct, start: int, step: int, count: int
) -> Iterator[tuple[Any, ...]]:
    if step < layout.size:
        return
    for position in range(start, start + step * count, step):
        if position + layout.size > len(view):
            return
        yield layout.unpack_from(view, position)


def _elf_segment(row: tuple[Any, ...], layout: _Elf) -> Span:
    flags, offset, address, size = (row[index] for index in layout.segment_fields)
    return Span("", address, offset, size, bool(flags & 2))


def _elf_sections(view: memoryview, rows: list[tuple[Any, ...]], names: int) -> Iterator[Span]:
    if names >= len(rows):
        return
    _, _, _, _, strings_at, strings_size = rows[names][:6]
    strings = bytes(view[strings_at : strings_at + min(strings_size, 1 << 24)])
    for name, kind, flags, address, offset, size, *_ in rows:
        if kind != 8:  # SHT_NOBITS takes no bytes of the file
            yield Span(_text(strings, name), address, offset, size, bool(flags & 1))


def _read_pe(view: memoryview) -> Iterator[Program]:
    if len(view) < 0x40:
        return  # two letters do not make an executable
    header = int.from_bytes(view[0x3C:0x40], "little")
    if bytes(view[header : header + 4]) != b"PE\0\0":
        return
    count, optional_size = Struct("<2xH12xH2x").unpack_from(view, header + 4)
    optional = header + 24
    wide = bytes(view[optional : optional + 2]) == b"\x0b\x02"
    base = Struct("<Q" if wide else "<I").unpack_from(view, optional + (24 if wide else 28))[0]
    sections = []
    for row in _rows(view, _PE_SECTION, optional + optional_size, _PE_SECTION.size, count):
        name, _, address, size, offset = row[:5]
        writable = bool(row[-1] & 0x80000000)
        sections.append(Span(_text(bytes(name), 0), base + address, offset, size, writable))
    yield Program(data=view, sections=tuple(sections), segments=())


_MACHO = {
    b"\xfe\xed\xfa\xce": (">", False),
    b"\xfe\xed\xfa\xcf": (">", True),
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xcf\xfa\xed\xfe": ("<", True),
}


def _read_fat(view: memoryview) -> Iterator[Program]:
    count = int.from_bytes(view[4:8], "big")
    for index in range(min(count, _MAX_ARCHITECTURES)):
        offset, size = Struct(">8xII4x").unpack_from(view, 8 + index * 20)
        part = view[offset : offset + size]
        if bytes(part[:4]) in _MACHO:
            yield _read_macho(part)


def _read_macho(view: memoryview) -> Program:
    order, wide = _MACHO[bytes(view[:4])]
    segment = Struct(order + ("8x16sQ8xQQ4xII4x" if wide else "8x16sI4xII4xII4x"))
    section = Struct(order + ("16s16sQQI28x" if wide else "16s16sIII24x"))
    commands = Struct(order + "16xI").unpack_from(view)[0]
    sections: list[Span] = []
    segments: list[Span] = []
    position = 32 if wide else 28
    for _ in range(min(commands, _MAX_COMMANDS)):
        kind, length = Struct(order + "II").unpack_from(view, position)
        if kind == (0x19 if wide else 1):
            name, address, offset, size, protection, count = segment.unpack_from(view, position)
            writable = bool(protection & 2)
            segments.append(Span(_text(name, 0), address, offset, size, writable))
            first = position + segment.size
            sections += (
                Span(_text(row[0], 0), row[2], row[4], row[3], writable)
                for row in _rows(view, section, first, section.size, count)
            )
        position += max(length, 8)
    return Program(data=view, sections=tuple(sections), segments=tuple(segments))


def _text(data: bytes, start: int) -> str:
    return data[start : start + _LONGEST_NAME].partition(b"\0")[0].decode("latin-1")
