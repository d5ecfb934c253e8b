"""CycloneDX: analyses, what they affect, and the subject that components are parts of."""

import json
from typing import Any

import pytest

from findings.vex.documents import (
    CVE,
    DIGEST,
    GHSA,
    IMAGE,
    PURL,
    heard,
    outcomes,
    reasons,
    scanned,
    suppressed,
)
from lading.findings.vex import read_vex
from lading.model.decision import Outcome
from lading.model.finding import Status

Tree = dict[str, Any]
LIBRARY = {"type": "library", "bom-ref": "thing", "name": "thing", "purl": PURL}


def bom(*vulnerabilities: Tree, subject: Any = None, components: Any = (LIBRARY,)) -> Tree:
    metadata = {"timestamp": "2026-06-01T00:00:00Z", "authors": [{"name": "Example"}]}
    if subject is not None:
        metadata["component"] = subject
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": metadata,
        "components": list(components),
        "vulnerabilities": list(vulnerabilities),
    }


def analysed(state: str = "not_affected", *refs: Any, **facts: Any) -> Tree:
    affects = [one if isinstance(one, dict) else {"ref": one} for one in refs or ("thing",)]
    return {"id": CVE, "analysis": {"state": state, **facts}, "affects": affects}


@pytest.mark.parametrize(
    ("state", "is_suppressed", "after"),
    [
        ("not_affected", True, Status.AFFECTED),
        ("false_positive", True, Status.AFFECTED),
        ("resolved", True, Status.AFFECTED),
        ("resolved_with_pedigree", True, Status.AFFECTED),
        ("exploitable", False, Status.AFFECTED),
        ("in_triage", False, Status.UNDER_INVESTIGATION),
    ],
)
def test_each_state_of_an_analysis_is_heard(state: str, is_suppressed: bool, after: Status) -> None:
    found = heard(bom(analysed(state)))

    assert suppressed(found) == [is_suppressed]
    assert (found.findings or ())[0].status is after


@pytest.mark.parametrize(
    ("reference", "is_suppressed"),
    [
        ("thing", True),
        (PURL, True),
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#thing", True),
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Anpm%2Fthing%401.5.0", True),
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", False),
        ("nothing", False),
        ("pkg:npm/other", False),
        ({"ref": "thing", "versions": [{"version": "1.5.0", "status": "unaffected"}]}, True),
        ({"ref": "thing", "versions": [{"version": "1.5.0", "status": "affected"}]}, False),
        ({"ref": "thing", "versions": [{"version": "1.5.1", "status": "unaffected"}]}, False),
        ({"ref": "pkg:npm/thing", "versions": [{"range": "vers:npm/<2.0.0"}]}, True),
        ({"ref": "pkg:npm/thing", "versions": [{"range": "vers:npm/<1.0.0"}]}, False),
        ({"ref": "thing", "versions": [{"range": "below 2"}]}, False),
        ({"ref": "thing", "versions": [{}]}, False),
    ],
)
def test_a_reference_leads_to_a_component_or_a_package_url(
    reference: Any, is_suppressed: bool
) -> None:
    assert suppressed(heard(bom(analysed("not_affected", reference)))) == [is_suppressed]


@pytest.mark.parametrize(
    ("subject", "is_suppressed"),
    [
        pytest.param({"type": "container", "name": "x", "purl": IMAGE}, True, id="this image"),
        pytest.param(
            {"type": "container", "name": "x", "purl": "pkg:oci/x@sha256:" + "0" * 64},
            False,
            id="another image",
        ),
        pytest.param(
            {"type": "container", "name": "registry.example/shop/web", "version": "1.4"},
            True,
            id="this image by its name",
        ),
        pytest.param({"type": "container", "name": "other"}, False, id="another name"),
        pytest.param(
            {
                "type": "container",
                "name": "x",
                "hashes": [{"alg": "SHA-256", "content": DIGEST[7:]}, {"alg": "MD5"}],
            },
            True,
            id="this image by its hash",
        ),
        pytest.param({"type": "application", "name": "shop"}, True, id="nobody knows what"),
        pytest.param({"type": "library", "purl": "pkg:npm/x"}, False, id="another package"),
    ],
)
def test_components_are_meant_within_the_subject_where_that_is_known(
    subject: Tree, is_suppressed: bool
) -> None:
    assert suppressed(heard(bom(analysed(), subject=subject))) == [is_suppressed]


def test_the_subject_itself_may_be_meant_and_holds_components_of_its_own() -> None:
    subject = {"type": "container", "bom-ref": "me", "purl": IMAGE, "components": [LIBRARY]}

    assert suppressed(heard(bom(analysed("resolved", "me"), subject=subject))) == [True]
    assert suppressed(heard(bom(analysed(), subject=subject, components=()))) == [True]


def test_versions_narrow_the_component_within_the_subject() -> None:
    subject = {"type": "container", "purl": IMAGE}
    reference = {"ref": "thing", "versions": [{"version": "1.5.1"}]}

    found = heard(bom(analysed("resolved", reference), subject=subject))

    assert suppressed(found) == [False]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"justification": "code_not_present"}, "not_affected: vulnerable_code_not_present"),
        (
            {"justification": "code_not_reachable", "detail": "no route"},
            "not_affected: vulnerable_code_not_in_execute_path: no route",
        ),
        ({"justification": "requires_environment"}, "not_affected: requires_environment"),
        (
            {"justification": "requires_environment", "detail": "no X"},
            "not_affected: requires_environment: no X",
        ),
        ({}, "not_affected"),
    ],
)
def test_a_justification_without_a_counterpart_stays_as_words(facts: Tree, reason: str) -> None:
    (finding,) = heard(bom(analysed(**facts))).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.reason == reason


def test_a_false_positive_says_so() -> None:
    (finding,) = heard(bom(analysed("false_positive"))).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.reason == "not_affected: false positive"


def test_references_are_aliases() -> None:
    vulnerability = analysed() | {"id": "X-1", "references": [{"id": GHSA}, {"source": {}}]}

    assert suppressed(heard(bom(vulnerability))) == [True]


def test_the_time_of_the_analysis_counts_before_that_of_the_document() -> None:
    old = bom(analysed("exploitable", lastUpdated="2026-01-01T00:00:00.123456789Z"))

    assert suppressed(heard(old, bom(analysed(firstIssued="2026-02-01T00:00:00Z")))) == [True]


@pytest.mark.parametrize(
    ("vulnerability", "reason"),
    [
        (analysed() | {"id": None}, "names no vulnerability"),
        (analysed() | {"analysis": {}}, "has no analysis"),
        (analysed("harmless"), "'harmless' is not known"),
        (analysed() | {"affects": []}, "names nothing that it affects"),
    ],
)
def test_what_cannot_be_used_is_told(vulnerability: Tree, reason: str) -> None:
    found = heard(bom(vulnerability))

    assert outcomes(found) == [Outcome.UNUSABLE]
    assert reason in reasons(found)[0]


def test_a_document_without_an_author_is_known_by_its_file() -> None:
    anonymous = bom(analysed()) | {"metadata": {"supplier": {"name": ""}}}

    (finding,) = heard(anonymous, of=scanned()).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.by == "vex1.json"


@pytest.mark.parametrize("subject", [7, [], {"components": 7}, {"bom-ref": 7}])
def test_parts_of_a_wrong_type_are_passed_over(subject: Any) -> None:
    read = read_vex(json.dumps(bom(analysed(), subject=subject)).encode(), "v")

    assert len(read.statements) == 1
