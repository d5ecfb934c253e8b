"""CISA's catalogue of known exploited vulnerabilities."""

import json
from typing import Any

import pytest

from lading.advisories.sources.kev import KEV, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Kev


def a_row(**members: Any) -> dict[str, Any]:
    row = {
        "cveID": "CVE-2021-44228",
        "dateAdded": "2021-12-10",
        "dueDate": "2021-12-24",
        "knownRansomwareCampaignUse": "Known",
    }
    return row | members


def a_catalogue(*rows: Any, **members: Any) -> bytes:
    catalogue = {"catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T10:00:00.5Z"}
    return json.dumps(catalogue | {"vulnerabilities": rows} | members).encode()


def test_an_entry_is_read_whole() -> None:
    found = parse(a_catalogue(a_row()))

    assert found.kev == (
        ("CVE-2021-44228", Kev(added="2021-12-10", due="2021-12-24", ransomware=True)),
    )
    assert (found.feed, found.as_of, found.rejected) == ("kev", "2026-01-02T10:00:00.5Z", ())


@pytest.mark.parametrize(
    ("members", "entry"),
    [
        pytest.param(
            {"knownRansomwareCampaignUse": "Unknown"},
            Kev(added="2021-12-10", due="2021-12-24", ransomware=None),
            id="unknown use says nothing",
        ),
        pytest.param(
            {"knownRansomwareCampaignUse": 1},
            Kev(added="2021-12-10", due="2021-12-24", ransomware=None),
            id="a number for the use",
        ),
        pytest.param(
            {"dueDate": None}, Kev(added="2021-12-10", due=None, ransomware=True), id="not due"
        ),
        pytest.param(
            {"dueDate": "soon"}, Kev(added="2021-12-10", due=None, ransomware=True), id="no date"
        ),
    ],
)
def test_what_an_entry_does_not_say_is_unknown(members: dict[str, Any], entry: Kev) -> None:
    assert parse(a_catalogue(a_row(**members))).kev == (("CVE-2021-44228", entry),)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(None, id="null"),
        pytest.param("CVE-2021-44228", id="a text"),
        pytest.param({}, id="nothing"),
        pytest.param(a_row(cveID=None), id="no CVE"),
        pytest.param(a_row(cveID="GHSA-1"), id="another id"),
        pytest.param(a_row(cveID="CVE-2021-44228" * 999), id="an endless id"),
        pytest.param(a_row(dateAdded=None), id="no date"),
        pytest.param(a_row(dateAdded="10 December"), id="no date that is one"),
    ],
)
def test_a_broken_entry_is_rejected_alone(broken: Any) -> None:
    found = parse(a_catalogue(broken, a_row(cveID="CVE-2026-1000")))

    assert [cve for cve, _ in found.kev] == ["CVE-2026-1000"]
    ((where, reason),) = found.rejected
    assert where == "vulnerabilities[0]"
    assert len(reason) < 300


def test_a_catalogue_without_a_date_is_dated_by_its_file() -> None:
    undated = a_catalogue(a_row(), dateReleased="some day")

    assert parse(undated, None, "2026-01-01T00:00:00Z").as_of == "2026-01-01T00:00:00Z"
    assert parse(undated).as_of is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"vulnerabilities": {}}',
        b'{"vulnerabilities": [',
        b'{"vulnerabilities": ' + b"[" * 100_000,
    ],
    ids=["nothing", "a list", "an object", "no UTF-8", "no list", "cut", "nested without end"],
)
def test_what_is_no_catalogue_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="no catalogue"):
        parse(data)


def test_a_document_is_recognised_by_its_members() -> None:
    assert KEV.recognises(frozenset({"catalogVersion", "vulnerabilities"}))
    assert not KEV.recognises(frozenset({"vulnerabilities"}))
