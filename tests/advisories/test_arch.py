"""Arch Linux's groups of vulnerabilities, in the shape that the tracker documents."""

import json
from typing import Any

import pytest

from lading.advisories.sources.arch import ARCH, parse
from lading.errors import InvalidRecord

AS_OF = "2026-01-01T00:00:00Z"


def a_group(**members: Any) -> dict[str, Any]:
    return {
        "name": "AVG-1",
        "packages": ["thing", "thing-libs"],
        "status": "Fixed",
        "severity": "High",
        "type": "arbitrary code execution",
        "affected": "1.0-1",
        "fixed": "1.0-2",
        "ticket": None,
        "issues": ["CVE-2026-1000", "CVE-2026-1001"],
        "advisories": ["ASA-202601-1"],
    } | members


def a_list(*groups: Any) -> bytes:
    return json.dumps(groups).encode()


def test_a_group_is_an_advisory_on_each_of_its_packages() -> None:
    parsed = parse(a_list(a_group()), None, AS_OF)

    (one,) = parsed.advisories
    assert (parsed.feed, one.id, one.modified) == ("arch", "AVG-1", AS_OF)
    assert (one.upstream, one.related) == (("CVE-2026-1000", "CVE-2026-1001"), ("ASA-202601-1",))
    assert one.rating == "high"
    assert [(item.ecosystem, item.name) for item in one.affected] == [
        ("Arch Linux", "thing"),
        ("Arch Linux", "thing-libs"),
    ]
    assert [event.version for event in one.affected[0].ranges[0].events] == ["0", "1.0-2"]


@pytest.mark.parametrize(
    ("status", "fixed", "state", "ends"),
    [
        ("Fixed", "1.0-2", None, ["0", "1.0-2"]),
        ("Testing", "1.0-2", None, ["0", "1.0-2"]),
        ("Testing", None, "not-fixed", ["0"]),
        ("Vulnerable", None, "not-fixed", ["0"]),
        ("Unknown", None, "under-investigation", ["0"]),
        ("Not affected", None, "not-affected", []),
    ],
)
def test_the_status_is_the_state(
    status: str, fixed: str | None, state: str | None, ends: list[str]
) -> None:
    (one,) = parse(a_list(a_group(status=status, fixed=fixed))).advisories

    affected = one.affected[0]
    assert affected.state == state
    assert [event.version for some in affected.ranges for event in some.events] == ends
    assert affected.statement == (status if state else None)


@pytest.mark.parametrize("broken", [7, {}, a_group(packages="thing"), a_group(issues=[1])])
def test_a_broken_group_is_rejected_alone(broken: Any) -> None:
    parsed = parse(a_list(broken, a_group()))

    assert [one.id for one in parsed.advisories] == ["AVG-1"]
    assert parsed.rejected[0][0] == "group 0"


@pytest.mark.parametrize("data", [b"", b"{}", b"[", b"\xff", b"[" * 100_000])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


def test_claims_its_list() -> None:
    assert ARCH.claims(a_list(a_group()))
    assert not ARCH.claims(b'{"name": "AVG-1"}')
