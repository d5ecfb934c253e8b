"""CSAF: the product tree, its relationships, and the reasons that flags and threats give."""

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
    package,
    reasons,
    scanned,
    suppressed,
)
from lading.findings.vex import read_vex
from lading.model.decision import Outcome
from lading.model.finding import Status

Tree = dict[str, Any]


def named(id: str, purl: str | None, **helper: Any) -> Tree:
    given = {"purl": purl, **helper} if purl else helper
    return {"product_id": id, "name": f"Product {id}", "product_identification_helper": given}


def csaf(tree: Tree, *vulnerabilities: Tree, **tracking: Any) -> Tree:
    usual = {"id": "EX-1", "version": "1", "current_release_date": "2026-06-01T00:00:00Z"}
    return {
        "document": {
            "category": "csaf_vex",
            "csaf_version": "2.0",
            "publisher": {"name": "Example"},
            "tracking": usual | tracking,
        },
        "product_tree": tree,
        "vulnerabilities": list(vulnerabilities),
    }


def about(status: str, *ids: str, **facts: Any) -> Tree:
    reason: Tree = {}
    if status == "known_not_affected":
        flag = {"label": "vulnerable_code_not_present", "product_ids": list(ids)}
        reason = {"flags": [flag]}
    return {"cve": CVE, "product_status": {status: list(ids)}, **reason, **facts}


ONE = {"full_product_names": [named("A", PURL)]}


@pytest.mark.parametrize(
    ("status", "is_suppressed", "after"),
    [
        ("known_not_affected", True, Status.AFFECTED),
        ("fixed", True, Status.AFFECTED),
        ("first_fixed", True, Status.AFFECTED),
        ("known_affected", False, Status.AFFECTED),
        ("first_affected", False, Status.AFFECTED),
        ("last_affected", False, Status.AFFECTED),
        ("under_investigation", False, Status.UNDER_INVESTIGATION),
    ],
)
def test_each_status_of_a_product_is_heard(status: str, is_suppressed: bool, after: Status) -> None:
    found = heard(csaf(ONE, about(status, "A")))

    assert suppressed(found) == [is_suppressed]
    assert (found.findings or ())[0].status is after
    assert outcomes(found) == [Outcome.APPLIED]


def test_a_recommendation_is_no_status() -> None:
    assert heard(csaf(ONE, about("recommended", "A"))).decisions == ()


def branch(category: str, name: str, purl: str) -> Tree:
    leaf = {"category": category, "name": name, "product": named("A", purl)}
    return {"branches": [{"category": "vendor", "name": "E", "branches": [leaf]}]}


@pytest.mark.parametrize(
    ("tree", "is_suppressed"),
    [
        (branch("product_version", "1.5.0", PURL), True),
        (branch("product_version", "1.5.0", "pkg:npm/thing"), True),
        (branch("product_version", "1.5.1", "pkg:npm/thing"), False),
        (branch("product_version", "1 5", "pkg:npm/thing"), False),
        (branch("product_version_range", "vers:npm/>=1.0.0|<2.0.0", "pkg:npm/thing"), True),
        (branch("product_version_range", "vers:npm/<1.0.0", "pkg:npm/thing"), False),
        (branch("product_version_range", "vers:npm/>=1.0.0|<2.0.0", IMAGE), True),
        (branch("product_version_range", "vers:oci/<2", "pkg:oci/web"), False),
        (branch("product_version_range", "below 2", "pkg:npm/thing"), False),
        (branch("product_name", "Thing", "pkg:npm/thing"), True),
        ({"full_product_names": [named("A", "pkg:npm/%40a/thing")]}, False),
        ({"full_product_names": [named("A", None)]}, False),
        (
            {
                "full_product_names": [
                    named(
                        "A",
                        None,
                        hashes=[
                            {"file_hashes": [{"algorithm": "sha256", "value": DIGEST[7:]}]},
                            {"file_hashes": [{"algorithm": "md5", "value": "00"}]},
                        ],
                    )
                ]
            },
            True,
        ),
    ],
)
def test_a_product_is_known_by_its_package_url_its_version_and_its_hashes(
    tree: Tree, is_suppressed: bool
) -> None:
    assert suppressed(heard(csaf(tree, about("fixed", "A")))) == [is_suppressed]


