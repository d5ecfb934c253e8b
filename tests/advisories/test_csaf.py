"""CSAF: Red Hat's and SUSE's documents in their shapes, and anybody's own."""

import gzip
import json
import tarfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.advisories.format import Parsed
from lading.advisories.sources.csaf import CSAF, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected
from shared_data import shared

RED_HAT = "https://www.redhat.com"
SUSE = "https://www.suse.com/"
ACME = "https://security.acme.example"


def a_product(id: str, **helper: str) -> dict[str, Any]:
    return {"product_id": id, "name": id, "product_identification_helper": helper}


def a_vulnerability(cve: str = "CVE-2026-1000", **members: Any) -> dict[str, Any]:
    return {"cve": cve, **members}


def a_document(
    *vulnerabilities: dict[str, Any],
    id: str = "CVE-2026-1000",
    publisher: str = RED_HAT,
    category: str = "csaf_vex",
    products: tuple[dict[str, Any], ...] = (),
    parts: tuple[tuple[str, str], ...] = (),
    **document: Any,
) -> bytes:
    """Products, and which of them is part of which: its id is both ids with a colon between."""
    return json.dumps(
        {
            "document": {
                "category": category,
                "title": "thing",
                "publisher": {"name": "x", "namespace": publisher},
                "aggregate_severity": {"text": "Important"},
                "tracking": {
                    "id": id,
                    "status": "final",
                    "initial_release_date": "2026-01-01T00:00:00+00:00",
                    "current_release_date": "2026-01-02T00:00:00+00:00",
                },
                "references": [{"url": "https://example.org/self"}],
            }
            | document,
            "product_tree": {
                "branches": [{"category": "product_name", "product": one} for one in products],
                "relationships": [
                    {
                        "category": "default_component_of",
                        "product_reference": part,
                        "relates_to_product_reference": whole,
                        "full_product_name": {"product_id": f"{whole}:{part}", "name": "x"},
                    }
                    for part, whole in parts
                ],
            },
            "vulnerabilities": list(vulnerabilities),
        }
    ).encode()


RHEL = a_product("rhel-9", cpe="cpe:/o:redhat:enterprise_linux:9")
EUS = a_product("eus", cpe="cpe:/a:redhat:rhel_eus:9.2::appstream")
THING = a_product("thing", purl="pkg:rpm/redhat/thing?arch=src")


def red_hats(status: str, **members: Any) -> Parsed:
    """A document on one unversioned source package of RHEL 9."""
    one = a_vulnerability(product_status={status: ["rhel-9:thing"]}, **members)
    return parse(a_document(one, products=(RHEL, THING), parts=(("thing", "rhel-9"),)))


def the_one(parsed: Parsed) -> Advisory:
    assert parsed.rejected == ()
    (one,) = parsed.advisories
    return one


def only(parsed: Parsed) -> Affected:
    (one,) = the_one(parsed).affected
    return one


def events(one: Affected) -> list[str]:
    return [f"{event.kind} {event.version}" for some in one.ranges for event in some.events]


def test_a_document_is_named_after_its_vendor_and_vulnerability() -> None:
    parsed = red_hats(
        "known_affected",
        scores=[{"cvss_v3": {"vectorString": "CVSS:3.1/AV:N"}}],
        cwe={"id": "CWE-79"},
        references=[{"url": "https://example.org/cve"}],
    )

    one = the_one(parsed)
    assert (parsed.feed, one.feed) == ("csaf/redhat/vex", "csaf/redhat/vex")
    assert (one.id, one.upstream, one.rating) == (
        "REDHAT-CVE-2026-1000",
        ("CVE-2026-1000",),
        "important",
    )
    assert (one.published, one.modified) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    assert one.references == ("https://example.org/self", "https://example.org/cve")
    assert ([vector.vector for vector in one.vectors], one.cwes) == (["CVSS:3.1/AV:N"], ("CWE-79",))


@pytest.mark.parametrize(
    ("category", "details", "state", "statement"),
    [
        ("none_available", "Affected", "not-fixed", "Affected"),
        ("none_available", "Fix deferred", "deferred", "Fix deferred"),
        ("no_fix_planned", "Will not fix", "wont-fix", "Will not fix"),
        ("no_fix_planned", "Out of support scope", "end-of-life", "Out of support scope"),
        ("no_fix_planned", "Other words", "wont-fix", "Other words"),
        ("none_available", "", "not-fixed", "none_available"),
        ("workaround", "Turn it off", "not-fixed", None),
    ],
)
def test_the_remedy_says_what_becomes_of_what_is_affected(
    category: str, details: str, state: str, statement: str | None
) -> None:
    remedy = {"category": category, "details": details, "product_ids": ["rhel-9:thing"]}

    one = only(red_hats("known_affected", remediations=[remedy]))

    assert (one.ecosystem, one.name, one.of) == ("Red Hat:enterprise_linux:9", "thing", "source")
    assert (one.state, one.statement, events(one)) == (state, statement, ["introduced 0"])


