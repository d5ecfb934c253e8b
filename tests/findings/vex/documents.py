"""One statement as each of the three forms writes it, and what it did to findings."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from builders import a_finding, a_package, a_result
from lading.findings.deciding import Decisions, decide
from lading.findings.vex import read_vex
from lading.model.decision import Outcome
from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.result import Result

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CVE = "CVE-2024-1000"
GHSA = "GHSA-aaaa-bbbb-cccc"
PURL = "pkg:npm/thing@1.5.0"
DIGEST = "sha256:" + "5a" * 32
IMAGE = f"pkg:oci/web@{DIGEST}"

Tree = dict[str, Any]


def openvex(*statements: Tree, **facts: Any) -> Tree:
    usual = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://example.test/vex/1",
        "author": "Example",
        "timestamp": "2026-06-01T00:00:00Z",
        "version": 1,
    }
    return {**usual, **facts, "statements": list(statements)}


def says(status: str | None = "not_affected", *products: Any, **facts: Any) -> Tree:
    """An OpenVEX statement on CVE-2024-1000 in the one package."""
    usual: Tree = {
        "vulnerability": {"name": CVE},
        "products": list(products) or [{"@id": PURL}],
        "status": status,
    }
    if status == "not_affected":
        usual["justification"] = "vulnerable_code_not_present"
    return {name: value for name, value in (usual | facts).items() if value is not None}


def package(**facts: Any) -> Package:
    usual: Tree = {"id": "p", "layer": 3, "purl": PURL}
    return replace(a_package("1.5.0", name="thing", type="npm"), **(usual | facts))


def one(**facts: Any) -> Finding:
    return replace(a_finding(CVE, package="p"), **({"aliases": (GHSA,)} | facts))


def scanned(*findings: Finding, packages: tuple[Package, ...] | None = None) -> Result:
    found = a_result(packages=packages or (package(),), findings=findings or (one(),))
    return replace(
        found,
        image=replace(found.image, reference="registry.example/shop/web:1.4", digest=DIGEST),
    )


def heard(*documents: Tree, of: Result | None = None) -> Result:
    """The result once the documents, vex1.json and so on, have been heard."""
    read = [
        read_vex(json.dumps(tree).encode(), f"vex{number}.json")
        for number, tree in enumerate(documents, 1)
    ]
    given = Decisions(
        statements=tuple(one for all in read for one in all.statements),
        unusable=tuple(one for all in read for one in all.unusable),
    )
    return decide(of if of is not None else scanned(), given, NOW)


def suppressed(found: Result) -> list[bool]:
    return [finding.suppressed is not None for finding in found.findings or ()]


def outcomes(found: Result) -> list[Outcome]:
    return [decision.outcome for decision in found.decisions or ()]


def reasons(found: Result) -> list[str]:
    return [decision.reason for decision in found.decisions or ()]
