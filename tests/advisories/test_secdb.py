"""Security databases of Alpine, Wolfi and Chainguard, in the shapes that they have had."""

import json
from typing import Any

import pytest

from lading.advisories.format import Parsed
from lading.advisories.sources.secdb import SECDB, parse
from lading.errors import InvalidRecord

AS_OF = "2026-01-01T00:00:00Z"


def a_document(secfixes: Any = None, **members: Any) -> bytes:
    package = {"pkg": {"name": "thing", "secfixes": secfixes or {}}}
    document = {
        "apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}",
        "urlprefix": "https://alpine",
        "distroversion": "v3.19",
        "reponame": "main",
        "packages": [package],
    }
    return json.dumps(document | members).encode()


def parsed(secfixes: Any = None, **members: Any) -> Parsed:
    return parse(a_document(secfixes, **members), None, AS_OF)


def fixes(found: Parsed) -> dict[str, list[tuple[str, str]]]:
    """Vulnerability → (package, fixed version or state)."""
    return {
        one.upstream[0]: [
            (item.name, item.state or item.ranges[0].events[1].version) for item in one.affected
        ]
        for one in found.advisories
    }


def test_one_advisory_for_each_vulnerability() -> None:
    found = parsed({"1.2-r0": ["CVE-2026-1000", "CVE-2026-2000"], "1.3-r1": ["CVE-2026-1000"]})

    assert fixes(found) == {
        "CVE-2026-1000": [("thing", "1.2-r0"), ("thing", "1.3-r1")],
        "CVE-2026-2000": [("thing", "1.2-r0")],
    }
    first = found.advisories[0]
    assert (first.id, first.modified) == ("ALPINE-CVE-2026-1000", AS_OF)
    assert first.affected[0].ecosystem == "Alpine:v3.19"
    assert [str(event.kind) for event in first.affected[0].ranges[0].events] == [
        "introduced",
        "fixed",
    ]
    assert found.rejected == ()


@pytest.mark.parametrize(
    ("members", "ecosystem", "id", "feed"),
    [
        ({}, "Alpine:v3.19", "ALPINE-CVE-2026-1000", "secdb/alpine/v3.19/main"),
        (
            {"distroversion": "edge", "reponame": "community"},
            "Alpine:edge",
            "ALPINE-CVE-2026-1000",
            "secdb/alpine/edge/community",
        ),
        (
            {"distroversion": None, "urlprefix": "https://packages.wolfi.dev"},
            "Wolfi",
            "WOLFI-CVE-2026-1000",
            "secdb/wolfi",
        ),
        (
            {"distroversion": None, "urlprefix": "https://packages.cgr.dev/chainguard"},
            "Chainguard",
            "CGR-CVE-2026-1000",
            "secdb/chainguard",
        ),
        (
            {"reponame": "../../x"},
            "Alpine:v3.19",
            "ALPINE-CVE-2026-1000",
            "secdb/alpine/v3.19/other",
        ),
    ],
)
def test_the_document_says_what_it_is_about(
    members: dict[str, Any], ecosystem: str, id: str, feed: str
) -> None:
    found = parsed({"1": ["CVE-2026-1000"]}, **members)

    (one,) = found.advisories
    assert (one.affected[0].ecosystem, one.id, one.feed, found.feed) == (ecosystem, id, feed, feed)


@pytest.mark.parametrize(
    ("text", "upstream", "aliases", "related"),
    [
        pytest.param("CVE-2017-2616", ["CVE-2017-2616"], (), (), id="one id"),
        pytest.param("CVE-2017-2616 (+ regression fix)", ["CVE-2017-2616"], (), (), id="a remark"),
        pytest.param(
            "CVE-2019-14904 GHSA-aaaa-bbbb-cccc",
            ["CVE-2019-14904"],
            ("GHSA-aaaa-bbbb-cccc",),
            (),
            id="another name of the same",
        ),
        pytest.param(
            "CVE-2016-9932 XSA-200", ["CVE-2016-9932"], (), ("XSA-200",), id="a vendor's id"
        ),
        pytest.param(
            "CVE-2016-1000 CVE-2016-2000", ["CVE-2016-1000", "CVE-2016-2000"], (), (), id="two"
        ),
        pytest.param("CVE_2019-2426", ["CVE-2019-2426"], (), (), id="misspelt"),
        pytest.param("CVE 2018-16859", ["CVE-2018-16859"], (), (), id="with a space"),
        pytest.param("CVE-2017-8073.patch", ["CVE-2017-8073"], (), (), id="named after its patch"),
        pytest.param("XSA-295", ["XSA-295"], (), (), id="a vendor's id alone"),
        pytest.param("CVE-????-?????  XSA-295", ["XSA-295"], (), (), id="not yet assigned"),
        pytest.param(
            "GHSA-aaaa-bbbb-cccc", ["GHSA-aaaa-bbbb-cccc"], (), (), id="GitHub's id alone"
        ),
    ],
)
def test_ids_are_found_in_what_people_wrote(
    text: str, upstream: list[str], aliases: tuple[str, ...], related: tuple[str, ...]
) -> None:
    found = parsed({"1.0-r0": [text]})

    assert [one.upstream[0] for one in found.advisories] == upstream
    assert found.advisories[0].aliases == aliases
    assert found.advisories[0].related == related