def test_what_is_not_affected_says_why() -> None:
    flag = {"label": "vulnerable_code_not_present", "product_ids": ["rhel-9:thing"]}

    one = only(red_hats("known_not_affected", flags=[flag]))

    assert (one.state, one.statement, one.ranges) == (
        "not-affected",
        "vulnerable_code_not_present",
        (),
    )


def test_what_is_looked_into_is_open() -> None:
    one = only(red_hats("under_investigation"))

    assert (one.state, events(one)) == ("under-investigation", ["introduced 0"])


def test_a_fix_without_a_version_is_kept_and_compares_with_none() -> None:
    one = only(red_hats("fixed"))

    assert (one.state, one.ranges) == (None, ())


def test_a_fix_is_listed_once_with_its_architectures_and_erratum_and_apart_by_tier() -> None:
    builds = [
        a_product(f"thing-0:2-1.el9.{arch}", purl=f"pkg:rpm/redhat/thing@2-1.el9?arch={arch}")
        for arch in ("x86_64", "aarch64", "src")
    ]
    ids = [one["product_id"] for one in builds]
    remedy = {
        "category": "vendor_fix",
        "details": "words",
        "url": "https://example.org/errata/RHSA-2026:0001",
        "group_ids": ["all"],
    }
    status = [f"{whole}:{id}" for whole in ("rhel-9", "eus") for id in ids]
    document = json.loads(
        a_document(
            a_vulnerability(product_status={"fixed": status}, remediations=[remedy]),
            products=(RHEL, EUS, *builds),
            parts=tuple((id, whole) for whole in ("rhel-9", "eus") for id in ids),
        )
    )
    document["product_tree"]["product_groups"] = [{"group_id": "all", "product_ids": status}]

    found = the_one(parse(json.dumps(document).encode())).affected

    assert [(one.ecosystem, one.tier, one.of, one.arches) for one in found] == [
        ("Red Hat:enterprise_linux:9", None, "binary", ("aarch64", "x86_64")),
        ("Red Hat:enterprise_linux:9", None, "source", ()),
        ("Red Hat:rhel_eus:9.2::appstream", "eus", "binary", ("aarch64", "x86_64")),
        ("Red Hat:rhel_eus:9.2::appstream", "eus", "source", ()),
    ]
    assert {(one.statement, *events(one)) for one in found} == {
        ("RHSA-2026:0001", "introduced 0", "fixed 0:2-1.el9")
    }


def test_a_package_may_be_worse_or_better_than_the_vulnerability() -> None:
    threats = [
        {"category": "impact", "details": "Low", "product_ids": ["rhel-9:thing"]},
        {"category": "impact", "details": "Moderate"},
    ]

    parsed = red_hats("known_affected", threats=threats)

    assert (the_one(parsed).rating, only(parsed).rating) == ("important", "low")


def test_suses_recommended_versions_are_fixes() -> None:
    leap = a_product("openSUSE Leap 15.6")
    build = a_product("thing-2-150600.1.x86_64")
    one = a_vulnerability(
        product_status={"recommended": ["openSUSE Leap 15.6:thing-2-150600.1.x86_64"]}
    )

    parsed = parse(
        a_document(
            one,
            publisher=SUSE,
            products=(leap, build),
            parts=(("thing-2-150600.1.x86_64", "openSUSE Leap 15.6"),),
        )
    )

    assert (parsed.feed, the_one(parsed).id) == ("csaf/suse/vex", "SUSE-CVE-2026-1000")
    assert only(parsed).ecosystem == "openSUSE:Leap 15.6"
    assert events(only(parsed)) == ["introduced 0", "fixed 2-150600.1"]


def an_erratum(*statuses: dict[str, list[str]]) -> Parsed:
    """Red Hat's, on as many vulnerabilities as there are statuses."""
    found = [
        a_vulnerability(f"CVE-2026-{number}", product_status=status)
        for number, status in enumerate(statuses, 1000)
    ]
    other = a_product("other", purl="pkg:rpm/redhat/other?arch=src")
    return parse(
        a_document(
            *found,
            id="RHSA-2026:0001",
            category="csaf_security_advisory",
            products=(RHEL, THING, other),
            parts=(("thing", "rhel-9"), ("other", "rhel-9")),
        )
    )


