"""A result to comma-separated values: a line a finding, or a package of an inventory.

Format: https://www.rfc-editor.org/rfc/rfc4180. Spreadsheets take cells that begin with certain
characters for formulas, so such text gets an apostrophe before it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator

from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.result import Result
from lading.report.order import canonical
from lading.report.text import plain
from lading.report.view import View

_FORMULAS = tuple("=+-@\uff1d\uff0b\uff0d\uff20|%'")  # full-width ones are formulas in some locales

_OF_FINDINGS = (
    "id", "aliases", "severity", "score", "package", "type", "version", "fix", "fixed_in", "status",
    "kind", "exploited", "epss", "layer", "path", "purl", "advisories", "suppressed", "title",
)  # fmt: skip
_OF_PACKAGES = (
    "package", "type", "version", "purl", "arch", "layer", "evidence", "certainty", "licenses",
    "path",
)  # fmt: skip

Value = str | int | float | None


def render(result: Result, view: View) -> str:  # noqa: ARG001 - lists for machines are whole
    """Return the lines, each ended by CR LF, the first with the names of the columns."""
    result = canonical(result)
    packages = {package.id: package for package in result.packages}
    head: tuple[str, ...]
    rows: Iterable[tuple[Value, ...]]
    if result.findings is None:
        head, rows = _OF_PACKAGES, map(_package, result.packages)
    else:
        head = _OF_FINDINGS
        rows = (_finding(finding, packages.get(finding.package)) for finding in result.findings)
    page = io.StringIO()
    writer = csv.writer(page, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(tuple(_cells(row)) for row in rows)
    return page.getvalue()


def _finding(finding: Finding, package: Package | None) -> tuple[Value, ...]:
    suppressed = finding.suppressed
    return (
        finding.id,
        " ".join(finding.aliases),
        finding.severity,
        finding.score,
        package.name if package else finding.package,
        package.type if package else None,
        package.version if package else finding.installed,
        finding.fix.state,
        " ".join(finding.fix.versions),
        finding.status,
        finding.kind,
        finding.kev.added if finding.kev else None,
        finding.epss.score if finding.epss else None,
        finding.layer,
        package.paths[0] if package and package.paths else None,
        package.purl if package else None,
        " ".join(ref.id for ref in finding.advisories),
        f"{suppressed.by}: {suppressed.reason}" if suppressed else None,
        finding.title,
    )


def _package(package: Package) -> tuple[Value, ...]:
    return (
        package.name,
        package.type,
        package.version,
        package.purl,
        package.arch,
        package.layer,
        package.evidence,
        package.certainty,
        " ".join(package.licenses),
        package.paths[0] if package.paths else None,
    )


def _cells(row: Iterable[Value]) -> Iterator[str]:
    for value in row:
        if isinstance(value, str):
            yield inert(value)
        else:
            yield "" if value is None else str(value)


def inert(text: str) -> str:
    """Return the text on one line, so that no spreadsheet takes it for a formula."""
    text = plain(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULAS) else text
