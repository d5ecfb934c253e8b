"""A finding's row, or a package, to the cells of its columns: one function per column."""

from collections.abc import Callable, Mapping, Sequence

from lading.model.finding import Finding, FixState, Kind, Severity, Status
from lading.model.package import Package
from lading.report.layout import Cell, Cut, Style
from lading.report.rows import Row

STYLES: Mapping[Severity, Style | None] = {
    Severity.CRITICAL: Style.GRAVE,
    Severity.HIGH: Style.BAD,
    Severity.MEDIUM: Style.WARNING,
    Severity.LOW: None,
    Severity.NEGLIGIBLE: Style.FAINT,
    Severity.UNKNOWN: Style.WARNING,
}

_WITHOUT_FIX: Mapping[FixState, str] = {
    FixState.FIXED: "fixed",  # the record does not say in which version
    FixState.NOT_FIXED: "no fix",
    FixState.WONT_FIX: "won't fix",
    FixState.DEFERRED: "fix deferred",
    FixState.END_OF_LIFE: "end of life",
    FixState.UNKNOWN: "fix unknown",
}

_VERSIONS = 3  # that are listed


def severity(finding: Finding) -> Cell:
    return Cell(finding.severity, style=STYLES[finding.severity])


def score(finding: Finding) -> Cell:
    return Cell("" if finding.score is None else f"{finding.score:.1f}", cut=Cut.ALONE)


def fix(finding: Finding) -> Cell:
    versions = finding.fix.versions if finding.fix.state is FixState.FIXED else ()
    if not versions:
        return Cell(_WITHOUT_FIX[finding.fix.state])
    shown = list(versions[:_VERSIONS])
    if len(versions) > _VERSIONS:
        shown.append(f"+{len(versions) - _VERSIONS} more")
    return Cell("fixed in", *(f"{text}," for text in shown[:-1]), shown[-1], style=Style.GOOD)


def marks(finding: Finding) -> Cell:
    """Return what sets the finding apart from an ordinary one."""
    found = []
    if finding.kind is Kind.MALICIOUS:
        found.append("malicious: remove it")
    if finding.kev:
        found.append("exploited by ransomware" if finding.kev.ransomware else "exploited")
    if finding.status is Status.UNKNOWN:
        found.append("could not compare")
    if finding.status is Status.UNDER_INVESTIGATION:
        found.append("under investigation")
    return Cell(", ".join(found), cut=Cut.ALONE, style=Style.GRAVE)


def title(finding: Finding) -> Cell:
    return Cell(finding.title or "", cut=Cut.READILY, style=Style.FAINT)


def name(text: str, *, style: Style | None = None) -> Cell:
    return Cell(text, cut=Cut.ALONE, style=style)


def path(paths: Sequence[str]) -> Cell:
    """Return the first path and the number of the others."""
    more = f" +{len(paths) - 1:,} more" if len(paths) > 1 else ""
    return Cell((paths[0] if paths else "") + more, cut=Cut.READILY, style=Style.FAINT)


def _layer(index: int | None) -> Cell:
    return Cell("" if index is None else str(index))


def _epss(finding: Finding) -> Cell:
    return Cell(f"{finding.epss.score:.1%}" if finding.epss else "", cut=Cut.ALONE)


def _licenses(package: Package) -> Cell:
    return Cell(", ".join(package.licenses), cut=Cut.READILY)


OF_PACKAGES: Mapping[str, Callable[[Package], Cell]] = {
    "package": lambda package: name(package.name),
    "version": lambda package: Cell(package.version or "unknown"),
    "type": lambda package: Cell(package.type, cut=Cut.ALONE),
    "arch": lambda package: Cell(package.arch or "", cut=Cut.ALONE),
    "layer": lambda package: _layer(package.layer),
    "evidence": lambda package: Cell(package.evidence),
    "licenses": _licenses,
    "path": lambda package: path(package.paths),
}
"""The columns of an inventory."""

_OF_FINDINGS: Mapping[str, Callable[[Finding], Cell]] = {
    "id": lambda finding: Cell(finding.id),
    "severity": severity,
    "score": score,
    "epss": _epss,
    "fix": fix,
    "marks": marks,
    "title": title,
}


def cell(row: Row, column: str) -> Cell:
    """Return the cell of one of COLUMNS."""
    if column in _OF_FINDINGS:
        return _OF_FINDINGS[column](row.finding)
    if row.package is not None and column != "layer":
        return OF_PACKAGES[column](row.package)
    match column:
        case "package":
            return name(row.name)
        case "version":
            return Cell(row.version or "unknown")
        case "layer":
            return _layer(row.finding.layer)
        case _:
            return Cell()