def test_a_product_that_nobody_can_recognise_is_told() -> None:
    found = heard(csaf({"full_product_names": [named("A", None)]}, about("fixed", "A")))

    assert "'Product A' has neither a package URL nor a hash" in reasons(found)[0]


def related(whole: str, part: str) -> Tree:
    return {
        "full_product_names": [named("W", whole), named("P", part)],
        "relationships": [
            {
                "category": "default_component_of",
                "product_reference": "P",
                "relates_to_product_reference": "W",
                "full_product_name": {"product_id": "W:P", "name": "P of W"},
            },
            {"category": "installed_on", "product_reference": "none"},
        ],
    }


@pytest.mark.parametrize(
    ("whole", "part", "is_suppressed"),
    [
        (IMAGE, PURL, True),
        (IMAGE, "pkg:npm/other", False),
        ("pkg:oci/web@sha256:" + "0" * 64, PURL, False),
        ("pkg:npm/holder", PURL, True),
    ],
)
def test_a_component_is_meant_within_what_it_relates_to(
    whole: str, part: str, is_suppressed: bool
) -> None:
    holder = package(id="h", purl="pkg:npm/holder@1.0.0")
    of = scanned(packages=(package(parent="h"), holder))

    found = heard(csaf(related(whole, part), about("fixed", "W:P")), of=of)

    assert suppressed(found) == [is_suppressed]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"flags": []}, None),
        ({"flags": [{"label": "trust_me", "product_ids": ["A"]}]}, None),
        (
            {"flags": [{"label": "vulnerable_code_not_present", "product_ids": ["B"]}]},
            None,
        ),
        (
            {"flags": [{"label": "component_not_present", "group_ids": ["G"]}]},
            "not_affected: component_not_present",
        ),
        (
            {
                "flags": [],
                "threats": [{"category": "impact", "details": "no", "product_ids": ["A"]}],
            },
            "not_affected: no",
        ),
        (
            {
                "flags": [],
                "threats": [{"category": "exploit_status", "details": "no", "product_ids": ["A"]}],
            },
            None,
        ),
    ],
)
def test_not_affected_needs_a_reason_given_to_that_product(facts: Tree, reason: str | None) -> None:
    tree = {**ONE, "product_groups": [{"group_id": "G", "product_ids": ["A"]}]}

    found = heard(csaf(tree, about("known_not_affected", "A", **facts)))

    (finding,) = found.findings or ()
    assert (finding.suppressed.reason if finding.suppressed else None) == reason
    assert reason or outcomes(found) == [Outcome.UNUSABLE]


@pytest.mark.parametrize(
    ("vulnerability", "reason"),
    [
        (about("fixed", "Z"), "the product tree has no product 'Z'"),
        (about("fixed", "A", cve=None), "names no vulnerability"),
    ],
)
def test_what_cannot_be_used_is_told(vulnerability: Tree, reason: str) -> None:
    found = heard(csaf(ONE, vulnerability))

    assert outcomes(found) == [Outcome.UNUSABLE]
    assert reason in reasons(found)[0]


def test_a_vulnerability_without_a_cve_is_known_by_its_other_ids() -> None:
    found = heard(csaf(ONE, about("fixed", "A", cve=None, ids=[{"text": GHSA}, {"text": ""}])))

    assert suppressed(found) == [True]


def test_a_later_version_of_the_document_wins_at_the_same_moment() -> None:
    old = csaf(ONE, about("known_affected", "A"), version="1.9.0")

    assert suppressed(heard(old, csaf(ONE, about("fixed", "A"), version="1.10.0"))) == [True]


@pytest.mark.parametrize("tree", [None, [], {"branches": 7}, {"branches": [[]]}, "x"])
def test_a_tree_of_a_wrong_type_has_no_products(tree: Any) -> None:
    read = read_vex(json.dumps(csaf(tree, about("fixed", "A"))).encode(), "v")

    assert [one.reason for one in read.unusable] == ["the product tree has no product 'A'"]
