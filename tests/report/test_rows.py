from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from builders import a_finding, a_package, a_result
from lading.model.finding import Finding, Severity, Suppression
from lading.report.rows import groups, natural
from lading.report.view import Grouping, Sort, View

RISING = ["CVE-2023-9999", "CVE-2024-1", "CVE-2024-999", "CVE-2024-1000", "CVE-2024-1000a", "X"]


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_numbers_in_names_sort_by_value(lower: str, higher: str) -> None:
    assert natural(lower) < natural(higher)


def test_a_number_of_any_length_can_be_sorted() -> None:
    assert natural("9" * 100_000) < natural("1" + "0" * 100_000)


def ids(findings: list[Finding], **view: Any) -> list[list[str]]:
    packages = tuple(
        replace(a_package(name=name), id=name, paths=(f"/{name}",)) for name in ("a", "b", "thing")
    )
    result = a_result(packages=packages, findings=tuple(findings))
    return [
        [row.finding.id for row in group.rows]
        for group in groups(result, View(now=datetime(2026, 1, 1, tzinfo=UTC), **view))
    ]


def test_the_package_with_the_worst_finding_comes_first() -> None:
    low = a_finding("LOW", package="a", severity=Severity.LOW)
    high = a_finding("HIGH", package="b", severity=Severity.HIGH)
    also = a_finding("ALSO", package="b", severity=Severity.MEDIUM)

    assert ids([low, also, high]) == [["HIGH", "ALSO"], ["LOW"]]


def test_of_two_as_severe_the_higher_score_comes_first() -> None:
    assert ids(
        [a_finding("7", package="a", score=7.0), a_finding("8", package="b", score=8.0)]
    ) == [
        ["8"],
        ["7"],
    ]


def test_of_two_as_bad_the_package_with_more_findings_comes_first() -> None:
    found = [a_finding("1", package="a"), a_finding("2", package="b"), a_finding("3", package="b")]

    assert ids(found) == [["2", "3"], ["1"]]


def test_a_finding_without_a_score_comes_after_those_that_have_one() -> None:
    assert ids([a_finding("1", score=None), a_finding("2", score=0.0)]) == [["2", "1"]]


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (Grouping.PACKAGE, [["1", "2"], ["1"]]),
        (Grouping.VULNERABILITY, [["1", "1"], ["2"]]),
        (Grouping.LAYER, [["1", "2"], ["1"]]),
        (Grouping.PATH, [["1", "2"], ["1"]]),
        (Grouping.NONE, [["1", "1", "2"]]),
    ],
)
def test_findings_stand_below_what_the_view_groups_by(
    grouping: Grouping, expected: list[list[str]]
) -> None:
    found = [
        a_finding("1", package="a", layer=3),
        a_finding("1", package="b", layer=None),
        a_finding("2", package="a", layer=3),
    ]

    assert ids(found, group_by=grouping) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.SEVERITY, ["2", "10", "1"]),
        (Sort.ID, ["1", "2", "10"]),
        (Sort.PACKAGE, ["10", "1", "2"]),
    ],
)
def test_findings_are_sorted_as_the_view_says(sort: Sort, expected: list[str]) -> None:
    found = [
        a_finding("1", package="a", severity=Severity.LOW),
        a_finding("2", package="b", severity=Severity.HIGH),
        a_finding("10", package="a", severity=Severity.MEDIUM),
    ]

    assert ids(found, sort=sort, group_by=Grouping.NONE) == [expected]


def test_a_view_hides_what_is_milder_or_has_no_fix() -> None:
    found = [
        a_finding("1", severity=Severity.CRITICAL, fixed=()),
        a_finding("2", severity=Severity.HIGH),
        a_finding("3", severity=Severity.MEDIUM),
        a_finding("4", severity=Severity.UNKNOWN),
    ]

    assert ids(found, severity=Severity.HIGH) == [["1", "2"]]
    assert ids(found, severity=Severity.HIGH, fixable=True) == [["2"]]


def test_suppressed_findings_are_not_listed() -> None:
    suppressed = Suppression(by="ops", reason="not reached", until=None)

    assert ids([a_finding(suppressed=suppressed)]) == []