def test_an_erratum_that_says_the_same_of_its_vulnerabilities_is_one_record() -> None:
    same = {"known_affected": ["rhel-9:thing"]}

    parsed = an_erratum(same, same)

    one = the_one(parsed)
    assert (parsed.feed, one.id) == ("csaf/redhat/advisories", "RHSA-2026:0001")
    assert (one.upstream, len(one.affected)) == (("CVE-2026-1000", "CVE-2026-1001"), 1)


def test_an_erratum_that_tells_its_vulnerabilities_apart_is_a_record_for_each() -> None:
    parsed = an_erratum({"known_affected": ["rhel-9:thing"]}, {"known_affected": ["rhel-9:other"]})

    assert [(one.id, one.upstream, one.affected[0].name) for one in parsed.advisories] == [
        ("RHSA-2026:0001/CVE-2026-1000", ("CVE-2026-1000",), "thing"),
        ("RHSA-2026:0001/CVE-2026-1001", ("CVE-2026-1001",), "other"),
    ]
    assert {one.related for one in parsed.advisories} == {("RHSA-2026:0001",)}


def acmes(*products: dict[str, Any], **status: list[str]) -> Parsed:
    one = a_vulnerability(product_status=status)
    return parse(a_document(one, id="ACME-2026-1", publisher=ACME, products=products))


TOOL_1 = a_product("1", purl="pkg:pypi/acme-tool@1.0")
TOOL_2 = a_product("2", purl="pkg:pypi/acme-tool@2.0")


def test_your_own_document_lists_versions_as_they_stand() -> None:
    parsed = acmes(TOOL_1, TOOL_2, known_affected=["1", "2"])

    one = only(parsed)
    assert (parsed.feed, the_one(parsed).id) == ("csaf/security.acme.example", "ACME-2026-1")
    assert (one.ecosystem, one.name, one.versions, one.ranges, one.state) == (
        "PyPI",
        "acme-tool",
        ("1.0", "2.0"),
        (),
        None,
    )


def test_your_own_document_may_name_the_fix_alone() -> None:
    assert events(only(acmes(TOOL_2, fixed=["2"]))) == ["introduced 0", "fixed 2.0"]


def test_a_fix_beside_a_list_of_versions_is_kept_in_words() -> None:
    one = only(acmes(TOOL_1, TOOL_2, known_affected=["1"], fixed=["2"]))

    assert (one.versions, one.ranges, one.statement) == (("1.0",), (), "fixed in 2.0")


def test_your_own_document_may_give_a_range() -> None:
    document = json.loads(
        a_document(
            a_vulnerability(product_status={"known_affected": ["1"]}), publisher=ACME, id="A-1"
        )
    )
    document["product_tree"]["branches"] = [
        {
            "category": "product_version_range",
            "name": "vers:pypi/>=1.0|<2.0",
            "product": a_product("1", purl="pkg:pypi/acme-tool"),
        }
    ]

    one = only(parse(json.dumps(document).encode()))
    assert (events(one), one.state) == (["introduced 1.0", "fixed 2.0"], None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("first_affected", ["introduced 1.0"]),
        ("last_affected", ["introduced 0", "last_affected 1.0"]),
    ],
)
def test_the_first_and_the_last_affected_version_are_bounds(
    status: str, expected: list[str]
) -> None:
    assert events(only(acmes(TOOL_1, **{status: ["1"]}))) == expected


@pytest.mark.parametrize(
    ("members", "when"),
    [
        ({"category": "csaf_withdrawn"}, "2026-01-02T00:00:00Z"),
        ({"tracking": {"id": "CVE-2026-1000", "status": "deleted"}}, "deleted"),
    ],
)
def test_a_document_can_be_taken_back(members: dict[str, Any], when: str) -> None:
    document = json.loads(a_document())
    document["document"] |= members

    one = the_one(parse(json.dumps(document).encode()))

    assert (one.id, one.withdrawn, one.affected) == ("REDHAT-CVE-2026-1000", when, ())


def test_what_is_left_of_a_deleted_document_needs_its_feed() -> None:
    data = json.dumps({"document": {"tracking": {"id": "CVE-2026-1000", "status": "deleted"}}})

    found = the_one(parse(data.encode(), "csaf/redhat/vex", "2026-02-01T00:00:00Z"))

    assert (found.id, found.modified) == ("REDHAT-CVE-2026-1000", "2026-02-01T00:00:00Z")
    with pytest.raises(InvalidRecord, match="who published"):
        parse(data.encode())


