"""A result to one HTML page that needs no network: a list to search, sort, filter and print.

Specification: https://html.spec.whatwg.org/. What the page lists is JSON in a data block that its
own script shows, and it puts text in as text, never as markup. A policy in the page
(https://www.w3.org/TR/CSP3/) lets this script and this style run, and nothing else at all.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

from lading.model.finding import Finding, Kind, Severity, Status
from lading.model.package import Package
from lading.model.result import Result
from lading.report.headings import remedies
from lading.report.identifiers import links, page_of
from lading.report.order import canonical
from lading.report.phrases import brief, remedy_of
from lading.report.summary import statements
from lading.report.text import json_plain, plain
from lading.report.view import View, is_fixable

_LINKS = 3  # of a finding; the JSON has them all
_VECTORS = 2
_TITLE = 160  # columns
_RULE = 240
_PATHS = 5
_SEVERITIES = tuple(Severity)
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(result: Result, view: View) -> str:
    """Return the page; what the view chooses is what its filters begin with."""
    result = canonical(result)
    style, script = _asset("page.css"), _asset("page.js")
    data = msgspec.json.encode(_data(result, view)).decode()
    return _asset("page.html").format(
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'",
        title=_text(result.target),
        style=style,
        target=_text(result.target),
        facts="".join(_facts(result)),
        verdict=_verdict(result),
        tiles="".join(_tiles(result)),
        statements="".join(f"<li>{_text(text)}</li>" for text, _ in statements(result, view)),
        layers="".join(_layers(result)),
        made=f"Lading {_text(result.lading)}, {view.now:%Y-%m-%d %H:%M} UTC",
        data=json_plain(data).translate(_MARKUP),
        script=script,
    )


def _asset(name: str) -> str:
    return files("lading.report").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"


def _text(text: str) -> str:
    return escape(brief(text))


def _facts(result: Result) -> Iterator[str]:
    image, system = result.image, result.image.os
    if image.platform:
        yield f"<span>{_text(image.platform)}</span>"
    if system:
        name = system.pretty_name or f"{system.id} {system.version_id or ''}".strip()
        ended = " · no longer supported" if system.supported is False else ""
        yield f"<span>{_text(name)}{ended}</span>"
    yield f"<span>{len(result.packages):,} packages</span>"
    if image.digest:
        yield f"<code>{_text(image.digest)}</code>"


def _verdict(result: Result) -> str:
    if result.verdict is None:
        return '<strong class="verdict none">Inventory: nobody looked for vulnerabilities</strong>'
    if result.verdict.passed:
        return '<strong class="verdict pass">Passes the policy</strong>'
    return '<strong class="verdict breach">Breaches the policy</strong>'


def _tiles(result: Result) -> Iterator[str]:
    if result.findings is None:
        return
    counts = Counter(one.severity for one in result.findings if one.suppressed is None)
    for severity in _SEVERITIES:
        yield (
            f'<button type="button" class="tile {severity}" data-severity="{severity}" '
            f'aria-pressed="true"><b>{counts[severity]:,}</b> {severity}</button>'
        )


def _layers(result: Result) -> Iterator[str]:
    for layer in result.image.layers:
        made = f"<code>{_text(layer.created_by)}</code>" if layer.created_by else "not recorded"
        yield f"<tr><td class=number>{layer.index}</td><td>{made}</td></tr>"


def _data(result: Result, view: View) -> dict[str, Any]:
    places = {package.id: number for number, package in enumerate(result.packages)}
    ends = remedies(result)
    return {
        "packages": [_package(package, ends) for package in result.packages],
        "findings": None
        if result.findings is None
        else [_finding(finding, places) for finding in result.findings],
        "severities": _SEVERITIES,
        "view": {
            "severity": view.severity,
            "fixable": view.fixable,
            "sort": view.sort,
        },
    }


def _package(package: Package, ends: Mapping[str, str]) -> list[Any]:
    """Return name, version, type, layer, paths, licenses, package URL, and what ends its findings.

    Lists without names keep the page small; `page.js` has the names.
    """
    paths = [plain(path) for path in package.paths[:_PATHS]]
    if len(package.paths) > _PATHS:
        paths.append(f"{len(package.paths) - _PATHS:,} more")
    return [
        brief(package.name),
        brief(package.version or "unknown"),
        package.type,
        package.layer,
        paths,
        brief(", ".join(package.licenses), _RULE),
        brief(package.purl),
        brief(ends.get(package.id, "")),
    ]


def _finding(finding: Finding, places: Mapping[str, int]) -> list[Any]:
    """Return id, rank of the severity, score, package, what fixes it, … as `page.js` names them."""
    epss = round(finding.epss.score * 100, 1) if finding.epss else None
    place: int | str = places.get(finding.package, -1)
    suppressed = finding.suppressed
    return [
        brief(finding.id),
        _SEVERITIES.index(finding.severity),
        finding.score,
        place if place != -1 else brief(finding.package),
        [brief(version) for version in finding.fix.versions] if is_fixable(finding) else None,
        remedy_of(finding),
        epss,
        finding.layer,
        brief(finding.title or "", _TITLE),
        list(_marks(finding)),
        [brief(alias) for alias in finding.aliases],
        page_of(finding.id),
        links(finding.references)[:_LINKS],
        brief(finding.rule, _RULE),
        [brief(one.vector) for one in finding.vectors if one.vector][:_VECTORS],
        brief(f"{suppressed.by}: {suppressed.reason}") if suppressed else None,
    ]


def _marks(finding: Finding) -> Iterator[str]:
    if finding.kind is Kind.MALICIOUS:
        yield "malicious"
    if finding.kev:
        yield "exploited"
    if finding.status is Status.UNKNOWN:
        yield "could not compare"
    if finding.status is Status.UNDER_INVESTIGATION:
        yield "under investigation"
