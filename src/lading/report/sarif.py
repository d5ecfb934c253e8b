"""A result to SARIF 2.1.0, which code scanning of GitHub and GitLab reads.

Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. What GitHub asks
for beyond it (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning):
a location in a file for every result, `security-severity` of each rule, fingerprints that last.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lading.model.finding import Finding, Kind, Severity
from lading.model.package import Package
from lading.model.problem import Problem
from lading.model.result import Result
from lading.report.identifiers import fingerprints, page_of, relative_uri, weakness_of
from lading.report.order import canonical
from lading.report.phrases import SCORES, brief, remedy_of, told
from lading.report.rows import score_of
from lading.report.text import json_plain
from lading.report.view import RANK, View
from lading.sbom.text import json_text

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.NEGLIGIBLE: "note",
    Severity.UNKNOWN: "warning",
}
_ACTIVE = re.compile(r"[\[\]\\]")  # what makes a link in a message


def render(result: Result, view: View) -> str:
    """Return the document; its time is the view's clock."""
    result = canonical(result)
    findings = result.findings or ()
    packages = {package.id: package for package in result.packages}
    rules = _rules(findings)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    marks = fingerprints(findings, packages)
    run = {
        "tool": {
            "driver": {
                "name": "Lading",
                "version": result.lading,
                "semanticVersion": result.lading,
                "rules": rules,
            }
        },
        "columnKind": "utf16CodeUnits",
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": f"{view.now:%Y-%m-%dT%H:%M:%SZ}",
                "toolExecutionNotifications": list(_notifications(result)),
            }
        ],
        "results": [
            _result(finding, packages.get(finding.package), result, numbers, mark)
            for finding, mark in zip(findings, marks, strict=True)
        ],
    }
    return json_plain(json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}))


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    by_id: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_id[finding.id].append(finding)
    return [_rule(id, members) for id, members in sorted(by_id.items())]


def _rule(id: str, findings: Sequence[Finding]) -> dict[str, Any]:
    worst = min(findings, key=lambda finding: (RANK[finding.severity], -score_of([finding])))
    title = next((finding.title for finding in findings if finding.title), None)
    short = _message(brief(title) if title else f"{brief(id)} in an installed package")
    weaknesses = sorted({one for finding in findings for one in finding.cwes})
    numbers = [number for number in map(weakness_of, weaknesses) if number]
    properties: dict[str, Any] = {
        "precision": "very-high",
        "tags": ["security", worst.kind, *(f"external/cwe/cwe-{number}" for number in numbers)],
    }
    score = score_of(findings)
    if score >= 0 or worst.severity in SCORES:
        stated = score if score >= 0 else SCORES[worst.severity]
        properties["security-severity"] = f"{stated:.1f}"
    rule: dict[str, Any] = {
        "id": id,
        "name": "MaliciousPackage" if worst.kind is Kind.MALICIOUS else "VulnerablePackage",
        "shortDescription": short,
        "fullDescription": short,
        "defaultConfiguration": {"level": _LEVELS[worst.severity]},
        "help": _message(_help(id, findings)),
        "properties": properties,
    }
    if page := page_of(id):
        rule["helpUri"] = page
    return rule


def _help(id: str, findings: Sequence[Finding]) -> str:
    other = sorted({alias for finding in findings for alias in finding.aliases})
    known = f" Also known as {', '.join(map(brief, other))}." if other else ""
    remedies = dict.fromkeys(remedy_of(finding) for finding in findings)
    return f"{brief(id)}.{known} {' '.join(list(remedies)[:5])}"


def _result(
    finding: Finding, package: Package | None, result: Result, numbers: dict[str, int], mark: str
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": numbers[finding.id],
        "level": _LEVELS[finding.severity],
        "message": _message(told(finding, package)),
        "locations": list(_locations(finding, package, result)),
        "partialFingerprints": {"primaryLocationLineHash": mark, "ladingFinding/v1": mark},
        "properties": {
            "package": finding.package,
            "severity": finding.severity,
            "status": finding.status,
            "rule": finding.rule,
        },
    }
    if finding.suppressed:
        why = f"{finding.suppressed.by}: {finding.suppressed.reason}"
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": brief(why)}
        ]
    return found


def _locations(
    finding: Finding, package: Package | None, result: Result
) -> Iterator[dict[str, Any]]:
    """Yield the one location that matters; without a path it is the target itself."""
    path = package.paths[0] if package and package.paths else result.target
    where = "" if finding.layer is None else f", layer {finding.layer}"
    yield {
        "physicalLocation": {
            "artifactLocation": {"uri": relative_uri(path)},
            "region": {"startLine": 1},
        },
        "logicalLocations": [
            {"fullyQualifiedName": finding.package, "kind": "package"},
        ],
        "message": _message(f"{brief(result.target)}: {brief(path)}{where}"),
    }


def _notifications(result: Result) -> Iterator[dict[str, Any]]:
    if result.findings is None:
        text = "This is an inventory: nobody looked for vulnerabilities."
        yield {"level": "warning", "message": {"text": text}}
    for note in result.coverage.notes:
        yield {"level": "note", "message": _message(f"Not covered: {brief(note)}")}
    yield from map(_problem, result.problems)


def _problem(problem: Problem) -> dict[str, Any]:
    told = f"{brief(problem.reason)}; {brief(problem.effect)}"
    found: dict[str, Any] = {"level": "warning", "message": _message(told)}
    if problem.path:
        place = {"artifactLocation": {"uri": relative_uri(problem.path)}}
        found["locations"] = [{"physicalLocation": place}]
    return found


def _message(text: str) -> dict[str, str]:
    return {"text": _ACTIVE.sub(r"\\\g<0>", text)}