@pytest.mark.parametrize("fixed", ["0", " 0 "])
def test_fixed_in_zero_means_never_affected(fixed: str) -> None:
    found = parsed({fixed: ["CVE-2026-1000"]})

    assert fixes(found) == {"CVE-2026-1000": [("thing", "not-affected")]}
    assert found.advisories[0].affected[0].ranges == ()


@pytest.mark.parametrize(
    "members",
    [
        {"packages": None},
        {"packages": {}},
        {"packages": []},
        {"packages": [{"pkg": {"name": "thing"}}]},
        {"packages": [{"pkg": {"name": "thing", "secfixes": None}}]},
        {"packages": [{"pkg": {"name": "thing", "secfixes": {"1": None}}}]},
        {"packages": [{"pkg": {"name": "thing", "secfixes": {"1": []}}}]},
    ],
)
def test_an_empty_repository_is_no_error(members: dict[str, Any]) -> None:
    found = parsed(**members)

    assert (found.advisories, found.rejected) == ((), ())


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(None, id="null"),
        pytest.param("thing", id="a text"),
        pytest.param({}, id="no package"),
        pytest.param({"pkg": None}, id="null for a package"),
        pytest.param({"pkg": {"secfixes": {"1": ["CVE-2026-1"]}}}, id="no name"),
        pytest.param({"pkg": {"name": 7}}, id="a number for a name"),
        pytest.param({"pkg": {"name": "x" * 5000}}, id="an endless name"),
        pytest.param({"pkg": {"name": "x", "secfixes": ["CVE-2026-1"]}}, id="a list of fixes"),
        pytest.param({"pkg": {"name": "x", "secfixes": {"1": [7]}}}, id="a number for an id"),
        pytest.param({"pkg": {"name": "x", "secfixes": {"1": ["none"]}}}, id="no id in it"),
        pytest.param({"pkg": {"name": "x", "secfixes": {"1": ["C" * 5000]}}}, id="endless"),
        pytest.param({"pkg": {"name": "x", "secfixes": {"1" * 5000: ["CVE-2026-1"]}}}, id="so too"),
    ],
)
def test_a_broken_entry_is_rejected_alone(broken: Any) -> None:
    whole = {"pkg": {"name": "thing", "secfixes": {"1": ["CVE-2026-1000"]}}}

    found = parsed(packages=[broken, whole])

    assert fixes(found) == {"CVE-2026-1000": [("thing", "1")]}
    ((where, reason),) = found.rejected
    assert where
    assert len(where) + len(reason) < 400


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"\xff", id="no UTF-8"),
        pytest.param(b'{"packages": ' + b"[" * 100_000, id="nested without end"),
        pytest.param(a_document(packages="thing"), id="packages is a text"),
        pytest.param(a_document(packages={"thing": 1}), id="packages is an object"),
        pytest.param(a_document(distroversion="v3.19/../x"), id="no release"),
        pytest.param(a_document(distroversion=3.19), id="a number for a release"),
    ],
)
def test_what_is_no_security_database_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data, None, AS_OF)


@pytest.mark.parametrize(
    ("members", "is_secdb"),
    [
        ({"packages", "distroversion"}, True),
        ({"packages", "apkurl"}, True),
        ({"packages"}, False),
        ({"apkurl"}, False),
    ],
)
def test_a_document_is_recognised_by_its_members(members: set[str], *, is_secdb: bool) -> None:
    assert SECDB.recognises(frozenset(members)) is is_secdb
