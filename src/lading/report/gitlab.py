"""A result to GitLab's report of container scanning, version 15.2.4 of its schema.

Schema: https://gitlab.com/gitlab-org/security-products/security-report-schemas. GitLab keeps
decisions of its own, so suppressed findings are left out, and a message says how many.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from lading.model.finding import Finding, Severity
from lading.model.package import Package
from lading.model.result import Result
from lading.report.identifiers import fingerprints, kind_of, links, page_of, weakness_of
from lading.report.order import canonical
from lading.report.phrases import brief, named, remedy_of, told
from lading.report.text import json_plain
from lading.report.view import View
from lading.sbom.text import json_text

_VERSION = "15.2.4"
_SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.NEGLIGIBLE: "Info",
    Severity.UNKNOWN: "Unknown",
}
_NAME = 255  # characters of a vulnerability's name
_SOLUTION = 7000  # characters
_LINKS = 50
_VECTORS = 10
_V2 = re.compile(
    r"(?=.{16,128}\Z)(?:(?:AV:[NAL]|AC:[LMH]|Au:[MSN]|[CIA]:[NPC]|E:(?:U|POC|F|H|ND)"
    r"|RL:(?:OF|TF|W|U|ND)|RC:(?:UC|UR|C|ND)|CDP:(?:N|LM|L|MH|H|ND)|TD:(?:N|L|M|H|ND)"
    r"|[CIA]R:(?:L|M|H|ND))(?:/(?=.)|\Z))+"
)
_V3 = re.compile(
    r"(?=.{32,128}\Z)CVSS:3\.[01](?:/(?:AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]"
    r"|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]"
    r"|MS:[XUC]|M[CIA]:[XNLH]))+"
)
_V4 = re.compile(
    r"(?=.{32,256}\Z)CVSS:4\.0/AV:[NALP]/AC:[LH]/AT:[NP]/PR:[NLH]/UI:[NPA]/VC:[HLN]/VI:[HLN]"
    r"/VA:[HLN]/SC:[HLN]/SI:[HLN]/SA:[HLN]"
)  # further metrics of version 4 have one order there, which vectors of feeds need not have
_FORMS = (_V4, _V3, _V2)


def render(result: Result, view: View) -> str:
    """Return the document; its times are the view's clock."""
    result = canonical(result)
    packages = {package.id: package for package in result.packages}
    findings = result.findings or ()
    marks = fingerprints(findings, packages)
    moment = f"{view.now:%Y-%m-%dT%H:%M:%S}"
    tool = {
        "id": "lading",
        "name": "Lading",
        "version": result.lading,
        "vendor": {"name": "Lading"},
    }
    document = {
        "version": _VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "container_scanning",
            "status": "success",
            "start_time": moment,
            "end_time": moment,
            "messages": [{"level": level, "value": text} for level, text in _messages(result)],
        },
        "vulnerabilities": [
            _vulnerability(finding, packages.get(finding.package), result, mark)
            for finding, mark in zip(findings, marks, strict=True)
            if finding.suppressed is None
        ],
    }
    return json_plain(json_text(document))


def _messages(result: Result) -> Iterator[tuple[str, str]]:
    if result.findings is None:
        yield "warn", "This is an inventory: nobody looked for vulnerabilities."
    suppressed = sum(finding.suppressed is not None for finding in result.findings or ())
    if suppressed:
        yield "info", f"{suppressed} more suppressed by exceptions or VEX."
    for note in result.coverage.notes:
        yield "warn", f"Not covered: {brief(note)}"
    for problem in result.problems:
        place = f"{brief(problem.path)}: " if problem.path else ""
        yield "warn", f"{place}{brief(problem.reason)}; {brief(problem.effect)}"


def _vulnerability(
    finding: Finding, package: Package | None, result: Result, mark: str
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, mark)),
        "name": brief(finding.title or finding.id, _NAME)[:_NAME],
        "description": told(finding, package),
        "severity": _SEVERITIES[finding.severity],
        "solution": remedy_of(finding)[:_SOLUTION],
        "identifiers": list(_identifiers(finding)),
        "links": [{"url": url} for url in links(finding.references)[:_LINKS]],
        "location": {
            "dependency": {
                "package": {"name": brief(package.name if package else finding.package)},
                "version": brief((package.version if package else finding.installed) or "unknown"),
            },
            "operating_system": _system(result),
            "image": brief(result.image.reference or result.target) or "unknown",
        },
        "details": _details(finding, package),
    }
    if vectors := list(_vectors(finding)):
        found["cvss_vectors"] = vectors[:_VECTORS]
    return found


def _identifiers(finding: Finding) -> Iterator[dict[str, str]]:
    for id in dict.fromkeys((finding.id, *finding.aliases)):
        text = brief(id) or "unknown"
        row = {"type": kind_of(id), "name": text, "value": text}
        yield row | ({"url": page} if (page := page_of(id)) else {})
    for id in finding.cwes:
        if number := weakness_of(id):
            url = f"https://cwe.mitre.org/data/definitions/{number}.html"
            yield {"type": "cwe", "name": id, "value": number, "url": url}


def _vectors(finding: Finding) -> Iterator[dict[str, str]]:
    for stated in finding.vectors:
        vector = stated.vector or ""
        if any(form.fullmatch(vector) for form in _FORMS):
            yield {"vendor": brief(stated.source) or "unknown", "vector": vector}


def _system(result: Result) -> str:
    system = result.image.os
    if system is None or not system.id:
        return "unknown"
    return brief(f"{system.id} {system.version_id or ''}".strip()) or "unknown"


def _details(finding: Finding, package: Package | None) -> dict[str, Any]:
    texts = {
        "package": ("Package", named(finding, package)),
        "path": ("Path", brief(package.paths[0]) if package and package.paths else ""),
        "purl": ("Package URL", brief(package.purl) if package else ""),
        "rule": ("Why it is reported", brief(finding.rule)),
        "layer": ("Layer", "" if finding.layer is None else str(finding.layer)),
    }
    return {
        key: {"type": "text", "name": name, "value": text}
        for key, (name, text) in texts.items()
        if text
    }
