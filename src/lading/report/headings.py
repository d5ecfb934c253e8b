"""A group of findings to the line above it, and to the hint below it."""

from collections import defaultdict

from lading.model.finding import Finding
from lading.model.image import BaseImage
from lading.model.result import Result
from lading.report.cells import name, path, score, severity, title
from lading.report.layout import Cell, Cut, Style, sentence
from lading.report.remedy import remedy
from lading.report.rows import Group, Row
from lading.report.view import Grouping


def heading(group: Group, result: Result, grouping: Grouping) -> list[Cell]:
    """Return the line above a group: what its findings share."""
    row, finding = group.first, group.first.finding
    match grouping:
        case Grouping.PACKAGE:
            return _package_heading(row)
        case Grouping.VULNERABILITY:
            worst = [severity(finding), score(finding), title(finding)]
            return [Cell(finding.id, style=Style.STRONG), *worst]
        case Grouping.LAYER:
            made = {layer.index: layer.created_by for layer in result.image.layers}
            index = finding.layer
            text = "no layer" if index is None else f"layer {index}"
            by = "" if index is None else made.get(index) or ""
            whose = Cell(owner_of(index, result.image.base), cut=Cut.ALONE)
            return [Cell(text, style=Style.STRONG), whose, Cell(by, cut=Cut.READILY)]
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
        Cell(type, cut=Cut.ALONE, gap=1),
        Cell("" if row.finding.layer is None else f"layer {row.finding.layer}"),
        path(package.paths if package else ()),
    ]


def owner_of(layer: int | None, base: BaseImage | None) -> str:
    """Return whose the layer is: of the base image, or of who built on it; empty for unknown."""
    if layer is None or base is None or base.layers is None:
        return ""
    if layer >= base.layers:
        return "yours"
    return f"base image {base.name}" if base.name else "base image"


def remedies(result: Result) -> dict[str, str]:
    """Return, by package id, the one version that ends all its fixable findings."""
    return {id: version for id, (version, _) in _ends(result).items()}


def hints(result: Result) -> dict[str, list[Cell]]:
    """Return, by package id, what to say where one new version ends several findings."""
    packages = {package.id: package for package in result.packages}
    return {
        id: [
            *sentence(f"{number:,} findings go away with", style=Style.GOOD),
            Cell(packages[id].name, cut=Cut.ALONE, style=Style.GOOD, gap=1),
            Cell(version, style=Style.GOOD, gap=1),
        ]
        for id, (version, number) in _ends(result).items()
        if number > 1
    }


def _ends(result: Result) -> dict[str, tuple[str, int]]:
    packages = {package.id: package for package in result.packages}
    fixable: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings or ():
        if finding.suppressed is None and finding.package in packages:
            fixable[finding.package].append(finding)
    told = {}
    for id, findings in fixable.items():
        if found := remedy(findings, packages[id].type):
            told[id] = found
    return told
