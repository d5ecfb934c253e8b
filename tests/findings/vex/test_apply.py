"""What a statement is about, and which of several decides: case by case."""

from dataclasses import replace
from typing import Any

import pytest

from findings.vex.documents import (
    CVE,
    DIGEST,
    GHSA,
    IMAGE,
    PURL,
    heard,
    one,
    openvex,
    outcomes,
    package,
    reasons,
    says,
    scanned,
    suppressed,
)
from lading.model.decision import Outcome, Vex
from lading.model.finding import Status, Suppression

# ------------------------------------------------------------------ products

HELD = package(id="inner", parent="p", purl="pkg:npm/inner@1.0.0", hashes=("sha256:aa",))
INSIDE = scanned(one(package="inner"), packages=(package(), HELD))


@pytest.mark.parametrize(
    ("product", "applies"),
    [
        pytest.param({"@id": PURL}, True, id="the package"),
        pytest.param({"@id": "pkg:npm/thing"}, True, id="any version of it"),
        pytest.param({"@id": "pkg:npm/thing@1.5.1"}, False, id="another version"),
        pytest.param({"@id": "pkg:npm/%40scope/thing@1.5.0"}, False, id="another namespace"),
        pytest.param({"@id": "pkg:pypi/thing@1.5.0"}, False, id="another type"),
        pytest.param({"@id": PURL + "?arch=arm64"}, False, id="a qualifier that it has not"),
        pytest.param({"@id": PURL + "#lib"}, False, id="a part of it"),
        pytest.param({"@id": "https://example.test/thing"}, False, id="an address of no meaning"),
        pytest.param({"@id": "pkg:"}, False, id="no package URL"),
        pytest.param({"@id": "x", "identifiers": {"purl": PURL}}, True, id="by an identifier"),
        pytest.param({"@id": "x", "hashes": {"sha-256": "AB" * 32}}, True, id="by its hash"),
        pytest.param({"@id": "x", "hashes": {"sha-256": "cd" * 32}}, False, id="another hash"),
        pytest.param({"@id": "x", "hashes": {"md5": "ab" * 16}}, False, id="a hash not trusted"),
        pytest.param({"@id": IMAGE}, True, id="all of the image, by its digest"),
        pytest.param({"@id": "pkg:oci/other@" + DIGEST}, True, id="a digest says more than a name"),
        pytest.param({"@id": "pkg:oci/web@sha256:" + "0" * 64}, False, id="another image"),
        pytest.param({"@id": "x", "hashes": {"sha-256": "5a" * 32}}, True, id="the image's hash"),
        pytest.param({"@id": "registry.example/shop/web:1.4"}, True, id="the image's reference"),
        pytest.param({"@id": DIGEST}, True, id="the image's digest alone"),
        pytest.param({"@id": "pkg:oci/web"}, True, id="the image by its name"),
        pytest.param({"@id": "pkg:oci/eb"}, False, id="the end of the image's name"),
        pytest.param({"@id": "pkg:docker/shop/web@1.4"}, True, id="the image with its tag"),
        pytest.param({"@id": "pkg:docker/shop/web@1.5"}, False, id="another tag"),
        pytest.param(
            {"@id": "pkg:oci/web?repository_url=registry.example/shop/web&tag=1.4"},
            True,
            id="the image by its repository",
        ),
        pytest.param(
            {"@id": "pkg:oci/web?repository_url=registry.example/mine/web"},
            False,
            id="another repository",
        ),
        pytest.param({"@id": "pkg:oci/"}, False, id="no name of an image"),
    ],
)
def test_a_statement_is_about_its_product(product: dict[str, Any], applies: bool) -> None:
    hashed = package(hashes=("sha256:" + "ab" * 32,))

    found = heard(openvex(says("not_affected", product)), of=scanned(packages=(hashed,)))

    assert suppressed(found) == [applies]
    assert outcomes(found) == [Outcome.APPLIED if applies else Outcome.UNMATCHED]


