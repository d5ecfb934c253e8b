"""A span leaves out only records that are not about the version, whatever they look like."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lading.advisories.spans import EVERY, NONE, span_of
from lading.errors import InvalidVersion
from lading.matching.affects import affects
from lading.model.advisory import Affected, Event, EventKind, Range
from lading.model.match import Answer
from lading.versions.packed import pack

KINDS = {str(kind): kind for kind in EventKind}


def affected(*ranges: dict[str, str] | list[tuple[str, str]], **facts: Any) -> Affected:
    """Of a Debian package; each range is its events in order."""
    built = tuple(
        Range(
            type="ECOSYSTEM",
            events=tuple(
                Event(kind=KINDS[kind], version=version)
                for kind, version in (one.items() if isinstance(one, dict) else one)
            ),
        )
        for one in ranges
    )
    return Affected(ecosystem="Debian:12", name="thing", ranges=built, **facts)


VERSIONS = ["0~", "0", "1~rc1", "1", "1-1~deb12u1", "1-1", "1.5", "2", "2-1", "3", "1:0.1"]
versions = st.sampled_from([*VERSIONS, "no version", ""])
events = st.tuples(st.sampled_from(sorted(KINDS)), versions | st.just("*"))
ranges = st.lists(events, max_size=5)


@given(st.lists(ranges, max_size=3), st.lists(versions, max_size=3), st.sampled_from(VERSIONS))
@example([[("introduced", "1"), ("last_affected", "1"), ("introduced", "1")]], [], "2")
@example([[("fixed", "1"), ("introduced", "1")]], [], "2")
@example([[("introduced", "0"), ("limit", "1"), ("limit", "2")]], [], "1.5")
def test_what_is_left_out_is_not_affected(
    given_ranges: list[list[tuple[str, str]]], listed: list[str], version: str
) -> None:
    one = affected(*given_ranges, versions=tuple(listed))
    packed = pack("deb", version)
    assert packed is not None

    if not span_of(one).holds(packed):
        assert affects(one, version, "deb").answer is Answer.NOT_AFFECTED


def holding(one: Affected) -> list[str]:
    """The versions inside of its span."""
    span = span_of(one)
    return [text for text in VERSIONS if (packed := pack("deb", text)) and span.holds(packed)]


@pytest.mark.parametrize(
    ("one", "inside"),
    [
        pytest.param(
            affected({"introduced": "1", "fixed": "2"}),
            ["1", "1-1~deb12u1", "1-1", "1.5"],
            id="from a beginning to a fix",
        ),
        pytest.param(
            affected({"introduced": "1", "last_affected": "2"}),
            ["1", "1-1~deb12u1", "1-1", "1.5", "2"],
            id="with the last affected",
        ),
        pytest.param(
            affected({"introduced": "1.5"}), ["1.5", "2", "2-1", "3", "1:0.1"], id="not fixed yet"
        ),
        pytest.param(
            affected({"introduced": "0", "limit": "1"}), ["0~", "0", "1~rc1"], id="a limit"
        ),
        pytest.param(affected(versions=("2", "1.5")), ["1.5", "2"], id="versions one by one"),
        pytest.param(
            affected({"introduced": "1", "fixed": "1-1"}, {"introduced": "2", "fixed": "3"}),
            ["1", "1-1~deb12u1", "1-1", "1.5", "2", "2-1"],
            id="several ranges, and what is between them",
        ),
    ],
)
def test_the_span_is_from_the_lowest_to_the_highest(one: Affected, inside: list[str]) -> None:
    assert holding(one) == inside


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(affected(), id="no versions at all"),
        pytest.param(affected({"introduced": "0", "fixed": "no version"}), id="unreadable end"),
        pytest.param(affected({"fixed": "1"}), id="no beginning"),
        pytest.param(affected({"introduced": "0", "fixed": "9" * 99}), id="absurdly long number"),
    ],
)
def test_what_cannot_be_told_is_always_looked_at(one: Affected) -> None:
    assert span_of(one) == EVERY


@pytest.mark.parametrize("facts", [{"withdrawn": True}, {"state": "not-affected"}])
def test_what_is_denied_is_about_no_version(facts: dict[str, Any]) -> None:
    assert span_of(affected({"introduced": "0"}, **facts)) == NONE


def test_an_ecosystem_without_an_order_has_no_bounds() -> None:
    one = Affected(ecosystem="Somebody's", name="thing", versions=("1",))

    assert span_of(one) == EVERY


def test_versions_of_maven_are_looked_at_exactly() -> None:
    one = Affected(ecosystem="Maven", name="a:b", versions=("1",))

    with pytest.raises(InvalidVersion):
        pack("maven", "")
    assert span_of(one) == EVERY
