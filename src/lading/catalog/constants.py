"""An executable's constant data into the few bytes that can name a version.

A version has a point between two digits, and little else in a program has. So one search for that
leaves a hundredth of the data, and all fingerprints are looked for in the rest alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, cast

from lading.catalog.cataloger import ImageFile
from lading.catalog.executable import Program, Span, programs_of
from lading.errors import CatalogError

BEFORE, AFTER = 128, 96
"""Bytes kept on either side of a point; longer than any fingerprint reaches."""

_CHUNK = 8 << 20
_OVERLAP = 512
_KEPT = 16 << 20  # bytes that are copied but once
_MOST = 32 << 20  # of windows; the largest browsers need a few million bytes
_GAP = b"\xff\n\xff"  # between windows: no fingerprint spans it
_POINT = re.compile(rb"\.(?<=[0-9]\.)[0-9].{0,32}", re.DOTALL)
_CODE = re.compile(
    r"\.?_*(text|plt|init|fini|eh_frame|gcc_except|rel|dyn|gnu\.|hash|debug|zdebug|symtab|strtab|"
    r"shstr|got|gopclntab|note|pdata|xdata|idata|edata|reloc|rsrc|stubs|unwind|ctors|dtors|jcr|tm_)"
)

Read = Callable[[], Iterator[bytes]]
"""Gives the data again, chunk by chunk; each begins with a NUL and overlaps the one before."""


class Constants(NamedTuple):
    """What of an executable a version may stand in."""

    programs: tuple[Program, ...]
    parts: list[memoryview]
    windows: bytes
    is_all: bool  # False: it holds too many numbers to be searched to its end


def constants_of(file: ImageFile) -> Constants:
    """Return the file's constants, worked out once for all readers that ask."""
    known = file.worked_out.get("constants")
    if known is None:
        try:
            programs = programs_of(file)
        except CatalogError:
            programs = ()  # its text may still be there
        whole = Program(data=memoryview(file.data), sections=(), segments=())
        parts = constants(programs or (whole,))
        known = Constants(programs or (whole,), parts, *windows(parts))
        file.worked_out["constants"] = known
    return cast("Constants", known)


def constants(programs: Sequence[Program]) -> list[memoryview]:
    """Return all data of the programs that is not code, names or tables of the linker.

    A file whose sections are not known is read whole.
    """
    return [
        program.content(span)
        for program in programs
        for span in (program.sections or (Span("", 0, 0, len(program.data), False),))
        if span.size > len(_GAP) and not _CODE.match(span.name)
    ]


def reader(parts: Sequence[memoryview]) -> Read:
    """Return what gives the data again; it is copied when somebody first asks, if it is small."""
    kept: list[bytes] = []
    small = sum(map(len, parts)) <= _KEPT

    def read() -> Iterator[bytes]:
        if kept:
            return iter(kept)
        chunks = (b"\0" + bytes(chunk) for part in parts for chunk in _chunks(part))
        if small:
            kept.extend(chunks)
            return iter(kept)
        return chunks

    return read


def windows(parts: Sequence[memoryview]) -> tuple[bytes, bool]:
    """Return the bytes around all points between digits, and whether they are all there."""
    found: list[bytes] = []
    size = 0
    for part in parts:
        for chunk in _chunks(part):
            for window in _windows(chunk):
                found.append(window)
                size += len(window)
                if size > _MOST:
                    return _GAP.join(found), False
    return _GAP.join(found), True


def _chunks(part: memoryview) -> Iterator[memoryview]:
    """Yield the part piece by piece: a search of one piece keeps other threads waiting."""
    for start in range(0, len(part), _CHUNK):
        yield part[max(start - _OVERLAP, 0) : start + _CHUNK]


def _windows(chunk: memoryview) -> Iterator[bytes]:
    start = end = 0
    for hit in _POINT.finditer(chunk):
        point = hit.start()
        if point - BEFORE > end:
            if end:
                yield bytes(chunk[start:end])
            start = point - BEFORE
        end = hit.end() + AFTER
    if end:
        yield bytes(chunk[start:end]) if start else b"\0" + bytes(chunk[:end])
