"""Vulnerabilities of Node.js: ranges of npm become intervals, one platform's are kept apart."""

import json
import re
from typing import Any

import pytest

from lading.advisories.recognising import document
from lading.advisories.sources.nodejs import NODEJS, NODEJS_INDEX, parse, parse_index
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory
from shared_data import shared


def a_record(**members: Any) -> dict[str, Any]:
    record = {
        "cve": ["CVE-2026-1000"],
        "vulnerable": "20.x || 22.x",
        "patched": "^20.20.2 || ^22.22.2",
        "ref": "https://example.org/july",
        "description": "it breaks",
        "affectedEnvironments": ["all"],
        "severity": "high",
    }
    return record | members


def the_only(**members: Any) -> Advisory:
    (one,) = parse(json.dumps(a_record(**members)).encode()).advisories
    return one


def intervals(advisory: Advisory) -> str:
    return " ".join(
        f"{'[' if event.kind == 'introduced' else ''}{event.version}"
        + ("," if event.kind == "introduced" else ")")
        for one in advisory.affected[0].ranges
        for event in one.events
    )


def test_a_record_is_read_whole() -> None:
    one = the_only()

    assert (one.upstream, one.rating, one.title) == (("CVE-2026-1000",), "high", "it breaks")
    assert one.references == ("https://example.org/july",)
    assert [(item.ecosystem, item.name) for item in one.affected] == [("Node.js", "node")]
    assert one.id.startswith("NODEJS-CVE-2026-1000-")
    assert one.id == the_only(vulnerable="20.x").id != the_only(description="else").id


@pytest.mark.parametrize(
    ("vulnerable", "patched", "left"),
    [
        ("20.x || 22.x", "^20.20.2 || ^22.22.2", "[20.0.0, 20.20.2) [22.0.0, 22.22.2)"),
        ("6.x", ">= 6.2.0", "[6.0.0, 6.2.0)"),
        (">=6.0.0 <6.2.0 || 5.x || 4.x", "^6.2.0", "[4.0.0, 6.2.0)"),
        ("<= 10", "^10.1.0", "[0, 10.1.0)"),
        ("9.7.x || 10.x", "^9.11.2 || ^10.4.1", "[9.7.0, 9.8.0) [10.0.0, 10.4.1)"),
        ("8.5.0", "", "[8.5.0, 8.5.1)"),
        ("8.5.0", "^8.5.0", ""),
        ("0.10.x", "^0.10.48", "[0.10.0, 0.10.48)"),
        ("^0.10.1", "~0.10.5", "[0.10.1, 0.10.5)"),
        ("^0.0.3", "", "[0.0.3, 0.0.4)"),
        ("*", "> 4.1", "[0, 4.2.0)"),
        ("=v1.2.3", "<1", "[1.2.3, 1.2.4)"),
        ("4.x", "^4.1.0 || ^4.3.0", "[4.0.0, 4.1.0)"),
    ],
)
def test_affected_is_what_is_vulnerable_and_not_patched(
    vulnerable: str, patched: str, left: str
) -> None:
    assert intervals(the_only(vulnerable=vulnerable, patched=patched)) == left


@pytest.mark.parametrize(
    ("environments", "ecosystems"),
    [
        (["all"], ["Node.js"]),
        (["win32"], ["Node.js:win32"]),
        (["linux", "darwin", "linux"], ["Node.js:linux", "Node.js:darwin"]),
        (["linux", "all"], ["Node.js"]),
        ([], ["Node.js"]),
        ("all", ["Node.js"]),
        ([7, "../x"], ["Node.js"]),
    ],
)
def test_a_platform_is_part_of_the_ecosystem(environments: Any, ecosystems: list[str]) -> None:
    one = the_only(affectedEnvironments=environments)

    assert [item.ecosystem for item in one.affected] == ecosystems


def test_old_members_are_kept() -> None:
    one = the_only(publish_date="2018-08-16", type="CWE-787: Write", cvss="3.0/AV:N/AC:H")

    assert (one.published, one.cwes) == ("2018-08-16T00:00:00Z", ("CWE-787",))
    assert [vector.vector for vector in one.vectors] == ["CVSS:3.0/AV:N/AC:H"]


