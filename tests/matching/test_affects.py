"""A record's word on a version, case by case, in shapes that real records have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.matching.affects import affects
from lading.model.advisory import Affected, Event, EventKind, Range
from lading.model.match import Answer

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN


def events(*pairs: tuple[str, str], type: str = "ECOSYSTEM") -> Range:
    """Return a range; i, f, l, m stand for introduced, fixed, last_affected, limit."""
    kinds = {"i": "introduced", "f": "fixed", "l": "last_affected", "m": "limit"}
    return Range(
        type=type,
        events=tuple(Event(kind=EventKind(kinds[kind]), version=text) for kind, text in pairs),
    )


def a_record(*ranges: Range, versions: tuple[str, ...] = (), **more: object) -> Affected:
    return Affected(
        ecosystem="PyPI",
        name="thing",
        ranges=ranges,
        versions=versions,
        **more,  # type: ignore[arg-type]  # a builder
    )


UNTIL_2 = events(("i", "0"), ("f", "2.0"))
BETWEEN = events(("i", "1.5"), ("f", "2.0"))
TWO_BRANCHES = events(("i", "0"), ("f", "2.6.17"), ("i", "2.7"), ("f", "2.7.18"))
TWO_RANGES = (events(("i", "3.0"), ("f", "4.1")), events(("i", "5.0"), ("f", "5.0.13")))
UNORDERED = events(("f", "4.1"), ("i", "5.0"), ("f", "5.0.13"), ("i", "3.0"))
LAST = events(("i", "1.0"), ("l", "1.4"))
OPEN = events(("i", "1.0"))
EVERY = events(("i", "0"))
LIMITED = events(("i", "1.0"), ("m", "3.0"))
UNBOUNDED = events(("i", "1.0"), ("m", "*"))
BACKWARDS = events(("i", "2.0"), ("f", "1.0"))
TOUCHING = events(("i", "1.0"), ("f", "2.0"), ("i", "2.0"), ("f", "3.0"))
EMPTY = events(("i", "2.0"), ("f", "2.0"))
ONE = events(("i", "2.0"), ("l", "2.0"))
TWO_LIMITS = events(("i", "1.0"), ("m", "3.0"), ("m", "2.0"))
TWO_FIXES = events(("i", "0"), ("f", "3.0"), ("f", "2.0"))
AGAIN = events(("i", "1.0"), ("i", "1.2"), ("f", "2.0"))
ZERO = events(("i", "0"), ("f", "0.1"))
GIT = events(("i", "0"), ("f", "8f46ba3f6dc7b18375f7aa63c48a1fe461190430"), type="GIT")
ODD_FIX = events(("i", "0"), ("f", "not a version"))
ODD_START = events(("i", "???"), ("f", "2.0"))


@pytest.mark.parametrize(
    ("ranges", "version", "answer"),
    [
        pytest.param((UNTIL_2,), "1.9", YES, id="below the fix"),
        pytest.param((UNTIL_2,), "2.0", NO, id="the fix itself"),
        pytest.param((UNTIL_2,), "2.0.0", NO, id="the fix spelt otherwise"),
        pytest.param((UNTIL_2,), "2.1", NO, id="above the fix"),
        pytest.param((UNTIL_2,), "2.0rc1", YES, id="a candidate of the fix is below it"),
        pytest.param((UNTIL_2,), "0.0.1.dev0", YES, id="zero is below every version"),
        pytest.param((BETWEEN,), "1.4", NO, id="below the introduction"),
        pytest.param((BETWEEN,), "1.5", YES, id="the introduction itself"),
        pytest.param((BETWEEN,), "1.5rc1", NO, id="a candidate of the introduction"),
        pytest.param((BETWEEN,), "1!1.0", NO, id="an epoch is above"),
        pytest.param((TWO_BRANCHES,), "2.6.16", YES, id="first branch"),
        pytest.param((TWO_BRANCHES,), "2.6.17", NO, id="fix of the first branch"),
        pytest.param((TWO_BRANCHES,), "2.6.99", NO, id="between the branches"),
        pytest.param((TWO_BRANCHES,), "2.7", YES, id="second branch begins"),
        pytest.param((TWO_BRANCHES,), "2.7.18", NO, id="second branch ends"),
        pytest.param(TWO_RANGES, "4.0", YES, id="first range"),
        pytest.param(TWO_RANGES, "4.1", NO, id="between the ranges"),
        pytest.param(TWO_RANGES, "5.0.12", YES, id="second range"),
        pytest.param(TWO_RANGES, "6", NO, id="above both ranges"),
        pytest.param((UNORDERED,), "4.0", YES, id="events out of order, first"),
        pytest.param((UNORDERED,), "4.5", NO, id="events out of order, between"),
        pytest.param((UNORDERED,), "5.0.1", YES, id="events out of order, second"),
        pytest.param((LAST,), "1.4", YES, id="the last affected is affected"),
        pytest.param((LAST,), "1.4.1", NO, id="above the last affected"),
        pytest.param((LAST,), "1.4.post1", NO, id="a post release is above it"),
        pytest.param((OPEN,), "99", YES, id="no end"),
        pytest.param((OPEN,), "0.9", NO, id="no end, but a beginning"),
        pytest.param((EVERY,), "7", YES, id="every version"),
        pytest.param((LIMITED,), "2.9", YES, id="below the limit"),
        pytest.param((LIMITED,), "3.0", NO, id="at the limit"),
        pytest.param((UNBOUNDED,), "1000", YES, id="a limit of * is none"),
        pytest.param((BACKWARDS,), "1.5", NO, id="fixed below introduced: between"),
        pytest.param((BACKWARDS,), "2.5", YES, id="fixed below introduced: above"),
        pytest.param((TOUCHING,), "2.0", YES, id="fixed and introduced again at once"),
        pytest.param((TOUCHING,), "3.0", NO, id="and fixed at last"),
        pytest.param((GIT,), "1.0", DOUBT, id="commits alone"),
        pytest.param((GIT, UNTIL_2), "1.0", YES, id="commits beside versions"),
        pytest.param((GIT, UNTIL_2), "2.0", NO, id="commits beside versions, fixed"),
        pytest.param((events(),), "1.0", DOUBT, id="a range without events"),
        pytest.param((), "1.0", DOUBT, id="neither range nor versions"),
        pytest.param((events(("f", "2.0")),), "1.0", DOUBT, id="a fix without an introduction"),
        pytest.param((events(("f", "2.0")),), "2.1", DOUBT, id="above a fix of nothing"),
        pytest.param((EMPTY,), "2.0", NO, id="fixed where it is introduced"),
        pytest.param((EMPTY,), "2.1", NO, id="above an empty range"),
        pytest.param((ONE,), "2.0", YES, id="one version alone"),
        pytest.param((ONE,), "2.0.1", NO, id="above one version alone"),
        pytest.param((TWO_LIMITS,), "2.5", YES, id="below one of two limits"),
        pytest.param((TWO_LIMITS,), "3.0", NO, id="at the higher of two limits"),
        pytest.param((TWO_FIXES,), "1.0", YES, id="two fixes, below both"),
        pytest.param((TWO_FIXES,), "2.5", NO, id="two fixes, above the first"),
        pytest.param((AGAIN,), "1.5", YES, id="introduced twice before a fix"),
        pytest.param((ZERO,), "0", YES, id="zero itself"),
        pytest.param((ODD_START,), "1.0", DOUBT, id="an unreadable boundary"),
        pytest.param((ODD_START, UNTIL_2), "1.0", YES, id="another range decides yes"),
        pytest.param((ODD_START, UNTIL_2), "2.0", DOUBT, id="another range cannot decide no"),
        pytest.param((UNTIL_2,), "???", DOUBT, id="an unreadable version"),
        pytest.param((UNTIL_2,), "", DOUBT, id="an empty version"),
        pytest.param((UNTIL_2,), None, DOUBT, id="no version"),
    ],
)
def test_a_range_answers_for_a_version(
    ranges: tuple[Range, ...], version: str | None, answer: Answer
) -> None:
    assert affects(a_record(*ranges), version, "pep440").answer is answer


@pytest.mark.parametrize(
    ("scheme", "fix", "version", "answer"),
    [
        pytest.param("deb", "3.0.11-1~deb12u2", "3.0.11-1~deb12u1", YES, id="deb update"),
        pytest.param("deb", "3.0.11-1~deb12u2", "3.0.11-1~deb12u2", NO, id="deb fix"),
        pytest.param("deb", "3.0.11-1", "3.0.11-1~deb12u2", YES, id="deb tilde is below"),
        pytest.param("deb", "1:1.2.13.dfsg-1", "1.2.14-1", YES, id="deb epoch"),
        pytest.param("rpm", "9.0.0-1.el9_5", "9.0.0-1.el9_4", YES, id="rpm release"),
        pytest.param("rpm", "4:5.26.3-1", "5.26.3-9", YES, id="rpm epoch"),
        pytest.param("apk", "1.2.3-r4", "1.2.3-r3", YES, id="apk revision"),
        pytest.param("apk", "1.2.3-r4", "1.2.3_rc1-r9", YES, id="apk candidate"),
        pytest.param("apk", "1.2.3-r4", "1.2.3-r10", NO, id="apk numbers, not text"),
        pytest.param("npm", "4.17.21", "4.17.20", YES, id="npm"),
        pytest.param("npm", "2.0.0", "2.0.0-beta.1", YES, id="npm prerelease"),
        pytest.param("go", "0.17.0", "v0.16.0", YES, id="go with its v"),
        pytest.param("go", "0.17.0", "v0.17.0", NO, id="go fix with its v"),
        pytest.param(
            "go", "0.1.0", "v0.0.0-20190101000000-abcdefabcdef", YES, id="go pseudo-version"
        ),
        pytest.param("go", "1.20.5", "1.20.4", YES, id="go toolchain"),
        pytest.param("maven", "2.15.0", "2.14.1", YES, id="maven"),
        pytest.param("maven", "2.15.0", "2.15.0-rc1", YES, id="maven candidate"),
        pytest.param("maven", "2.15.0", "2.15.0.Final", NO, id="maven final"),
    ],
)
def test_each_ecosystem_has_its_own_order(
    scheme: str, fix: str, version: str, answer: Answer
) -> None:
    record = a_record(events(("i", "0"), ("f", fix)))

    assert affects(record, version, scheme).answer is answer


@pytest.mark.parametrize(
    ("record", "version", "answer"),
    [
        pytest.param(a_record(versions=("1.0",)), "1.0", YES, id="listed"),
        pytest.param(a_record(versions=("1.0",)), "1.0.0", YES, id="listed, spelt otherwise"),
        pytest.param(a_record(versions=("1.0",)), "1.1", NO, id="not listed"),
        pytest.param(a_record(UNTIL_2, versions=("3.0",)), "3.0", YES, id="listed above the range"),
        pytest.param(a_record(UNTIL_2, versions=("3.0",)), "2.5", NO, id="in neither"),
        pytest.param(a_record(versions=("2004d?",)), "2004d?", YES, id="listed and unreadable"),
        pytest.param(a_record(versions=("?!",)), "1.0", DOUBT, id="an unreadable list"),
        pytest.param(
            a_record(UNTIL_2, versions=("?!",)), "3.0", NO, id="unreadable beside a range"
        ),
        pytest.param(a_record(ODD_FIX, versions=("1.0",)), "1.0", YES, id="listed, odd range"),
        pytest.param(a_record(UNTIL_2, withdrawn=True), "1.0", NO, id="withdrawn"),
        pytest.param(a_record(state="not-affected"), "1.0", NO, id="never affected"),
        pytest.param(a_record(UNTIL_2, state="deferred"), "1.0", YES, id="a fix deferred"),
    ],
)
def test_lists_and_states(record: Affected, version: str, answer: Answer) -> None:
    assert affects(record, version, "pep440").answer is answer


@pytest.mark.parametrize(
    ("ranges", "version", "fixed"),
    [
        pytest.param((UNTIL_2,), "1.0", ("2.0",), id="the end of the range"),
        pytest.param((TWO_BRANCHES,), "2.7.1", ("2.7.18",), id="of the branch it is in"),
        pytest.param((LAST,), "1.2", (), id="a last affected is no fix"),
        pytest.param((OPEN,), "1.2", (), id="no end"),
        pytest.param((LIMITED,), "1.2", (), id="a limit is no fix"),
    ],
)
def test_the_fix_is_the_end_of_the_range_the_version_is_in(
    ranges: tuple[Range, ...], version: str, fixed: tuple[str, ...]
) -> None:
    assert affects(a_record(*ranges), version, "pep440").fixed == fixed


def test_a_listed_version_takes_the_next_fix_above_it() -> None:
    record = a_record(ODD_FIX, TWO_BRANCHES, versions=("2.6.1", "?!"))

    assert affects(record, "2.6.1", "pep440").fixed == ("2.6.17",)
    assert affects(record, "?!", "pep440").fixed == ()
    assert affects(record, "2.6.1", None).fixed == ()


def test_a_version_listed_in_another_spelling_takes_the_next_fix_too() -> None:
    record = a_record(BETWEEN, versions=("1.0",))

    assert affects(record, "1", "pep440").fixed == ("2.0",)


def test_without_explanation_a_no_has_no_rule() -> None:
    assert affects(a_record(UNTIL_2), "3.0", "pep440", explained=False) == (NO, "", ())
    assert affects(a_record(UNTIL_2), "1.0", "pep440", explained=False).rule != ""


BOUNDS = st.integers(1, 9).map(str)
EVENTS = st.lists(st.tuples(st.sampled_from("iiffl"), BOUNDS), max_size=8)


@given(EVENTS, BOUNDS)
def test_the_answer_is_that_of_the_schema_s_own_algorithm(
    pairs: list[tuple[str, str]], version: str
) -> None:
    here = int(version)
    vulnerable = False
    for kind, text in sorted(pairs, key=lambda pair: int(pair[1])):
        at = int(text)
        if kind == "i" and here >= at:
            vulnerable = True
        elif (kind == "f" and here >= at) or (kind == "l" and here > at):
            vulnerable = False
    has_start = any(kind == "i" for kind, _ in pairs)

    answer = affects(a_record(events(*pairs)), version, "pep440").answer

    assert answer is ((YES if vulnerable else NO) if has_start else DOUBT)


def test_an_order_that_is_not_known_is_no_answer() -> None:
    assert affects(a_record(UNTIL_2), "1.0", "runes").answer is DOUBT
    assert affects(a_record(UNTIL_2), "1.0", None).answer is DOUBT


LIMITS_ALONE = a_record(events(("m", "1.0")))


@pytest.mark.parametrize(
    ("record", "version", "words"),
    [
        pytest.param(a_record(UNTIL_2), "1.0", "1.0 is below 2.0 (pep440)", id="below"),
        pytest.param(
            a_record(BETWEEN), "1.6", "1.6 is at or above 1.5 and below 2.0 (pep440)", id="between"
        ),
        pytest.param(a_record(BETWEEN), "1.0", "1.0 is below 1.5 (pep440)", id="too low"),
        pytest.param(a_record(UNTIL_2), "2.1", "2.1 is not below 2.0 (pep440)", id="too high"),
        pytest.param(
            a_record(LAST),
            "1.2",
            "1.2 is at or above 1.0 and not above 1.4, the last affected (pep440)",
            id="last",
        ),
        pytest.param(
            a_record(LAST), "2", "2 is above 1.4, the last affected (pep440)", id="behind"
        ),
        pytest.param(a_record(EVERY), "2", "2 is affected like every version (pep440)", id="every"),
        pytest.param(a_record(versions=("1",)), "1", "1 is listed as affected", id="listed"),
        pytest.param(a_record(versions=("1.0",)), "1", "1 is listed as affected, as 1.0", id="as"),
        pytest.param(
            a_record(versions=("1",)),
            "2",
            "2 is not among the versions listed as affected",
            id="not",
        ),
        pytest.param(LIMITS_ALONE, "1", "the record has a range without a beginning", id="begin"),
        pytest.param(a_record(LIMITED), "4", "4 is not below 3.0 (pep440)", id="limit"),
        pytest.param(
            a_record(LIMITED), "1", "1 is at or above 1.0 and below 3.0 (pep440)", id="limited"
        ),
        pytest.param(
            a_record(TWO_BRANCHES),
            "2.6.20",
            "2.6.20 is not below 2.6.17 and below 2.7 (pep440)",
            id="between branches",
        ),
        pytest.param(
            a_record(*(events(("i", f"{n}"), ("f", f"{n}.5")) for n in range(2, 8))),
            "1",
            "1 is below 2 (pep440); 1 is below 3 (pep440); 1 is below 4 (pep440); and 3 more",
            id="many ranges",
        ),
        pytest.param(a_record(UNTIL_2, withdrawn=True), "1", "the record was withdrawn", id="back"),
        pytest.param(
            a_record(GIT), "1", "the record gives ranges of commits only (1)", id="commits"
        ),
        pytest.param(a_record(), "1", "the record gives no versions", id="nothing"),
        pytest.param(a_record(UNTIL_2), None, "the image does not say its version", id="unsaid"),
    ],
)
def test_the_rule_says_why(record: Affected, version: str | None, words: str) -> None:
    assert affects(record, version, "pep440").rule == words


def branches(count: int) -> tuple[Range, ...]:
    return tuple(events(("i", f"{n}.0"), ("f", f"{n + 1}.0")) for n in range(1, count))


@pytest.mark.parametrize(
    ("record", "fixed"),
    [
        pytest.param(a_record(*branches(4)), ("4.0",), id="ranges that meet"),
        pytest.param(a_record(TOUCHING), ("3.0",), id="one range with two that meet"),
        pytest.param(a_record(*TWO_RANGES, UNTIL_2), ("2.0",), id="ranges apart"),
        pytest.param(a_record(UNTIL_2, OPEN), (), id="the next has no end"),
        pytest.param(a_record(UNTIL_2, events(("i", "2.0"), ("l", "2.4"))), (), id="a last one"),
        pytest.param(a_record(UNTIL_2, BETWEEN, ODD_FIX), ("2.0",), id="one cannot be read"),
        pytest.param(a_record(*branches(4), versions=("1.5",)), ("4.0",), id="a listed version"),
        pytest.param(a_record(*branches(90)), (), id="more branches than anything has"),
    ],
)
def test_a_fix_that_the_same_record_calls_affected_is_none(
    record: Affected, fixed: tuple[str, ...]
) -> None:
    verdict = affects(record, "1.5", "pep440")

    assert (verdict.answer, verdict.fixed) == (YES, fixed)
