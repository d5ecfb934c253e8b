"""A result to what a person reads on a terminal: findings worst first, then what bounds them.

By default findings stand below their package; a view may ask for no more lines than a person reads,
and then the worst are listed and the others counted. No line is wider than the view, except that an
identifier or a version is never cut.
"""

from collections.abc import Collection, Mapping, Sequence

from lading.errors import UsageError
from lading.model.package import Package
from lading.model.result import Result
from lading.report.cells import OF_PACKAGES, cell, name
from lading.report.headings import heading, hints
from lading.report.layout import Cell, Cut, Page, Style, sentence, stops
from lading.report.order import canonical
from lading.report.rows import Natural, groups, natural
from lading.report.summary import statements
from lading.report.text import shorten
from lading.report.view import COLUMNS, Grouping, Sort, View

_INDENT = 2
_SHARE = 4  # a cell wider than this fraction of the width does not push other rows to the right

_OF_GROUP = 4  # findings of a group in a short list: of many packages the worst, not of one all

_NARROW = 10  # columns that a cell may always take

_MIDDLE = 32  # columns of a path or a title that others stand behind

_RAGGED = ("marks", "path", "title")
"""Often empty, or long: these share one stop, and follow each other closely."""

_COLUMNS: Mapping[Grouping, tuple[str, ...]] = {
    Grouping.PACKAGE: ("id", "severity", "score", "fix", "marks", "title"),
    Grouping.VULNERABILITY: ("package", "version", "fix", "marks", "path"),
    Grouping.LAYER: ("id", "severity", "score", "package", "version", "fix", "marks", "title"),
    Grouping.PATH: ("id", "severity", "score", "package", "version", "fix", "marks", "title"),
    Grouping.NONE: ("id", "severity", "score", "package", "version", "fix", "marks", "title"),
}
_INVENTORY = ("package", "version", "type", "layer", "path")


def render(result: Result, view: View) -> str:
    """Return the table; raise UsageError for a column that this result does not have."""
    result = canonical(result)
    page = Page(width=view.width, color=view.color)
    lines = _target(result, page)
    body = _inventory if result.findings is None else _findings
    lines += [*body(result, view, page), ""]
    for text, style in statements(result, view):
        lines += page.lines(sentence(text, style=style))
    return "\n".join(lines) + "\n"


def _target(result: Result, page: Page) -> list[str]:
    image, system = result.image, result.image.os
    cells = [Cell(result.target, style=Style.STRONG), name(image.platform or "")]
    if system:
        cells.append(name(system.pretty_name or f"{system.id} {system.version_id or ''}".strip()))
        if system.supported is False:
            ended = f"end of life {system.end_of_life}" if system.end_of_life else "end of life"
            cells.append(name(ended, style=Style.WARNING))
    return page.lines([*cells, Cell(image.digest or "", style=Style.FAINT)], hang=2)


def _inventory(result: Result, view: View, page: Page) -> list[str]:
    columns = _known(view.columns or _INVENTORY, OF_PACKAGES)
    packages = result.packages
    if view.sort is not Sort.ID:
        packages = tuple(sorted(packages, key=_by_name))
    return _flat(
        [[OF_PACKAGES[column](each) for column in columns] for each in packages], columns, page
    )


def _by_name(package: Package) -> tuple[Natural, Natural]:
    return natural(package.name), natural(package.version or "")


def _findings(result: Result, view: View, page: Page) -> list[str]:
    columns = _known(view.columns or _COLUMNS[view.group_by], COLUMNS)
    found = groups(result, view)
    grids = [[[cell(row, column) for column in columns] for row in group.rows] for group in found]
    if view.group_by is Grouping.NONE:
        rows = grids[0] if grids else []
        return [*_flat(rows[: view.most], columns, page), *_rest(len(rows), view.most, page)]
    at = _stops([row for grid in grids for row in grid], page, indent=_INDENT)
    first = next((at for at, column in enumerate(columns) if column in _RAGGED), len(columns))
    at = (*at[:first], *(at[first : first + 1] * (len(columns) - first)))
    remedies = hints(result) if view.group_by is Grouping.PACKAGE else {}
    lines: list[str] = []
    listed = 0
    for group, grid in zip(found, grids, strict=True):
        if view.most is not None and len(lines) >= view.most:
            break
        room = None if view.most is None else _OF_GROUP
        lines += ["", *page.lines(heading(group, result, view.group_by))]
        for cells in grid[:room]:
            lines += page.lines(_kept_apart(cells), indent=_INDENT, stops=at)
        listed += len(grid[:room])
        if len(grid) > len(grid[:room]):
            lines += page.lines(sentence(f"…and {len(grid) - _OF_GROUP:,} more"), indent=_INDENT)
        lines += page.lines(remedies.get(group.first.finding.package, []), indent=_INDENT)
    return [*lines, *_rest(sum(map(len, grids)), listed, page)]


def _rest(total: int, listed: int | None, page: Page) -> list[str]:
    """Say how many findings a short list leaves out, and how to see them."""
    left = 0 if listed is None else total - listed
    if left <= 0:
        return []
    text = f"{left:,} more are not listed here; --all lists them."
    return ["", *page.lines(sentence(text, style=Style.WARNING))]


def _flat(grid: list[list[Cell]], columns: Sequence[str], page: Page) -> list[str]:
    if not grid:
        return []
    headings = [Cell(column.upper(), style=Style.FAINT) for column in columns]
    at = _stops([headings, *grid], page, indent=0)
    lines = [
        "",
        page.lines(headings, stops=at)[0],
    ]  # columns that have no room are named by nothing
    for cells in grid:
        lines += page.lines(_kept_apart(cells), stops=at)
    return lines


def _stops(grid: Sequence[Sequence[Cell]], page: Page, *, indent: int) -> tuple[int, ...]:
    return stops(grid, indent=indent, widest=max(page.width // _SHARE, _NARROW))


def _known(columns: Sequence[str], known: Collection[str]) -> Sequence[str]:
    for column in columns:
        if column not in known:
            raise UsageError(f"no column {column!r} here; choose from {', '.join(known)}")
    return columns


def _kept_apart(cells: Sequence[Cell]) -> list[Cell]:
    """Keep cells that may be cut from taking the room of the columns behind them."""
    return [
        Cell(shorten(each.text, _MIDDLE), cut=each.cut, style=each.style)
        if each.cut is Cut.READILY and at < len(cells) - 1
        else each
        for at, each in enumerate(cells)
    ]
