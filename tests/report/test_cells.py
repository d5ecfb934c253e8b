from dataclasses import replace
from typing import Any

import pytest

from builders import a_finding, a_package
from lading.model.advisory import Epss, Kev
from lading.model.finding import Fix, FixState, Kind, Status
from lading.report.cells import cell
from lading.report.rows import Row

EXPLOITED = Kev(added="2026-01-01", due=None, ransomware=None)


def shown(column: str, **facts: Any) -> str:
    return cell(Row(finding=a_finding(**facts), package=a_package()), column).text


@pytest.mark.parametrize(
    ("fix", "text"),
    [
        (Fix(state=FixState.FIXED, versions=("1.2",)), "fixed in 1.2"),
        (Fix(state=FixState.FIXED, versions=("1", "2", "3")), "fixed in 1, 2, 3"),
        (
            Fix(state=FixState.FIXED, versions=("1", "2", "3", "4", "5")),
            "fixed in 1, 2, 3, +2 more",
        ),
        (Fix(state=FixState.FIXED), "fixed"),
        (Fix(state=FixState.NOT_FIXED, versions=("1.2",)), "no fix"),
        (Fix(state=FixState.WONT_FIX), "won't fix"),
        (Fix(state=FixState.DEFERRED), "fix deferred"),
        (Fix(state=FixState.END_OF_LIFE), "end of life"),
        (Fix(state=FixState.UNKNOWN), "fix unknown"),
    ],
)
def test_a_fix_is_told_in_words(fix: Fix, text: str) -> None:
    assert shown("fix", fix=fix) == text


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, ""),
        ({"kev": EXPLOITED}, "exploited"),
        ({"kev": replace(EXPLOITED, ransomware=False)}, "exploited"),
        ({"kev": replace(EXPLOITED, ransomware=True)}, "exploited by ransomware"),
        ({"status": Status.UNKNOWN}, "could not compare"),
        ({"status": Status.UNDER_INVESTIGATION}, "under investigation"),
        ({"kind": Kind.MALICIOUS, "kev": EXPLOITED}, "malicious: remove it, exploited"),
    ],
)
def test_what_sets_a_finding_apart_is_marked(facts: dict[str, Any], text: str) -> None:
    assert shown("marks", **facts) == text


@pytest.mark.parametrize(
    ("column", "facts", "text"),
    [
        ("score", {"score": 7.25}, "7.2"),
        ("score", {"score": None}, ""),
        ("epss", {"epss": Epss(score=0.1234, percentile=0.9, as_of="2026-01-01")}, "12.3%"),
        ("epss", {"epss": None}, ""),
        ("layer", {"layer": 0}, "0"),
        ("layer", {"layer": None}, ""),
        ("package", {}, "thing"),
        ("type", {}, "deb"),
        ("path", {}, "/where/it/is"),
    ],
)
def test_a_column_shows_its_fact(column: str, facts: dict[str, Any], text: str) -> None:
    assert shown(column, **facts) == text


@pytest.mark.parametrize(
    ("column", "text"), [("package", "gone"), ("version", "1.0"), ("type", ""), ("path", "")]
)
def test_a_package_that_is_not_listed_shows_what_the_finding_knows(column: str, text: str) -> None:
    row = Row(finding=a_finding(package="gone"), package=None)

    assert cell(row, column).text == text
