"""Executable files built from the specifications of their formats, with the sections a test names.

Each section starts at a multiple of its alignment, in the file and in memory.
"""

from struct import pack

_ALIGNMENT = 64


class _Elf:
    """Makes ELF files: `an_elf({name: bytes})`; all sections lie in one writable segment."""

    def address(self, bits: int) -> int:
        """Where the first section is in memory."""
        return 0x400000 + self._offset(bits)

    def __call__(
        self,
        sections: dict[str, bytes],
        *,
        bits: int = 64,
        order: str = "little",
        named: bool = True,
    ) -> bytes:
        mark = ">" if order == "big" else "<"
        start = self._offset(bits)
        body, places = _laid_out(sections, start)
        names = b"\0" + b"".join(name.encode() + b"\0" for name in sections) + b".shstrtab\0"
        names_at = start + len(body)
        table_at = names_at + len(names)
        rows = [self._row(mark, bits, 0, 0, 0, 0, 0)]
        for name, (offset, size) in places.items():
            at = names.index(b"\0" + name.encode() + b"\0") + 1
            rows.append(self._row(mark, bits, at, 3, 0x400000 + offset, offset, size))
        at = names.index(b"\0.shstrtab\0") + 1
        rows.append(self._row(mark, bits, at, 0, 0, names_at, len(names)))
        head = self._head(mark, bits, order, table_at if named else 0, len(rows) if named else 0)
        head += self._segment(mark, bits, start, len(body))
        table = b"".join(rows) if named else b""
        return head.ljust(start, b"\0") + body + names + table

    def _offset(self, bits: int) -> int:
        return 128

    def _head(self, mark: str, bits: int, order: str, table_at: int, rows: int) -> bytes:
        wide = bits == 64
        ident = b"\x7fELF" + bytes([2 if wide else 1, 2 if order == "big" else 1, 1]) + bytes(9)
        size, segment, section = (64, 56, 64) if wide else (52, 32, 40)
        form = f"{mark}HHI{'QQQ' if wide else 'III'}IHHHHHH"
        fields = (2, 62, 1, 0, size, table_at, 0, size, segment, 1, section, rows, max(rows - 1, 0))
        return ident + pack(form, *fields)

    def _segment(self, mark: str, bits: int, offset: int, size: int) -> bytes:
        address = 0x400000 + offset
        if bits == 64:
            return pack(f"{mark}2I6Q", 1, 6, offset, address, address, size, size, 64)
        return pack(f"{mark}8I", 1, offset, address, address, size, size, 6, 64)

    def _row(
        self, mark: str, bits: int, name: int, flags: int, address: int, offset: int, size: int
    ) -> bytes:
        form = f"{mark}2I4Q2I2Q" if bits == 64 else f"{mark}10I"
        return pack(form, name, 1 if name else 0, flags, address, offset, size, 0, 0, 64, 0)


an_elf = _Elf()


def a_pe(sections: dict[str, bytes]) -> bytes:
    """A 64-bit PE file whose sections are all writable data."""
    start = 0x400
    body, places = _laid_out(sections, start)
    table = b"".join(
        pack("<8s6I2HI", name.encode(), size, 0x1000 + offset, size, offset, 0, 0, 0, 0, 0xC0000040)
        for name, (offset, size) in places.items()
    )
    optional = pack("<H22xQ", 0x20B, 0x140000000).ljust(0xF0, b"\0")
    head = b"MZ".ljust(0x3C, b"\0") + pack("<I", 0x80)
    head = head.ljust(0x80, b"\0") + b"PE\0\0"
    head += pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, len(optional), 0x22)
    return (head + optional + table).ljust(start, b"\0") + body


def a_macho(sections: dict[str, bytes], *, universal: bool = False) -> bytes:
    """A 64-bit Mach-O file with one writable segment, alone or as the only part of a universal."""
    start = 0x400
    body, places = _laid_out(sections, start)
    rows = b"".join(
        pack("<16s16s2Q8I", name.encode(), b"__DATA", 0x10000 + at, size, at, *[0] * 7)
        for name, (at, size) in places.items()
    )
    segment = pack(
        "<II16s4QiiII",
        0x19, 72 + len(rows), b"__DATA", 0x10000 + start, len(body), start, len(body), 3, 3,
        len(sections), 0,
    )  # fmt: skip
    commands = segment + rows
    head = pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 2, 1, len(commands), 0, 0)
    file = (head + commands).ljust(start, b"\0") + body
    if not universal:
        return file
    fat = pack(">2I5I", 0xCAFEBABE, 1, 0x0100000C, 0, 0x1000, len(file), 12)
    return fat.ljust(0x1000, b"\0") + file


def _laid_out(sections: dict[str, bytes], start: int) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """Return the bytes of all sections, and where in the file each is, with its size."""
    body = b""
    places = {}
    for name, data in sections.items():
        places[name] = (start + len(body), len(data))
        body += data + bytes(-len(data) % _ALIGNMENT)
    return body, places
