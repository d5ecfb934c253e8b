"""Cells to lines that fit a width: the little typesetting that the table needs.

A line is filled from the left; a cell that has no room left starts the next line. Each cell says
whether and when it may be cut: an identifier or a version never, even if its line becomes too long.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lading.report.text import plain, shorten, width

NARROWEST = 40  # columns

_WORTHWHILE = 16  # columns; a shortened cell says little in fewer


class Cut(Enum):
    """When a cell may lose its middle."""

    NEVER = "never"
    ALONE = "alone"  # only where a whole line is too short for it
    READILY = "readily"  # where the rest of the line is too short for it


class Style(Enum):
    """SGR parameters: https://ecma-international.org/publications-and-standards/standards/ecma-48/."""

    STRONG = "1"
    FAINT = "2"
    GRAVE = "1;35"
    BAD = "31"
    WARNING = "33"
    GOOD = "32"


class Cell:
    """Something to show; several parts stand on one line where they can."""

    __slots__ = ("cut", "gap", "parts", "style")

    def __init__(
        self, *parts: str, cut: Cut = Cut.NEVER, style: Style | None = None, gap: int = 2
    ) -> None:
        """Take the parts as they came from the image; `gap` is the space before the cell."""
        self.parts = tuple(plain(part) for part in parts if part)
        self.cut = cut
        self.style = style
        self.gap = gap

    @property
    def text(self) -> str:
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where the lines go: how wide, and whether coloured."""

    width: int
    color: bool

    def lines(
        self, cells: Iterable[Cell], *, indent: int = 0, hang: int = 4, stops: Sequence[int] = ()
    ) -> list[str]:
        """Return the lines that show `cells`, each no further left than its stop.

        The first line is indented by `indent` columns, the others by `hang` more.
        """
        setting = _Setting(self, indent, indent + hang)
        for at, cell in enumerate(cells):
            if cell.parts:
                setting.add(cell, stops[at] if at < len(stops) else 0)
        return setting.finished()


class _Setting:
    """Lines in the making."""

    def __init__(self, page: Page, indent: int, hang: int) -> None:
        self._page = page
        self._full = max(page.width, NARROWEST)
        self._hang = hang
        self._done: list[str] = []
        self._line = ""
        self._used = 0  # columns of the line; colours take none
        self._start = indent

    def add(self, cell: Cell, stop: int) -> None:
        size = width(cell.text)
        start = max(self._start, stop, self._used + cell.gap if self._line else 0)
        room = self._full - start
        if size <= room:
            self._put(cell.text, cell.style, start)
        elif cell.cut is Cut.READILY and room >= _WORTHWHILE:
            self._put(shorten(cell.text, room), cell.style, start)
        else:
            self._add_below(cell, size)

    def _add_below(self, cell: Cell, size: int) -> None:
        self._break()
        room = self._full - self._start
        if size <= room:
            self._put(cell.text, cell.style, self._start)
        elif cell.cut is not Cut.NEVER:
            self._put(shorten(cell.text, room), cell.style, self._start)
        else:
            for part in cell.parts:
                if self._line and self._used + 1 + width(part) > self._full:
                    self._break()
                start = self._used + 1 if self._line else self._start
                self._put(part, cell.style, start)

    def finished(self) -> list[str]:
        return [*self._done, self._line] if self._line else self._done

    def _put(self, text: str, style: Style | None, start: int) -> None:
        painted = f"\x1b[{style.value}m{text}\x1b[0m" if style and self._page.color else text
        self._line += " " * (start - self._used) + painted
        self._used = start + width(text)

    def _break(self) -> None:
        if self._line:
            self._done.append(self._line)
            self._start = self._hang
        self._line, self._used = "", 0


def sentence(text: str, *, style: Style | None = None) -> list[Cell]:
    """Return the words of `text`, to be set with one space between them."""
    return [Cell(word, cut=Cut.ALONE, style=style, gap=1) for word in text.split()]


def stops(rows: Iterable[Sequence[Cell]], *, indent: int, widest: int) -> tuple[int, ...]:
    """Return where each column starts so that cells of up to `widest` columns stand in line."""
    sizes: list[int] = []
    for row in rows:
        sizes.extend([0] * (len(row) - len(sizes)))
        for at, cell in enumerate(row):
            sizes[at] = max(sizes[at], min(width(cell.text), widest))
    starts, start = [], indent
    for size in sizes:
        starts.append(start)
        start += size + 2 if size else 0
    return tuple(starts)