@pytest.mark.parametrize(
    ("whole", "part", "applies"),
    [
        pytest.param(IMAGE, "pkg:npm/inner@1.0.0", True, id="a part of the image"),
        pytest.param(IMAGE, "pkg:npm/other", False, id="another part of the image"),
        pytest.param(
            "pkg:oci/web@sha256:" + "0" * 64, "pkg:npm/inner", False, id="of another image"
        ),
        pytest.param(PURL, "pkg:npm/inner", True, id="a part of the package that holds it"),
        pytest.param("pkg:npm/other", "pkg:npm/inner", False, id="of a package that does not"),
        pytest.param(PURL, "pkg:npm/thing", False, id="the whole is no part of itself"),
    ],
)
def test_a_statement_on_a_part_is_about_that_part_of_that_whole(
    whole: str, part: str, applies: bool
) -> None:
    product = {"@id": whole, "subcomponents": [{"@id": part}]}

    found = heard(openvex(says("not_affected", product)), of=INSIDE)

    assert suppressed(found) == [applies]
    assert applies or "another part of it" in reasons(found)[0]


def test_a_statement_on_a_package_says_nothing_of_what_lies_in_it() -> None:
    found = heard(openvex(says("not_affected", {"@id": PURL})), of=INSIDE)

    assert suppressed(found) == [False]
    assert reasons(found) == ["it is about another product or version; the finding is of inner"]


def test_packages_that_hold_one_another_end() -> None:
    circle = (package(parent="inner"), replace(HELD, owner="p"))
    product = {"@id": "pkg:npm/other", "subcomponents": [{"@id": "pkg:npm/inner"}]}

    found = heard(
        openvex(says("not_affected", product)), of=scanned(one(package="inner"), packages=circle)
    )

    assert suppressed(found) == [False]


def test_an_image_without_a_reference_is_known_by_its_digest_alone() -> None:
    nameless = scanned()
    nameless = replace(nameless, image=replace(nameless.image, reference=None))

    assert suppressed(heard(openvex(says("fixed", {"@id": "pkg:oci/web"})), of=nameless)) == [False]
    assert suppressed(heard(openvex(says("fixed", {"@id": IMAGE})), of=nameless)) == [True]


def test_an_image_without_a_tag_is_meant_by_its_name() -> None:
    untagged = scanned()
    image = replace(untagged.image, reference="localhost:5000/web")
    found = heard(openvex(says("fixed", {"@id": "pkg:oci/web"})), of=replace(untagged, image=image))

    assert suppressed(found) == [True]


def test_a_finding_of_a_package_that_is_not_listed_is_left_alone() -> None:
    assert suppressed(heard(openvex(says()), of=scanned(one(package="gone")))) == [False]


# ------------------------------------------------------------------ vulnerabilities


@pytest.mark.parametrize(
    ("vulnerability", "applies"),
    [
        pytest.param({"name": CVE}, True, id="its id"),
        pytest.param({"name": "cve-2024-1000"}, True, id="in small letters"),
        pytest.param({"name": GHSA}, True, id="an alias that we know"),
        pytest.param({"name": "X-1", "aliases": [CVE]}, True, id="an alias that it knows"),
        pytest.param({"name": "X-1", "@id": f"https://nvd.example/{CVE}"}, True, id="its address"),
        pytest.param({"name": "CVE-2024-10000"}, False, id="another one"),
        pytest.param(CVE, True, id="as 0.0.1 wrote it"),
    ],
)
def test_a_statement_names_a_vulnerability_by_any_of_its_names(
    vulnerability: Any, applies: bool
) -> None:
    found = heard(openvex(says(vulnerability=vulnerability)))

    assert suppressed(found) == [applies]
    assert applies or reasons(found) == ["there is no finding of CVE-2024-10000"]


# ------------------------------------------------------------------ statuses


@pytest.mark.parametrize(
    ("status", "before", "after", "is_suppressed"),
    [
        ("not_affected", Status.AFFECTED, Status.AFFECTED, True),
        ("fixed", Status.AFFECTED, Status.AFFECTED, True),
        ("under_investigation", Status.AFFECTED, Status.UNDER_INVESTIGATION, False),
        ("affected", Status.UNKNOWN, Status.AFFECTED, False),
        ("affected", Status.UNDER_INVESTIGATION, Status.AFFECTED, False),
    ],
)
def test_a_status_does_to_a_finding_what_it_means(
    status: str, before: Status, after: Status, is_suppressed: bool
) -> None:
    found = heard(openvex(says(status)), of=scanned(one(status=before)))

    (finding,) = found.findings or ()
    assert finding.status is after
    assert suppressed(found) == [is_suppressed]
    assert is_suppressed or "says Example" in finding.rule


