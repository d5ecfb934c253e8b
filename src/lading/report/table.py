"""A result to what a person reads on a terminal: findings worst first, then what bounds them.

By default findings stand below their package. No line is wider than the view, except that an
identifier or a version is never cut.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from lading.errors import UsageError
from lading.model.finding import Finding
from lading.model.result import Result
from lading.report.cells import OF_PACKAGES, cell, marks, name, path, score, severity, title
from lading.report.layout import Cell, Cut, Page, Style, sentence, stops
from lading.report.order import canonical
from lading.report.remedy import remedy
from lading.report.rows import Group, Row, groups, natural
from lading.report.summary import statements
from lading.report.text import shorten
from lading.report.view import COLUMNS, Grouping, Sort, View

_INDENT = 2
_WIDEST = 32  # columns that one long cell may push all others to the right

_COLUMNS: Mapping[Grouping, tuple[str, ...]] = {
    Grouping.PACKAGE: ("id", "severity", "score", "fix", "marks", "title"),
    Grouping.VULNERABILITY: ("package", "version", "severity", "score", "fix", "path"),
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
    if result.findings is None:
        lines += _inventory(result, view, page)
    else:
        lines += _findings(result, view, page)
    lines.append("")
    for text, style in statements(result, view):
        lines += page.lines(sentence(text, style=style))
    return "\n".join(lines) + "\n"


def _target(result: Result, page: Page) -> list[str]:
    image, system = result.image, result.image.os
    cells = [Cell(result.target, style=Style.STRONG), Cell(image.platform or "")]
    if system:
        cells.append(name(system.pretty_name or f"{system.id} {system.version_id or ''}".strip()))
        if system.supported is False:
            ended = f"end of life {system.end_of_life}" if system.end_of_life else "end of life"
            cells.append(Cell(ended, style=Style.WARNING))
    return page.lines([*cells, Cell(image.digest or "", style=Style.FAINT)], hang=2)


def _findings(result: Result, view: View, page: Page) -> Iterator[str]:
    columns = _known(view.columns or _COLUMNS[view.group_by], COLUMNS)
    found = groups(result, view)
    grids = [
        [_aligned([cell(row, column) for column in columns]) for row in group.rows]
        for group in found
    ]
    if view.group_by is Grouping.NONE and found:
        grids[0].insert(0, _headings(columns))
    indent = 0 if view.group_by is Grouping.NONE else _INDENT
    at = stops((row for grid in grids for row in grid), indent=indent, widest=_WIDEST)
    remedies = _remedies(result) if view.group_by is Grouping.PACKAGE else {}
    for group, grid in zip(found, grids, strict=True):
        yield ""
        yield from page.lines(_heading(group, result, view.group_by))
        for cells in grid:
            yield from page.lines(cells, indent=indent, stops=at)
        hint = remedies.get(group.first.finding.package, [])
        yield from page.lines(hint, indent=_INDENT)


def _inventory(result: Result, view: View, page: Page) -> Iterator[str]:
    columns = _known(view.columns or _INVENTORY, OF_PACKAGES)
    packages = sorted(
        result.packages, key=lambda package: (natural(package.name), natural(package.version or ""))
    )
    if view.sort is Sort.ID:
        packages = list(result.packages)
    grid = [_aligned([OF_PACKAGES[column](package) for column in columns]) for package in packages]
    if grid:
        grid.insert(0, _headings(columns))
        yield ""
    at = stops(grid, indent=0, widest=_WIDEST)
    for cells in grid:
        yield from page.lines(cells, stops=at)


def _known(columns: Sequence[str], known: Collection[str]) -> Sequence[str]:
    for column in columns:
        if column not in known:
            raise UsageError(f"no column {column!r} here; choose from {', '.join(known)}")
    return columns


def _headings(columns: Sequence[str]) -> list[Cell]:
    return [Cell(column.upper(), style=Style.FAINT) for column in columns]


def _aligned(cells: list[Cell]) -> list[Cell]:
    """Keep cells that may be cut from taking the room of the columns behind them."""
    return [
        Cell(shorten(each.text, _WIDEST), cut=each.cut, style=each.style)
        if each.cut is Cut.READILY and at < len(cells) - 1
        else each
        for at, each in enumerate(cells)
    ]


def _heading(group: Group, result: Result, grouping: Grouping) -> list[Cell]:
    row, finding = group.first, group.first.finding
    match grouping:
        case Grouping.PACKAGE:
            return _package_heading(row)
        case Grouping.VULNERABILITY:
            worst = [severity(finding), score(finding), marks(finding), title(finding)]
            return [Cell(finding.id, style=Style.STRONG), *worst]
        case Grouping.LAYER:
            made = {layer.index: layer.created_by for layer in result.image.layers}
            index = finding.layer
            text = "no layer" if index is None else f"layer {index}"
            by = "" if index is None else made.get(index) or ""
            return [Cell(text, style=Style.STRONG), Cell(by, cut=Cut.READILY)]
        case Grouping.PATH:
            return [name(row.path or "no path", style=Style.STRONG)]
        case Grouping.NONE:
            return []


def _package_heading(row: Row) -> list[Cell]:
    package = row.package
    type = f"({package.type})" if package else "(not in the list of packages)"
    return [
        name(row.name, style=Style.STRONG),
        Cell(row.version or "of unknown version", style=Style.STRONG, gap=1),
        Cell(type, gap=1),
        Cell("" if row.finding.layer is None else f"layer {row.finding.layer}"),
        path(package.paths if package else ()),
    ]


def _remedies(result: Result) -> dict[str, list[Cell]]:
    """Return, by package id, what to say where one new version ends several findings."""
    packages = {package.id: package for package in result.packages}
    fixable: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings or ():
        if finding.suppressed is None and finding.package in packages:
            fixable[finding.package].append(finding)
    hints = {}
    for id, findings in fixable.items():
        found = remedy(findings, packages[id].type)
        if found and found[1] > 1:
            version, number = found
            hints[id] = [
                *sentence(f"{number:,} findings go away with", style=Style.GOOD),
                Cell(packages[id].name, cut=Cut.ALONE, style=Style.GOOD, gap=1),
                Cell(version, style=Style.GOOD, gap=1),
            ]
    return hints
