"""What is said of a fix follows from the record, and nothing is denied that it leaves open."""

import pytest

from lading.findings.fixes import fix_of
from lading.model.advisory import Affected, Candidate, Event, EventKind, Range
from lading.model.finding import Fix, FixState
from lading.model.match import Answer, Match
from lading.model.package import Package

Ends = tuple[EventKind, str]
START, FIXED, LAST = EventKind.INTRODUCED, EventKind.FIXED, EventKind.LAST_AFFECTED


def a_range(*events: Ends, type: str = "ECOSYSTEM") -> Range:
    return Range(type=type, events=tuple(Event(kind=kind, version=at) for kind, at in events))


def a_match(
    *ranges: Range,
    listed: tuple[str, ...] = (),
    fixed: tuple[str, ...] = (),
    answer: Answer = Answer.AFFECTED,
    tier: str | None = None,
) -> Match:
    affected = Affected(ecosystem="PyPI", name="thing", ranges=ranges, versions=listed, tier=tier)
    package = Package(type="pypi", name="thing", version="1.0", paths=("/thing",), id="thing")
    candidate = Candidate(advisory="PYSEC-1", feed="osv/PyPI", affected=affected)
    return Match(package=package, candidate=candidate, answer=answer, rule="", fixed=fixed)


def test_fixes_are_versions_smallest_first() -> None:
    found = fix_of([a_match(fixed=("1.10",)), a_match(fixed=("1.9", "trunk", "?"))])

    assert found == Fix(state=FixState.FIXED, versions=("1.9", "1.10", "?", "trunk"))


@pytest.mark.parametrize(
    ("match", "state"),
    [
        pytest.param(a_match(a_range((START, "0"))), FixState.NOT_FIXED, id="no end"),
        pytest.param(a_match(listed=("1.0",)), FixState.NOT_FIXED, id="listed, without a range"),
        pytest.param(
            a_match(a_range((START, "0"), (LAST, "1.0"))),
            FixState.UNKNOWN,
            id="the last affected version only",
        ),
        pytest.param(
            a_match(a_range((START, "0"), (FIXED, "0.9")), listed=("1.0",)),
            FixState.UNKNOWN,
            id="listed above its fix, or where the fix has no order to it",
        ),
        pytest.param(
            a_match(a_range((START, "0"), (FIXED, "0.9"), (START, "0.95")), listed=("1.0",)),
            FixState.NOT_FIXED,
            id="listed, in a branch without a fix",
        ),
        pytest.param(
            a_match(
                a_range((START, "0")),
                a_range((START, "0"), (FIXED, "abcdef"), type="GIT"),
                listed=("1.0",),
            ),
            FixState.NOT_FIXED,
            id="fixed in a repository, in no release",
        ),
        pytest.param(
            a_match(a_range((START, "0"), (FIXED, "2.0")), listed=("1.0",), tier="esm-infra"),
            FixState.NOT_FIXED,
            id="fixed for those who pay",
        ),
        pytest.param(
            a_match(a_range((START, "0")), answer=Answer.UNKNOWN),
            FixState.UNKNOWN,
            id="it could not be compared",
        ),
    ],
)
def test_without_a_version_the_record_tells_whether_there_is_a_fix(
    match: Match, state: FixState
) -> None:
    assert fix_of([match]) == Fix(state=state)
