"""Updates of Fedora and EPEL, in the shape that Bodhi documents."""

import json
from typing import Any

import pytest

from lading.advisories.sources.bodhi import BODHI, parse
from lading.errors import InvalidRecord


def an_update(**members: Any) -> dict[str, Any]:
    return {
        "alias": "FEDORA-2026-0a1b2c3d4e",
        "type": "security",
        "severity": "high",
        "title": "thing-2-1.fc43",
        "url": "https://example.org/update",
        "date_submitted": "2026-01-01 10:00:00",
        "date_stable": "2026-01-03 10:00:00",
        "date_modified": None,
        "release": {"name": "F43", "id_prefix": "FEDORA", "version": "43"},
        "builds": [{"nvr": "thing-2-1.fc43", "epoch": 1, "type": "rpm"}],
        "bugs": [{"bug_id": 1, "title": "CVE-2026-1000 thing: words", "security": True}],
    } | members


def a_page(*updates: Any) -> bytes:
    return json.dumps(
        {"updates": updates, "page": 1, "pages": 1, "rows_per_page": 20, "total": 1}
    ).encode()


def test_an_update_mends_source_packages() -> None:
    parsed = parse(a_page(an_update()))

    (one,) = parsed.advisories
    assert (parsed.feed, one.id, one.rating) == ("bodhi", "FEDORA-2026-0a1b2c3d4e", "high")
    assert (one.upstream, one.published) == (("CVE-2026-1000",), "2026-01-03T10:00:00Z")
    (affected,) = one.affected
    assert (affected.ecosystem, affected.name, affected.of) == ("Fedora:43", "thing", "source")
    assert affected.ranges[0].events[1].version == "1:2-1.fc43"


def test_updates_of_epel_are_its_own() -> None:
    update = an_update(
        alias="FEDORA-EPEL-2026-1", release={"id_prefix": "FEDORA-EPEL", "version": "9"}
    )

    (one,) = parse(a_page(update)).advisories

    assert one.affected[0].ecosystem == "EPEL:9"


def test_updates_for_bugs_are_no_advisories() -> None:
    assert parse(a_page(an_update(type="bugfix", bugs=[]))).advisories == ()


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {},
        an_update(alias=None),
        an_update(release={"id_prefix": "FLATPAK", "version": "43"}),
        an_update(builds=[{"nvr": "thing"}]),
        an_update(builds=[{"nvr": "thing-2-1", "epoch": -1}]),
    ],
)
def test_a_broken_update_is_rejected_alone(broken: Any) -> None:
    parsed = parse(a_page(broken, an_update()))

    assert len(parsed.advisories) == 1
    assert parsed.rejected[0][0] == "update 0"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"updates": {}}'])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


def test_recognises_a_page() -> None:
    assert BODHI.recognises(frozenset(json.loads(a_page())))
    assert not BODHI.recognises(frozenset(("updates",)))