def test_a_product_that_is_nowhere_is_rejected_alone() -> None:
    one = a_vulnerability(product_status={"known_affected": ["rhel-9:thing", "rhel-9:lost"]})

    parsed = parse(a_document(one, products=(RHEL, THING), parts=(("thing", "rhel-9"),)))

    assert [item.name for item in parsed.advisories[0].affected] == ["thing"]
    ((where, reason),) = parsed.rejected
    assert where == "rhel-9:lost"
    assert "not in the product tree" in reason


def test_products_inside_one_another_end() -> None:
    document = json.loads(a_document(a_vulnerability(product_status={"fixed": ["a", "z0"]})))
    document["product_tree"]["relationships"] = [
        {
            "product_reference": inner,
            "relates_to_product_reference": outer,
            "full_product_name": {"product_id": id, "name": id},
        }
        for id, inner, outer in [
            ("a", "b", "b"),
            ("b", "a", "a"),
            *((f"z{n}", f"z{n + 1}", f"z{n + 1}") for n in range(60)),
        ]
    ]

    parsed = parse(json.dumps(document).encode())

    assert [where for where, _ in parsed.rejected] == ["a", "z0"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"document": {}}',
        b'{"document": {"tracking": {"id": ""}}}',
        b'{"document": {"tracking": {"id": 7}}}',
        b'{"document": {"tracking": {"id": "A"}}, "vulnerabilities": {}}',
        b'{"document":' * 5000,
        b'{"document": {"tracking": {"id": "A"}}, "product_tree": {"branches": ['
        + b'{"branches": [' * 5000
        + b"]}" * 5000
        + b"]}}",
    ],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    member=st.sampled_from(["document", "product_tree", "vulnerabilities"]),
    key=st.sampled_from(["tracking", "publisher", "branches", "relationships", "cve"]),
    value=_JSON,
)
def test_swapped_types_are_refused_or_left_out(member: str, key: str, value: Any) -> None:
    document = json.loads(a_document(a_vulnerability()))
    target = document[member][0] if member == "vulnerabilities" else document[member]
    target[key] = value

    try:
        parsed = parse(json.dumps(document).encode())
    except InvalidRecord:
        return
    assert parsed.advisories


def test_recognises_documents_by_their_member() -> None:
    assert CSAF.recognises(frozenset(("document", "product_tree")))
    assert not CSAF.recognises(frozenset(("documents", "id")))


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["redhat-vex", "redhat-csaf"])
def test_reads_every_sample_of_red_hat(folder: str) -> None:
    files = [
        file for file in shared("advisories", "samples", folder).iterdir() if ".json" in file.name
    ]

    for file in files:
        if "deleted" in file.name:
            continue
        data = file.read_bytes()
        parsed = parse(gzip.decompress(data) if file.suffix == ".gz" else data)
        one = the_one(parsed)
        assert one.affected, file.name
        assert all(item.ecosystem.startswith("Red Hat:") for item in one.affected)


@pytest.mark.shared
def test_keeps_red_hats_states_and_streams_of_real_documents() -> None:
    folder = shared("advisories", "samples", "redhat-vex")
    firefox = gzip.decompress(
        (folder / "vuls-data-update__2023__cve-2023-6212.json.gz").read_bytes()
    )
    tiff = (folder / "vuls-data-update__vex__2023__CVE-2023-6228.json").read_bytes()

    found = the_one(parse(firefox)).affected
    assert {
        one.ecosystem: events(one)[1]
        for one in found
        if one.name == "firefox" and one.of == "binary" and "::appstream" in one.ecosystem
    }["Red Hat:rhel_eus:9.2::appstream"] == "fixed 0:115.5.0-1.el9_2"
    assert {
        (one.ecosystem, one.name, one.state) for one in the_one(parse(tiff)).affected if one.state
    } >= {
        ("Red Hat:enterprise_linux:9", "libtiff", "not-fixed"),
        ("Red Hat:enterprise_linux:8", "compat-libtiff3", "wont-fix"),
        ("Red Hat:rhel_els:6", "libtiff", "end-of-life"),
    }


@pytest.mark.shared
def test_keeps_all_products_of_suses_sample() -> None:
    file = shared("advisories", "samples", "suse-csaf-vex", "vuls-data-update__csaf-vex.tar.bz2")
    with tarfile.open(file) as archive:
        members = [one for one in archive if one.name.endswith(".json")]
        files = [archive.extractfile(one) for one in members]
        found = [the_one(parse(file.read())) for file in files if file is not None]

    samba = next(one for one in found if one.id == "SUSE-CVE-2023-5568")
    assert len(samba.affected) == 1185
    assert {one.state for one in samba.affected} == {None, "not-affected"}
    assert "openSUSE:Tumbleweed" in {one.ecosystem for one in samba.affected}