def test_a_record_without_a_cve_has_an_id_of_its_own() -> None:
    assert the_only(cve=[]).upstream == ()
    assert the_only(cve=None, ref=None).id.startswith("NODEJS-")


@pytest.mark.parametrize(
    "members",
    [
        {"vulnerable": None},
        {"vulnerable": ""},
        {"vulnerable": "soon"},
        {"vulnerable": "1.x - 2.x"},
        {"vulnerable": "1.x ||"},
        {"vulnerable": "1.2.3.4"},
        {"vulnerable": "1" * 5000},
        {"patched": 7},
        {"patched": "later"},
    ],
)
def test_ranges_that_cannot_be_read_are_rejected(members: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord):
        the_only(**members)


def test_in_an_index_a_broken_record_is_rejected_alone() -> None:
    index = {"1": a_record(), "2": a_record(vulnerable="soon"), "3": None, "4": a_record()}

    found = parse_index(json.dumps(index).encode())

    assert len(found.advisories) == 1
    assert [where for where, _ in found.rejected] == ["2", "3"]


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b'{"1": ' + b"[" * 100_000])
def test_what_is_none_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="Node"):
        parse(data)
    with pytest.raises(InvalidRecord, match="Node"):
        parse_index(data)


def test_documents_are_recognised() -> None:
    assert NODEJS.recognises(frozenset(a_record()))
    assert NODEJS_INDEX.claims(json.dumps({"1": a_record()}).encode())
    assert not NODEJS_INDEX.claims(b'{"thing": {"CVE-2026-1000": {')


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _satisfies(version: str, text: str) -> bool:
    """The few forms that the real records use, by their definition, one version at a time."""
    for part in text.split("||"):
        terms = part.replace("<= ", "<=").replace(">= ", ">=").split()
        if terms and all(_is_in(_parts(version), term) for term in terms):
            return True
    return False


def _is_in(version: tuple[int, ...], term: str) -> bool:
    number = term.lstrip("^<>=")
    named = tuple(int(part) for part in number.split(".") if part != "x")
    if term.startswith("^"):
        same = 1 if named[0] else 2
        return version[:same] == named[:same] and version >= named
    if term.startswith("<="):
        return version[: len(named)] <= named
    if term.startswith(">="):
        return version >= named
    if term.startswith("<"):
        return version < named
    return version[: len(named)] == named


@pytest.mark.shared
def test_every_sample_agrees_with_its_ranges_read_one_version_at_a_time() -> None:
    files = sorted(shared("advisories", "samples", "node-core").glob("*.json"))

    for file in files:
        record = json.loads(file.read_bytes())
        (one,) = parse(file.read_bytes()).advisories
        events = [event for item in one.affected[0].ranges for event in item.events]
        for version in _near(record["vulnerable"] + record["patched"]):
            passed = [event for event in events if _parts(event.version) <= _parts(version)]
            affected = bool(passed) and passed[-1].kind == "introduced"
            expected = _satisfies(version, record["vulnerable"]) and not _satisfies(
                version, record["patched"]
            )
            assert (file.name, version, affected) == (file.name, version, expected)
    assert len(files) == 171


@pytest.mark.shared
def test_the_index_says_what_its_documents_say() -> None:
    folder = shared("advisories", "samples", "node-core")
    (index,) = folder.glob("*index.json.gz")
    found = parse_index(document(index))
    alone = {parse(file.read_bytes()).advisories[0] for file in folder.glob("*.json")}

    assert found.rejected == ()
    assert set(found.advisories) == alone


def _near(text: str) -> set[str]:
    """The versions that a range names, and those just below and above."""
    found = {"0.0.0", "99.0.0"}
    for numbers in re.findall(r"\d+(?:\.\d+)*", text):
        major, minor, patch, *_ = [*map(int, numbers.split(".")), 0, 0]
        found |= {f"{major}.{minor}.{patch + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0"}
        found |= {f"{major}.{minor}.{patch}", f"{major}.{minor}.{max(patch - 1, 0)}"}
        found |= {f"{major}.{max(minor - 1, 0)}.9", f"{max(major - 1, 0)}.9.9", f"{major}.0.0"}
    return found
