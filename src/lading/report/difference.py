"""A comparison of two results to a table, to JSON (`lading.diff/1`), or to a comment."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from lading.model.difference import Change, Difference, FindingChange, PackageChange
from lading.report.cells import STYLES
from lading.report.layout import Cell, Cut, Page, Style, sentence
from lading.report.markdown import block, code, folded
from lading.report.text import encodable, json_plain
from lading.report.view import View

SCHEMA = "lading.diff/1"
LONGEST = 60_000  # characters of a comment
_HEADINGS = {Change.NEW: "New", Change.FIXED: "Fixed", Change.CHANGED: "Changed"}
_TINTS = {Change.NEW: Style.BAD, Change.FIXED: Style.GOOD, Change.CHANGED: Style.WARNING}
_OPEN = 10  # rows of each kind that are shown without a click
_FOLDED = 100  # further rows of each kind


def table(difference: Difference, view: View) -> str:
    """Return lines for a person; none is wider than the view, but for identifiers and versions."""
    page = Page(width=view.width, color=view.color)
    lines = page.lines([Cell(difference.old), Cell("→"), Cell(difference.new, style=Style.STRONG)])
    for change in Change:
        found = [one for one in difference.findings if one.change is change]
        if found:
            title = f"{_HEADINGS[change]}: {_count(len(found), 'finding')}"
            lines += ["", *page.lines(sentence(title, style=_TINTS[change]))]
        for one in found:
            lines += page.lines(_cells(one), indent=2)
    if difference.packages:
        title = f"Packages: {_count(len(difference.packages), 'change')}"
        lines += ["", *page.lines(sentence(title, style=Style.STRONG))]
    for package in difference.packages:
        lines += page.lines([Cell(package.name, cut=Cut.ALONE), *_step(package)], indent=2)
    lines.append("")
    for text in (_totals(difference), *(f"Note: {note}" for note in difference.notes)):
        lines += page.lines(sentence(text))
    return "\n".join(lines) + "\n"


def json(difference: Difference, view: View) -> str:  # noqa: ARG001 - views never change the JSON
    """Return the JSON text, ending in a newline."""
    tree = msgspec.to_builtins(difference)
    data = msgspec.json.encode(_encodable(tree | {"schema": SCHEMA}), order="sorted")
    return json_plain(msgspec.json.format(data, indent=2).decode()) + "\n"


def markdown(difference: Difference, view: View) -> str:  # noqa: ARG001 - a comment shows all that fits
    """Return the comment, of at most LONGEST characters; what had no room is counted."""
    counts = Counter(one.change for one in difference.findings)
    mark = "❌" if counts[Change.NEW] else "✅"
    parts = [f"### {mark} {code(difference.old)} → {code(difference.new)}", _totals(difference)]
    for change in Change:
        rows = [_row(one) for one in difference.findings if one.change is change]
        parts += _section(f"{_HEADINGS[change]} findings", _FINDINGS, rows)
    rows = [_package_row(package) for package in difference.packages]
    parts += _section("Packages", _PACKAGES, rows, opened=0)
    if difference.notes:
        parts.append(folded("What makes the comparison say less", block(difference.notes)))
    while len("\n\n".join(parts)) >= LONGEST:  # whole parts, so that no markup is left open
        parts = [*parts[:-2], "More has no room here; `--format table` lists it all."]
    return "\n\n".join(parts) + "\n"


FORMATS: Mapping[str, Callable[[Difference, View], str]] = MappingProxyType(
    {"table": table, "json": json, "markdown": markdown}
)
"""The first is the default."""

_FINDINGS = "| finding | severity | package | version | cause |\n|---|---|---|---|---|"
_PACKAGES = "| package | version |\n|---|---|"


def _cells(one: FindingChange) -> list[Cell]:
    told = [f"{member.name} {member.before} → {member.after}" for member in one.members]
    return [
        Cell(one.id),
        Cell(one.severity, style=STYLES[one.severity]),
        Cell(one.name, cut=Cut.ALONE),
        *_versions(one.before, one.after),
        Cell(one.cause, style=Style.FAINT),
        Cell("; ".join(told) or one.detail, cut=Cut.READILY, style=Style.FAINT),
    ]


def _versions(before: str | None, after: str | None) -> list[Cell]:
    if before == after:
        return [Cell(after or "")]
    return [Cell(before or "not there", gap=2), Cell("→", gap=1), Cell(after or "not there", gap=1)]


def _step(package: PackageChange) -> list[Cell]:
    cells = _versions(", ".join(package.before) or None, ", ".join(package.after) or None)
    return [Cell(f"({package.type})", gap=1), *cells]


def _row(one: FindingChange) -> str:
    told = "; ".join(f"{member.name} {member.before} → {member.after}" for member in one.members)
    cells = (
        code(one.id),
        one.severity,
        code(one.name),
        _arrow(one.before, one.after),
        f"{one.cause}: {code(told or one.detail, 200)}",
    )
    return _line(cells)


def _package_row(package: PackageChange) -> str:
    name = f"{code(package.name)} ({code(package.type)})"
    arrow = _arrow(", ".join(package.before) or None, ", ".join(package.after) or None)
    return _line((name, arrow))


def _arrow(before: str | None, after: str | None) -> str:
    if before == after:
        return code(after or "")
    return f"{code(before or '') or 'not there'} → {code(after or '') or 'not there'}"


def _line(cells: tuple[str, ...]) -> str:
    barred = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(barred)} |"


def _section(title: str, head: str, rows: list[str], *, opened: int = _OPEN) -> Iterator[str]:
    if not rows:
        return
    first, more = rows[:opened], rows[opened : opened + _FOLDED]
    if first:
        yield "\n".join((f"**{title}: {len(rows):,}**", "", head, *first))
    if more:
        left = len(rows) - len(first) - len(more)
        summary = f"{title}: {len(more):,}{' more' if first else ''}"
        rest = f"\n\nand {left:,} more" if left else ""
        yield folded(summary, "\n".join((head, *more)) + rest)


def _totals(difference: Difference) -> str:
    counts = Counter(one.change for one in difference.findings)
    told = ", ".join(f"{counts[change]:,} {change}" for change in Change)
    packages = difference.packages
    return (
        f"Findings: {told}, {difference.unchanged:,} unchanged. "
        f"Packages: {sum(not one.before for one in packages):,} added, "
        f"{sum(not one.after for one in packages):,} removed, "
        f"{sum(bool(one.before and one.after) for one in packages):,} changed."
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _encodable(tree: Any) -> Any:
    match tree:
        case str():
            return encodable(tree)
        case dict():
            return {name: _encodable(value) for name, value in tree.items()}
        case list() | tuple():
            return [_encodable(value) for value in tree]
        case _:
            return tree
