"""Why something is reported, and why something is not: every kind of answer."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from builders import a_finding, a_package, a_result
from lading.findings import Register, claims
from lading.findings.explaining import Asked, explain
from lading.model.advisory import Advisory, Affected, Candidate
from lading.model.explanation import Explanation, Why
from lading.model.finding import Suppression
from lading.model.match import Answer, Match
from lading.model.package import Package, SourcePackage
from lading.model.result import Result, Unmatched

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN
CVE = "CVE-2024-1"
ABOUT = Affected(ecosystem="Debian:12", name="thing")
RECORD = Advisory(
    id="DEBIAN-CVE-2024-1", feed="osv/Debian", modified=None, upstream=(CVE,), affected=(ABOUT,)
)
THING = replace(a_package(), id="thing", layer=1)


def a_match(package: Package, answer: Answer, record: Advisory = RECORD) -> Match:
    candidate = Candidate(advisory=record.id, feed=record.feed, affected=ABOUT)
    return Match(package=package, candidate=candidate, answer=answer, rule=f"the rule of {answer}")


def explained(
    result: Result,
    *matches: Match,
    id: str = CVE,
    records: Sequence[Advisory] = (RECORD,),
    package: str | None = None,
    ecosystems: frozenset[str] = frozenset(("Debian:12",)),
) -> Explanation:
    by_id = {record.id: record for record in records}
    return explain(
        Asked(id=id, names=frozenset((id,)), package=package),
        result=result,
        records=records,
        claims=claims(matches, by_id, Register(records)),
        ecosystems=ecosystems,
    )


def told(explanation: Explanation) -> list[tuple[Why, str]]:
    return [(reason.why, reason.text) for reason in explanation.reasons]


def test_what_is_reported_has_its_record_its_rule_and_no_excuse() -> None:
    finding = a_finding(id=CVE, package="thing")
    result = a_result(packages=(THING,), findings=(finding,))

    explanation = explained(result, a_match(THING, YES))

    [answer] = explanation.answers
    assert (answer.package, answer.answer, answer.finding) == (THING, YES, finding)
    assert (answer.record, answer.feed, answer.rule) == (
        RECORD.id,
        RECORD.feed,
        f"the rule of {YES}",
    )
    assert explanation.reasons == ()
    assert [record.about for record in explanation.records] == [("thing (Debian:12)",)]


def test_what_the_versions_deny_is_not_reported_for_that_reason() -> None:
    result = a_result(packages=(THING,), findings=())

    assert told(explained(result, a_match(THING, NO))) == [
        (Why.NOT_AFFECTED, f"thing 1.0: the rule of {NO}")
    ]


def test_what_somebody_suppressed_says_who_why_and_until_when() -> None:
    decided = Suppression(by="ann", reason="not reachable", until="2027-01-01")
    finding = replace(a_finding(id=CVE, package="thing"), suppressed=decided)
    result = a_result(packages=(THING,), findings=(finding,))

    assert told(explained(result, a_match(THING, YES))) == [
        (Why.SUPPRESSED, "thing: suppressed by ann: not reachable, until 2027-01-01")
    ]


def test_an_id_that_no_feed_knows_says_how_many_were_asked() -> None:
    [(why, text)] = told(explained(a_result(packages=(THING,), findings=()), records=()))

    assert why is Why.NO_RECORD
    assert text.startswith("none of the ")
    assert f"has a record of {CVE}" in text


def test_a_record_that_was_taken_back_says_when() -> None:
    record = replace(RECORD, withdrawn="2024-05-06T07:08:09Z")
    result = a_result(packages=(THING,), findings=())

    assert told(explained(result, a_match(THING, NO, record), records=(record,)))[0] == (
        Why.WITHDRAWN,
        f"{RECORD.id} was withdrawn on 2024-05-06",
    )


def test_where_no_package_has_the_name_the_names_of_the_records_are_told() -> None:
    result = a_result(packages=(a_package(name="other"),), findings=())

    [(why, text)] = told(explained(result))

    assert why is Why.NO_PACKAGE
    assert "the records are about thing (Debian:12)" in text


def test_a_package_that_no_feed_covers_says_why() -> None:
    unmatched = (Unmatched(package="thing", reason="no advisory data for Debian:99"),)
    result = a_result(packages=(THING,), findings=())
    result = replace(result, coverage=replace(result.coverage, unmatched=unmatched))

    assert told(explained(result)) == [
        (Why.NO_FEED, "thing 1.0 was held against nothing: no advisory data for Debian:99")
    ]


def test_a_package_of_another_kind_with_the_name_is_told_apart() -> None:
    result = a_result(packages=(replace(THING, type="npm"),), findings=())

    assert told(explained(result)) == [
        (Why.OTHER_PACKAGE, "thing 1.0 is here as npm; the records are about thing (Debian:12)")
    ]


def test_a_release_that_the_database_does_not_have_is_named() -> None:
    result = a_result(packages=(THING,), findings=())

    assert told(explained(result, ecosystems=frozenset()))[-1] == (
        Why.NO_FEED,
        "there is no feed for Debian:12",
    )


def test_only_the_packages_that_were_asked_about_are_told() -> None:
    other = replace(
        a_package(name="libthing"), id="lib", source=SourcePackage(name="x", version="1")
    )
    result = a_result(packages=(THING, other), findings=())
    matches = (a_match(THING, NO), a_match(other, NO))

    for name, expected in (("thing", ["thing"]), ("libthing", ["lib"]), ("x", ["lib"])):
        explanation = explained(result, *matches, package=name)
        assert [one.package.id for one in explanation.answers] == expected
    assert told(explained(result, *matches, package="none"))[0][0] is Why.NO_PACKAGE


def test_an_erratum_is_asked_about_by_its_own_id() -> None:
    record = replace(RECORD, id="DSA-1-1", upstream=("CVE-2024-1", "CVE-2024-2"))
    result = a_result(packages=(THING,), findings=())

    explanation = explained(result, a_match(THING, NO, record), id="DSA-1-1", records=(record,))

    assert {one.record for one in explanation.answers} == {"DSA-1-1"}


def test_answers_come_worst_first() -> None:
    packages = [replace(a_package(name=name), id=name) for name in ("a", "b", "c")]
    matches = [a_match(one, answer) for one, answer in zip(packages, (NO, DOUBT, YES), strict=True)]

    explanation = explained(a_result(packages=tuple(packages), findings=()), *matches)

    assert [one.answer for one in explanation.answers] == [YES, DOUBT, NO]


@pytest.mark.parametrize(
    ("edges", "chain"),
    [
        ({}, ()),
        ({"app": ["thing"]}, ("app", "thing")),
        ({"app": ["mid", "far"], "mid": ["thing"], "far": ["mid"]}, ("app", "mid", "thing")),
        ({"a": ["thing"], "thing": ["a"]}, ()),
    ],
    ids=["nobody asks", "the application asks", "the shortest way", "they ask one another"],
)
def test_the_way_from_an_application_to_the_package_is_shown(
    edges: dict[str, list[str]], chain: tuple[str, ...]
) -> None:
    names = sorted({"thing", *edges, *(one for all in edges.values() for one in all)})
    packages = tuple(
        replace(a_package(name=name), id=name, depends_on=tuple(edges.get(name, ())))
        for name in names
    )
    thing = next(one for one in packages if one.id == "thing")

    [answer] = explained(a_result(packages=packages, findings=()), a_match(thing, NO)).answers

    assert answer.chain == chain
