from dataclasses import replace
from typing import Any

import pytest

from builders import a_finding, a_result
from lading.findings.difference import compare
from lading.model.advisory import Kev
from lading.model.difference import Cause, Change, Difference, FindingChange
from lading.model.finding import AdvisoryRef, Finding, Severity, Suppression
from lading.model.package import Package
from lading.model.problem import Problem, Stage
from lading.model.result import Advisories, FeedAge, Result

EXCEPTION = Suppression(by="ops", reason="not built in", until="2026-06-01")


def a_side(version: str | None = "1.0", *findings: Finding, feeds: tuple[str, ...] = ()) -> Result:
    """A result with one package, `thing`, or with none."""
    thing = Package(
        id=f"thing@{version}", type="deb", name="thing", version=version, paths=("/thing",)
    )
    ages = tuple(
        FeedAge(name=name, records=1, as_of=None, age_hours=1.0, stale=False) for name in feeds
    )
    return a_result(
        packages=(thing,) if version else (),
        findings=tuple(replace(one, package=thing.id) for one in findings),
        advisories=Advisories(built=None, partial=False, feeds=ages),
    )


def the_change(old: Result, new: Result) -> FindingChange:
    (found,) = compare(old, new).findings
    return found


FOUND = a_finding()
EXCUSED = a_finding(suppressed=EXCEPTION)
FROM_FEED = a_finding(advisories=(AdvisoryRef(id="X", source="debian", modified=None),))
BOTH = ("debian", "osv")


@pytest.mark.parametrize(
    ("old", "new", "change", "cause"),
    [
        pytest.param(
            a_side(None), a_side("1.0", FOUND), Change.NEW, Cause.PACKAGE_ADDED, id="added"
        ),
        pytest.param(
            a_side("1.0"), a_side("0.9", FOUND), Change.NEW, Cause.PACKAGE_CHANGED, id="downgraded"
        ),
        pytest.param(
            a_side("1.0"), a_side("1.0", FOUND), Change.NEW, Cause.ADVISORY_APPEARED, id="learned"
        ),
        pytest.param(
            a_side("1.0", EXCUSED),
            a_side("1.0", FOUND),
            Change.NEW,
            Cause.EXCEPTION_ENDED,
            id="no longer excused",
        ),
        pytest.param(
            a_side("1.0", feeds=("osv",)),
            a_side("1.0", FROM_FEED, feeds=BOTH),
            Change.NEW,
            Cause.FEED,
            id="the older database had no such feed",
        ),
        pytest.param(
            a_side("1.0", FOUND), a_side(None), Change.FIXED, Cause.PACKAGE_REMOVED, id="removed"
        ),
        pytest.param(
            a_side("1.0", FOUND), a_side("2.0"), Change.FIXED, Cause.PACKAGE_CHANGED, id="updated"
        ),
        pytest.param(
            a_side("1.0", FOUND),
            a_side("1.0"),
            Change.FIXED,
            Cause.ADVISORY_WITHDRAWN,
            id="taken back",
        ),
        pytest.param(
            a_side("1.0", FOUND),
            a_side("1.0", EXCUSED),
            Change.FIXED,
            Cause.EXCEPTION_BEGAN,
            id="excused",
        ),
        pytest.param(
            a_side("1.0", FROM_FEED, feeds=BOTH),
            a_side("1.0", feeds=("osv",)),
            Change.FIXED,
            Cause.FEED,
            id="the newer database has no such feed",
        ),
        pytest.param(
            a_side("1.0", FOUND),
            a_side("1.1", FOUND),
            Change.CHANGED,
            Cause.PACKAGE_CHANGED,
            id="still affected after an update",
        ),
        pytest.param(
            a_side("1.0", FOUND),
            a_side("1.0", a_finding(severity=Severity.CRITICAL)),
            Change.CHANGED,
            Cause.ADVISORY_CHANGED,
            id="worse than it was thought",
        ),
    ],
)
def test_every_change_has_its_cause(old: Result, new: Result, change: Change, cause: Cause) -> None:
    found = the_change(old, new)

    assert (found.change, found.cause) == (change, cause)
    assert found.detail


@pytest.mark.parametrize(
    ("facts", "member"),
    [
        ({"severity": Severity.LOW}, ("severity", "high", "low")),
        ({"fixed": ("3.0",)}, ("fix", "2.0", "3.0")),
        ({"fixed": ()}, ("fix", "2.0", "not-fixed")),
        ({"kev": Kev(added="2026-01-01", due=None, ransomware=None)}, ("exploited", "no", "yes")),
    ],
)
def test_what_changed_is_said_before_and_after(
    facts: dict[str, Any], member: tuple[str, str, str]
) -> None:
    found = the_change(a_side("1.0", FOUND), a_side("1.0", a_finding(**facts)))

    assert [(one.name, one.before, one.after) for one in found.members] == [member]


def test_the_same_vulnerability_may_have_another_name_now() -> None:
    old = a_side("1.0", a_finding("GHSA-x", aliases=("CVE-2024-1000",)))

    difference = compare(old, a_side("1.0", a_finding("CVE-2024-1000")))

    assert difference.findings == ()
    assert difference.unchanged == 1


def test_what_is_excused_in_both_is_neither_new_nor_unchanged() -> None:
    difference = compare(a_side("1.0", EXCUSED), a_side("1.0", EXCUSED))

    assert (difference.findings, difference.unchanged) == ((), 0)


def copies(*places: tuple[str, str]) -> Result:
    """A result with copies of one npm package, all with one vulnerability: (path, version)."""
    packages = tuple(
        Package(id=f"{path}@{version}", type="npm", name="lib", version=version, paths=(path,))
        for path, version in places
    )
    findings = tuple(a_finding(package=package.id) for package in packages)
    return a_result(packages=packages, findings=findings)


def test_copies_are_told_apart_by_where_they_are() -> None:
    difference = compare(
        copies(("/a", "1"), ("/b", "2")), copies(("/b", "3"), ("/a", "1"), ("/c", "1"))
    )

    told = {(one.change, one.before, one.after) for one in difference.findings}
    assert told == {(Change.CHANGED, "2", "3"), (Change.NEW, "1, 2", "1")}
    assert difference.unchanged == 1


def test_packages_are_compared_by_all_their_versions() -> None:
    difference = compare(copies(("/a", "1"), ("/b", "2")), copies(("/a", "1")))

    (package,) = difference.packages
    assert (package.before, package.after) == (("1", "2"), ("1",))


def test_a_result_does_not_differ_from_itself() -> None:
    result = copies(("/a", "1"), ("/a", "1"), ("/b", "2"))

    assert compare(result, result) == Difference(
        old="example:1", new="example:1", findings=(), packages=(), unchanged=3
    )


def notes(old: Result, new: Result) -> str:
    return " / ".join(compare(old, new).notes)


def test_what_makes_a_comparison_say_less_is_said() -> None:
    problem = Problem(stage=Stage.CATALOG, path="/x", reason="broken", effect="less")

    assert "the older result is an inventory" in notes(a_result(findings=None), a_side())
    assert "problems of the newer result" in notes(a_side(), a_result(problems=(problem,)))
    assert "only the older result was made with: debian" in notes(
        a_side(feeds=BOTH), a_side(feeds=("osv",))
    )
    assert "only the newer result was made with: debian" in notes(
        a_side(feeds=("osv",)), a_side(feeds=BOTH)
    )


def test_a_finding_whose_package_is_not_listed_is_compared_by_what_it_names() -> None:
    old = a_result(findings=(a_finding(package="ghost"),))

    assert compare(old, old).unchanged == 1
    assert the_change(old, a_result()).name == "ghost"
