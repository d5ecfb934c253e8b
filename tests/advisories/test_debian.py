"""Debian's security tracker: what it says of each release of each source package."""

import json
from typing import Any

import pytest

from lading.advisories.format import HEAD, Parsed
from lading.advisories.sources.debian import DEBIAN, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Affected, EventKind
from shared_data import shared

AS_OF = "2026-01-01T00:00:00Z"


def a_status(**members: Any) -> dict[str, Any]:
    status = {"status": "open", "repositories": {"bookworm": "1.0-1"}, "urgency": "medium"}
    return status | members


def parsed(id: str = "CVE-2026-1000", **releases: Any) -> Parsed:
    return parse(json.dumps({"thing": {id: {"releases": releases}}}).encode(), None, AS_OF)


def the_only(found: Parsed) -> Affected:
    ((affected,),) = (one.affected for one in found.advisories)
    assert found.rejected == ()
    return affected


def fixed_in(affected: Affected) -> list[str]:
    events = [event for one in affected.ranges for event in one.events]
    return [event.version for event in events if event.kind is EventKind.FIXED]


def test_each_release_has_its_own_word() -> None:
    found = parsed(
        bookworm=a_status(status="resolved", fixed_version="1.0-1+deb12u1"),
        trixie=a_status(),
        sid=a_status(status="resolved", fixed_version="1.2-1"),
    )

    (advisory,) = found.advisories
    assert (advisory.id, advisory.upstream) == ("DEBIAN-CVE-2026-1000", ("CVE-2026-1000",))
    assert (advisory.feed, advisory.modified) == ("debian/tracker", AS_OF)
    assert [(one.ecosystem, one.name, one.of) for one in advisory.affected] == [
        ("Debian:12", "thing", "source"),
        ("Debian:13", "thing", "source"),
        ("Debian:unstable", "thing", "source"),
    ]
    assert [fixed_in(one) for one in advisory.affected] == [["1.0-1+deb12u1"], [], ["1.2-1"]]
    assert [one.state for one in advisory.affected] == [None, "not-fixed", None]


@pytest.mark.parametrize(
    ("members", "state", "statement"),
    [
        pytest.param({}, "not-fixed", None, id="open"),
        pytest.param({"status": "undetermined"}, "under-investigation", None, id="undetermined"),
        pytest.param({"nodsa": "Minor"}, "deferred", "no-dsa: Minor", id="no advisory of its own"),
        pytest.param(
            {"nodsa": "Minor", "nodsa_reason": ""}, "deferred", "no-dsa: Minor", id="no reason"
        ),
        pytest.param(
            {"nodsa": "Next time", "nodsa_reason": "postponed"},
            "deferred",
            "postponed: Next time",
            id="postponed",
        ),
        pytest.param(
            {"nodsa": "Intrusive", "nodsa_reason": "ignored"},
            "wont-fix",
            "ignored: Intrusive",
            id="ignored",
        ),
        pytest.param({"urgency": "end-of-life"}, "end-of-life", None, id="end of life"),
        pytest.param(
            {"urgency": "end-of-life", "nodsa": "EOL", "nodsa_reason": "ignored"},
            "end-of-life",
            "ignored: EOL",
            id="end of life, and said so",
        ),
    ],
)
def test_what_stands_instead_of_a_fix(
    members: dict[str, Any], state: str, statement: str | None
) -> None:
    affected = the_only(parsed(bookworm=a_status(**members)))

    assert (affected.state, affected.statement) == (state, statement)
    assert [event.version for event in affected.ranges[0].events] == ["0"]


def test_fixed_in_zero_means_never_affected() -> None:
    affected = the_only(parsed(bookworm=a_status(status="resolved", fixed_version="0")))

    assert (affected.state, affected.ranges) == ("not-affected", ())


@pytest.mark.parametrize(
    ("urgency", "rating"),
    [
        ("high", "high"),
        ("high**", "high"),
        ("unimportant", "unimportant"),
        ("not yet assigned", "not yet assigned"),
        ("end-of-life", None),
        ("", None),
        (None, None),
    ],
)
def test_the_urgency_is_a_rating(urgency: str | None, rating: str | None) -> None:
    assert the_only(parsed(bookworm=a_status(urgency=urgency))).rating == rating


