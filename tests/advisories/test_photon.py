"""Photon OS's vulnerabilities, in the shape that VMware documents."""

import json
from typing import Any

import pytest

from lading.advisories.sources.photon import PHOTON, parse
from lading.errors import InvalidRecord


def an_entry(**members: Any) -> dict[str, Any]:
    return {
        "cve_id": "CVE-2026-1000",
        "pkg": "thing",
        "cve_score": 7.5,
        "aff_ver": "all versions before 2-1.ph5 are vulnerable",
        "res_ver": "2-1.ph5",
    } | members


def a_list(*entries: Any) -> bytes:
    return json.dumps(entries).encode()


def test_a_vulnerability_is_an_advisory_on_all_its_packages() -> None:
    parsed = parse(
        a_list(an_entry(), an_entry(pkg="other", cve_score=5)), None, "2026-01-01T00:00:00Z"
    )

    (one,) = parsed.advisories
    assert (parsed.feed, one.id, one.upstream) == (
        "photon/5.0",
        "PHOTON-CVE-2026-1000",
        ("CVE-2026-1000",),
    )
    assert [vector.score for vector in one.vectors] == [7.5]
    assert [(item.ecosystem, item.name) for item in one.affected] == [
        ("Photon OS:5.0", "thing"),
        ("Photon OS:5.0", "other"),
    ]
    assert [event.version for event in one.affected[0].ranges[0].events] == ["0", "2-1.ph5"]


@pytest.mark.parametrize(
    ("members", "state", "ends"),
    [
        ({"res_ver": "NA"}, "not-fixed", ["0"]),
        ({"res_ver": ""}, "not-fixed", ["0"]),
        ({"res_ver": "NA", "status": "Not Affected"}, "not-affected", []),
    ],
)
def test_what_has_no_fix_has_a_state(members: dict[str, str], state: str, ends: list[str]) -> None:
    found = parse(a_list(an_entry(cve_id="CVE-2026-2000"), an_entry(**members))).advisories

    (affected,) = next(one for one in found if one.id == "PHOTON-CVE-2026-1000").affected
    assert affected.state == state
    assert [event.version for some in affected.ranges for event in some.events] == ends


@pytest.mark.parametrize(
    "broken", [7, {}, an_entry(pkg=None), an_entry(cve_id="Re9a1"), an_entry(cve_score="high")]
)
def test_a_broken_entry_is_rejected_alone(broken: Any) -> None:
    parsed = parse(a_list(an_entry(), broken))

    assert len(parsed.advisories) == 1
    assert parsed.rejected[0][0] == "entry 1"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", a_list(an_entry(res_ver="NA")), b"[" * 9999])
def test_a_list_of_no_release_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


def test_claims_its_list() -> None:
    assert PHOTON.claims(a_list(an_entry()))
    assert not PHOTON.claims(b'[{"cve_id": "CVE-2026-1000"}]')
