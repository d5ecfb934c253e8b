"""An ELF program's dynamic section into what it calls itself and which libraries it loads.

Format: https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html
"""

from struct import Struct
from typing import NamedTuple

from lading.catalog.executable import Program

_NEEDED, _SONAME = 1, 14
_MOST_LINKS = 4096


class Links(NamedTuple):
    """How a shared library calls itself, and what it loads."""

    soname: str | None = None
    needed: tuple[str, ...] = ()


def links_of(programs: tuple[Program, ...]) -> Links:
    """Return the names of the first ELF program's own library and of those it loads."""
    program = programs[0]
    table, names = program.section(".dynamic"), program.section(".dynstr")
    if table is None or names is None:
        return Links()
    strings = program.content(names)
    order = ">" if bytes(program.data[5:6]) == b"\x02" else "<"
    row = Struct(order + ("qQ" if bytes(program.data[4:5]) == b"\x02" else "iI"))
    data = program.content(table)
    soname, needed = None, []
    for tag, value in row.iter_unpack(
        data[: min(len(data), _MOST_LINKS * row.size) // row.size * row.size]
    ):
        if tag == _SONAME:
            soname = _text(strings, value)
        elif tag == _NEEDED:
            needed.append(_text(strings, value))
    return Links(soname, tuple(needed))


def _text(strings: memoryview, start: int) -> str:
    return bytes(strings[start : start + 256]).partition(b"\0")[0].decode("latin-1")