def test_a_release_without_a_known_number_keeps_its_codename() -> None:
    assert the_only(parsed(slartibartfast=a_status())).ecosystem == "Debian:slartibartfast"


def test_packages_that_share_a_vulnerability_share_its_record() -> None:
    issue = {"CVE-2026-1000": {"releases": {"sid": a_status()}, "debianbug": 7, "scope": "local"}}

    found = parse(json.dumps({"one": issue, "two": issue}).encode())

    (advisory,) = found.advisories
    assert [one.name for one in advisory.affected] == ["one", "two"]
    assert advisory.references == ("https://bugs.debian.org/7",)


def test_an_endless_description_is_cut() -> None:
    issue = {"releases": {"sid": a_status()}, "description": "x" * 5000}
    found = parse(json.dumps({"thing": {"CVE-2026-1000": issue}}).encode())

    assert len(found.advisories[0].title or "") == 200


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(None, id="null"),
        pytest.param("open", id="a text"),
        pytest.param({}, id="nothing"),
        pytest.param(a_status(status="later"), id="an unknown status"),
        pytest.param(a_status(status=7), id="a number for a status"),
        pytest.param(a_status(status="resolved"), id="resolved in no version"),
        pytest.param(a_status(status="resolved", fixed_version=1), id="a number for a version"),
        pytest.param(a_status(status="resolved", fixed_version="1" * 5000), id="endless"),
        pytest.param(a_status(nodsa=["x"]), id="a list for a reason"),
    ],
)
def test_a_broken_status_is_rejected_alone(broken: Any) -> None:
    found = parsed(bookworm=broken, sid=a_status())

    ((affected,),) = (one.affected for one in found.advisories)
    assert affected.ecosystem == "Debian:unstable"
    ((where, reason),) = found.rejected
    assert where == "thing CVE-2026-1000 bookworm"
    assert 0 < len(reason) < 300


@pytest.mark.parametrize(
    "package",
    [
        pytest.param(None, id="null"),
        pytest.param([], id="a list"),
        pytest.param({"CVE-2026-1000": None}, id="no issue"),
        pytest.param({"CVE-2026-1000": {"releases": ["x"]}}, id="a list of releases"),
        pytest.param({"CVE-2026-1000": {"releases": {"../x": a_status()}}}, id="no codename"),
        pytest.param({"a bug": {"releases": {"sid": a_status()}}}, id="no id"),
    ],
)
def test_a_broken_package_is_rejected_alone(package: Any) -> None:
    whole = {"CVE-2026-2000": {"releases": {"sid": a_status()}}}

    found = parse(json.dumps({"broken": package, "thing": whole}).encode())

    assert [one.id for one in found.advisories] == ["DEBIAN-CVE-2026-2000"]
    assert len(found.rejected) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"\xff", b'{"thing": {', b'{"thing": ' + b"[" * 100_000],
    ids=["nothing", "a list", "no UTF-8", "cut", "nested without end"],
)
def test_what_is_no_data_of_the_tracker_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="Debian's tracker"):
        parse(data)


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [
        (b'{"thing": {"CVE-2026-1000": {', True),
        (b'{\n  "libstdc++3": {\n    "TEMP-0000000-ABCDEF": {', True),
        (b'{"cve": {"id": "CVE-2026-1000"', False),
        (b'{"packages": [', False),
        (b"", False),
    ],
)
def test_a_document_is_recognised_by_its_first_package(head: bytes, *, is_ours: bool) -> None:
    assert DEBIAN.claims(head) is is_ours


@pytest.mark.shared
def test_every_sample_is_read_whole() -> None:
    files = sorted(shared("advisories", "samples", "debian-tracker").glob("*.json"))
    documents = [data for file in files if DEBIAN.claims((data := file.read_bytes())[:HEAD])]
    raw = [json.loads(data) for data in documents]
    found = [parse(data) for data in documents]

    assert len(documents) == 3
    assert [one.rejected for one in found] == [(), (), ()]
    said = {
        (f"DEBIAN-{id}", name)
        for document in raw
        for name, issues in document.items()
        for id, issue in issues.items()
        if issue["releases"]
    }
    assert {
        (advisory.id, affected.name)
        for one in found
        for advisory in one.advisories
        for affected in advisory.affected
    } == said
