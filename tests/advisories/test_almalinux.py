"""AlmaLinux's errata, in the two shapes that it documents."""

import json
from typing import Any

import pytest

from lading.advisories.sources.almalinux import ALMALINUX, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory

PACKAGE = {"name": "thing", "epoch": "1", "version": "2", "release": "1.el9_2", "arch": "x86_64"}
MODULAR = PACKAGE | {"release": "1.module_el8.6.0+1+a"}


def an_erratum(**members: Any) -> dict[str, Any]:
    return {
        "id": "ALSA-2026:0001",
        "type": "security",
        "severity": "Important",
        "title": "Important: thing security update",
        "issued_date": "2026-01-01T00:00:00",
        "updated_date": "2026-01-02",
        "packages": [PACKAGE],
        "modules": [],
        "references": [
            {"id": "CVE-2026-1000", "type": "cve", "href": "https://example.org/1"},
            {"id": "RHSA-2026:0001", "type": "rhsa", "href": "https://example.org/2"},
        ],
    } | members


def an_old_erratum() -> dict[str, Any]:
    """The same, as `errata.json` has it."""
    return {
        "_id": {"$oid": "0"},
        "updateinfo_id": "ALSA-2026:0001",
        "type": "security",
        "severity": "Important",
        "title": "Important: thing security update",
        "issued_date": {"$date": 1767225600000},
        "updated_date": {"$date": 1767312000000},
        "pkglist": {"name": "n", "packages": [PACKAGE]},
        "references": [
            {"id": "CVE-2026-1000", "type": "cve", "href": "https://example.org/1"},
            {"id": "RHSA-2026:0001", "type": "rhsa", "href": "https://example.org/2"},
        ],
    }


def full(*errata: Any) -> bytes:
    return json.dumps({"data": errata}).encode()


def the_one(data: bytes) -> Advisory:
    (one,) = parse(data).advisories
    return one


def test_an_erratum_mends_packages() -> None:
    one = the_one(full(an_erratum()))

    assert (one.id, one.upstream, one.rating) == (
        "ALSA-2026:0001",
        ("CVE-2026-1000",),
        "important",
    )
    assert (one.published, one.modified) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    (affected,) = one.affected
    assert (affected.ecosystem, affected.name, affected.arches) == (
        "AlmaLinux:9",
        "thing",
        ("x86_64",),
    )
    assert affected.ranges[0].events[1].version == "1:2-1.el9_2"


def test_both_forms_say_the_same() -> None:
    old = json.dumps([an_old_erratum()]).encode()

    assert the_one(old) == the_one(full(an_erratum()))


@pytest.mark.parametrize(
    ("modules", "module"),
    [
        ([{"name": "nodejs", "stream": "18"}], "nodejs:18"),
        ([{"name": "virt", "stream": "rhel"}, {"name": "virt-devel", "stream": "rhel"}], None),
    ],
)
def test_builds_of_a_module_are_its(modules: list[dict[str, str]], module: str | None) -> None:
    plain = PACKAGE | {"release": "1.el8"}

    found = the_one(full(an_erratum(packages=[MODULAR, plain, plain], modules=modules))).affected

    assert [one.module for one in found] == [module, None]


def test_errata_for_bugs_are_no_advisories() -> None:
    assert parse(full(an_erratum(id="ALBA-2026:1", type="bugfix", references=[]))).advisories == ()


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {},
        an_erratum(id="RHSA-2026:0001"),
        an_erratum(packages=[PACKAGE | {"release": "1"}]),
        an_erratum(packages=[PACKAGE | {"epoch": "x"}]),
        an_erratum(packages="thing"),
    ],
)
def test_a_broken_erratum_is_rejected_alone(broken: Any) -> None:
    parsed = parse(full(broken, an_erratum()))

    assert len(parsed.advisories) == 1
    assert parsed.rejected[0][0] == "erratum 0"


@pytest.mark.parametrize("date", [None, 7.5e300, {"$date": True}, {}, [], "yesterday"])
def test_a_date_that_is_none_is_not_known(date: Any) -> None:
    one = the_one(full(an_erratum(issued_date=date, updated_date=date)))

    assert (one.published, one.modified) == (None, None)


@pytest.mark.parametrize("data", [b"", b"{}", b"7", b'{"data": 7}', b"\xff"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


def test_claims_both_forms_and_no_record_of_osv() -> None:
    assert ALMALINUX.claims(full(an_erratum()))
    assert ALMALINUX.claims(json.dumps([an_old_erratum()]).encode())
    assert not ALMALINUX.claims(b'{"id": "ALSA-2026:0001", "affected": []}')