def test_a_suppression_tells_who_said_what_when_and_where() -> None:
    statement = says(impact_statement="not built in", timestamp="2026-05-01T10:00:00+02:00")

    (finding,) = heard(openvex(statement)).findings or ()

    assert finding.suppressed == Suppression(
        by="Example",
        reason="not_affected: vulnerable_code_not_present: not built in",
        until=None,
        vex=Vex(
            status="not_affected",
            justification="vulnerable_code_not_present",
            impact="not built in",
            stated="2026-05-01T08:00:00Z",
            source="https://example.test/vex/1",
        ),
    )


def test_a_fix_needs_no_reason() -> None:
    (finding,) = heard(openvex(says("fixed"))).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.reason == "fixed"


# ------------------------------------------------------------------ several statements

OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


@pytest.mark.parametrize(
    ("first", "second", "is_suppressed", "why"),
    [
        pytest.param(
            says("affected", timestamp=OLD),
            says("not_affected", timestamp=NEW),
            True,
            "vex2.json#1 says not_affected, and is newer: 2026-02-01T00:00:00Z",
            id="the newer, which excuses",
        ),
        pytest.param(
            says("affected", timestamp=NEW),
            says("not_affected", timestamp=OLD),
            False,
            "vex1.json#1 says affected, and is newer: 2026-02-01T00:00:00Z",
            id="the newer, wherever it stands",
        ),
        pytest.param(
            says("not_affected", timestamp=OLD),
            says("under_investigation", timestamp=OLD),
            False,
            "vex2.json#1 says under_investigation at the same moment, which is more cautious",
            id="of one moment, the more cautious",
        ),
        pytest.param(
            says("fixed", timestamp=OLD),
            says("not_affected", timestamp=OLD),
            True,
            "vex1.json#1 says fixed at the same moment, which is more cautious",
            id="fixed is more cautious than not affected",
        ),
        pytest.param(
            says("fixed", timestamp=OLD),
            says("fixed", timestamp=OLD),
            True,
            "vex1.json#1 says fixed too",
            id="two that agree",
        ),
    ],
)
def test_of_statements_that_disagree_one_decides_and_the_other_says_why_not(
    first: Any, second: Any, is_suppressed: bool, why: str
) -> None:
    other = {"@id": "https://example.test/vex/2", "author": "Other"}

    found = heard(openvex(first), openvex(second, **other))

    assert suppressed(found) == [is_suppressed]
    assert sorted(outcomes(found)) == [Outcome.APPLIED, Outcome.SUPERSEDED]
    assert why in reasons(found)


def test_a_later_version_of_a_document_replaces_what_it_said_at_the_same_moment() -> None:
    found = heard(openvex(says("affected"), version=1), openvex(says("not_affected"), version=2))

    assert suppressed(found) == [True]
    assert reasons(found)[0] == "vex2.json#1 says not_affected in a later version of the document"
    assert reasons(found)[1] == "decides 1; vex1.json#1 said otherwise"


def test_a_statement_without_a_time_is_older_than_any() -> None:
    undated = openvex(says("affected"), timestamp="some day")

    found = heard(undated, openvex(says("not_affected"), **{"@id": "other"}))

    assert suppressed(found) == [True]


def test_a_statement_may_decide_on_one_finding_and_not_on_another() -> None:
    both = scanned(one(), one(package="q"), packages=(package(), package(id="q", layer=1)))
    newer = says("affected", {"@id": PURL}, timestamp=NEW)

    found = heard(openvex(says(timestamp=OLD), newer), of=both)

    assert suppressed(found) == [False, False]
    assert outcomes(found) == [Outcome.SUPERSEDED, Outcome.APPLIED]


def test_a_decision_names_a_few_products_and_counts_the_rest() -> None:
    products = [{"@id": f"pkg:npm/p{number}"} for number in range(5)]

    (decision,) = heard(openvex(says("fixed", *products))).decisions or ()

    assert decision.about == f"{CVE} fixed: pkg:npm/p0, pkg:npm/p1, pkg:npm/p2 and 2 more"


def test_a_product_of_hashes_alone_is_named_by_them() -> None:
    found = heard(openvex(says("fixed", {"hashes": {"sha-512": "ab"}})))

    assert (found.decisions or ())[0].about == f"{CVE} fixed: sha512:ab"
