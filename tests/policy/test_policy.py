"""What breaches which rule: a specification, case by case."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from builders import a_finding, a_package, a_result
from lading.model.advisory import Epss, Kev
from lading.model.decision import Decision, Outcome
from lading.model.finding import Finding, Fix, FixState, Kind, Severity, Status, Suppression
from lading.model.image import BaseImage, System
from lading.model.package import Package
from lading.model.problem import Problem, Stage
from lading.model.result import (
    Advisories,
    Breach,
    Coverage,
    FeedAge,
    Modified,
    Result,
    Unexplained,
    Unmatched,
    Verdict,
)
from lading.policy import Policy, from_flags, judge, read_policy
from lading.policy.items import KINDS

C, H, M, L, N, U = Severity
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def rules(text: str) -> Policy:
    return read_policy(text.encode(), "policy.toml")


def one(**facts: Any) -> Finding:
    """A high finding of the one package, with a fix."""
    return replace(a_finding(package="p"), **facts)


def package(**facts: Any) -> Package:
    usual: dict[str, Any] = {"id": "p", "layer": 3}
    return replace(a_package("1.5.0", name="thing", type="npm"), **(usual | facts))


def result(*findings: Finding, packages: tuple[Package, ...] | None = None, **facts: Any) -> Result:
    """A scan of one package, in an image whose system is known and supported."""
    system = System(
        id="debian", version_id="12", pretty_name=None, end_of_life=None, supported=True
    )
    found = a_result(packages=packages or (package(),), findings=findings, **facts)
    return replace(found, image=replace(found.image, os=system))


def verdict(policy: Policy, found: Result) -> Verdict:
    return judge(found, (policy,), NOW)


def feeds(*ages: float | None, stale: bool = False) -> Advisories:
    return Advisories(
        built=None,
        partial=False,
        feeds=tuple(
            FeedAge(name=f"f{n}", records=1, as_of=None, age_hours=age, stale=stale)
            for n, age in enumerate(ages)
        ),
    )


# ------------------------------------------------------------------ flags


@pytest.mark.parametrize(
    ("fail_on", "breaching"),
    [
        (None, set()),
        (C, {C}),
        (H, {C, H}),
        (M, {C, H, M}),
        (L, {C, H, M, L}),
        (N, {C, H, M, L, N}),
        (U, {U}),
    ],
)
def test_fail_on_counts_that_severity_and_worse_and_unknown_only_by_name(
    fail_on: Severity | None, breaching: set[Severity]
) -> None:
    for severity in Severity:
        found = verdict(from_flags(fail_on), result(one(severity=severity)))

        assert found.passed is (severity not in breaching)


@pytest.mark.parametrize("state", FixState)
def test_only_fixed_counts_what_has_a_fix(state: FixState) -> None:
    finding = one(severity=C, fix=Fix(state=state))

    found = verdict(from_flags(H, only_fixed=True), result(finding))

    assert found.passed is (state is not FixState.FIXED)


def test_a_suppressed_finding_never_breaches() -> None:
    finding = one(suppressed=Suppression(by="someone", reason="known", until=None))

    assert verdict(from_flags(L), result(finding)).passed


def test_a_breach_names_the_finding_and_the_rule() -> None:
    (breach,) = verdict(from_flags(H, only_fixed=True), result(one(severity=C))).breaches

    assert breach == Breach(
        finding="CVE-2024-1000 p", coverage=None, rule="--fail-on high --only-fixed"
    )


@pytest.mark.parametrize(
    ("ages", "breaches"),
    [
        pytest.param((1.0, 47.9), [], id="young"),
        pytest.param((48.0,), [], id="as old as allowed"),
        pytest.param((1.0, 48.1), ["feed f1: 48.1 hours old"], id="one too old"),
        pytest.param((None,), ["feed f0: unknown age"], id="unknown age is no pass"),
        pytest.param((), ["no advisory feed"], id="no feed is no pass"),
    ],
)
def test_max_age_counts_every_feed(ages: tuple[float | None, ...], breaches: list[str]) -> None:
    found = verdict(from_flags(max_age_hours=48), result(advisories=feeds(*ages)))

    assert [breach.coverage for breach in found.breaches] == breaches


def test_an_inventory_without_advisories_is_no_pass_of_max_age() -> None:
    inventory = replace(result(), findings=None, advisories=None)

    assert not verdict(from_flags(max_age_hours=48), inventory).passed


# ------------------------------------------------------------------ rules on findings

KEV = Kev(added="2026-01-01", due="2026-06-14", ransomware=False)
EPSS = Epss(score=0.1, percentile=0.9, as_of="2026-06-01")
LATER = Kev(added="2026-01-01", due="2026-06-15", ransomware=False)
DATELESS = Kev(added="2026-01-01", due=None, ransomware=False)


@pytest.mark.parametrize(
    ("conditions", "facts", "breaches"),
    [
        ('severity = "high"', {"severity": H}, True),
        ('severity = "critical"', {"severity": H}, False),
        ('severity = "negligible"', {"severity": U}, False),
        ('severity = "unknown"', {"severity": U}, True),
        ('severity = "unknown"', {"severity": C}, False),
        ('severities = ["low", "unknown"]', {"severity": U}, True),
        ('severities = ["low"]', {"severity": H}, False),
        ("kev = true", {"kev": KEV}, True),
        ("kev = true", {}, False),
        ("kev = false", {}, True),
        ("kev = false", {"kev": KEV}, False),
        ("kev_overdue = true", {"kev": KEV}, True),
        ("kev_overdue = true", {"kev": LATER}, False),
        ("kev_overdue = true", {"kev": DATELESS}, True),  # nobody knows: no pass
        ("kev_overdue = true", {}, False),
        ("kev_overdue = false", {"kev": LATER}, True),
        ("kev_overdue = false", {}, True),
        ("epss = 0.1", {"epss": EPSS}, True),
        ("epss = 0.11", {"epss": EPSS}, False),
        ("epss = 0", {}, False),
        ('fix = "fixed"', {}, True),
        ('fix = ["wont-fix", "end-of-life"]', {"fix": Fix(state=FixState.WONT_FIX)}, True),
        ('fix = "fixed"', {"fix": Fix(state=FixState.UNKNOWN)}, False),
        ("fixed_for_days = 30", {"fix": Fix(state=FixState.FIXED, since="2026-05-16")}, True),
        ("fixed_for_days = 30", {"fix": Fix(state=FixState.FIXED, since="2026-05-17")}, False),
        ("fixed_for_days = 30", {"fix": Fix(state=FixState.FIXED)}, True),  # since when, unknown
        ("fixed_for_days = 0", {"fix": Fix(state=FixState.NOT_FIXED)}, False),
        ("published_for_days = 90", {"published": "2026-01-01T00:00:00Z"}, True),
        ("published_for_days = 90", {"published": "2026-06-01T00:00:00Z"}, False),
        ("published_for_days = 90", {"published": None}, True),
        ("published_for_days = 90", {"published": "last summer"}, True),
        ('kind = "malicious"', {"kind": Kind.MALICIOUS}, True),
        ('kind = "malicious"', {}, False),
        ('status = ["affected", "unknown"]', {"status": Status.UNKNOWN}, True),
        ('status = "affected"', {"status": Status.UNDER_INVESTIGATION}, False),
        ('vulnerability = "CVE-2024-*"', {}, True),
        ('vulnerability = "ghsa-*"', {"aliases": ("GHSA-aaaa-bbbb-cccc",)}, True),
        ('vulnerability = "GHSA-*"', {}, False),
        ('severity = "high"\nkev = true', {"severity": H}, False),  # all must hold
        ('severity = "high"\nkev = true', {"severity": H, "kev": KEV}, True),
        ('on = "findings"', {}, True),  # no condition means all
    ],
)
def test_a_rule_is_about_a_finding_when_all_its_conditions_hold(
    conditions: str, facts: dict[str, Any], breaches: bool
) -> None:
    policy = rules(f'[[rule]]\naction = "deny"\n{conditions}\n')

    assert verdict(policy, result(one(**facts))).passed is not breaches


@pytest.mark.parametrize(
    ("conditions", "facts", "breaches"),
    [
        ('package = "thing"', {}, True),
        ('package = "npm:th*"', {}, True),
        ('package = "pypi:thing"', {}, False),
        ('package = ["other", "thing"]', {}, True),
        ('package = "pkg:npm/thing"', {"purl": "pkg:npm/thing@1.5.0"}, True),
        ('package = "pkg:npm/thing@1.4"', {"purl": "pkg:npm/thing@1.5.0"}, False),
        ('package = "pkg:npm/th*"', {"purl": "pkg:npm/thing@1.5?a=b"}, True),
        ('package = "Flask_Login"', {"type": "pypi", "name": "flask-login"}, True),
        ('type = "npm"', {}, True),
        ('type = ["deb", "rpm"]', {}, False),
        ('version = ">=1.0, <2.0"', {}, True),
        ('version = "<1.5"', {}, False),
        ('version = "1.5"', {}, True),
        ('version = "<1 | >=1.5"', {}, True),
        ('version = "*"', {"version": None}, True),
        ('version = "<1.0"', {"version": "no version"}, True),  # cannot be told: no pass
        ('version = "<1.0"', {"version": None}, True),
        ('path = "/where/*"', {}, True),
        ('path = "/else/*"', {}, False),
        ("layer = 3", {}, True),
        ("layer = [0, 1]", {}, False),
        ('layer = "own"', {}, True),
        ('layer = "base"', {}, False),
        ('layer = "base"', {"layer": 1}, True),
        ('layer = "own"', {"layer": 1}, False),
        ('layer = "own"', {"layer": None}, True),  # cannot be told: no pass
        ('license = "AGPL-*"', {"licenses": ("MIT OR AGPL-3.0-only",)}, True),
        ('license = "agpl-*"', {"licenses": ("MIT",)}, False),
        ('license = "none"', {"licenses": ()}, True),
        ('license = "none"', {"licenses": ("MIT",)}, False),
        ('license = "the foo license"', {"licenses": ("The Foo License",)}, True),
    ],
)
@pytest.mark.parametrize("subject", ["findings", "packages"])
def test_a_rule_narrows_itself_to_packages(
    subject: str, conditions: str, facts: dict[str, Any], breaches: bool
) -> None:
    policy = rules(f'[[rule]]\naction = "deny"\non = "{subject}"\n{conditions}\n')
    found = result(one(), packages=(package(**facts),))
    found = replace(
        found, image=replace(found.image, base=BaseImage(name=None, digest=None, layers=2))
    )

    answer = verdict(policy, found)

    assert answer.passed is not breaches
    assert [bool(breach.package) for breach in answer.breaches] == (
        [subject == "packages"] if breaches else []
    )


@pytest.mark.parametrize(
    "condition",
    ['version = "<1.0"', 'layer = "own"', "published_for_days = 90", "kev_overdue = true"],
)
def test_what_cannot_be_told_meets_a_rule_that_denies_and_none_that_allows(condition: str) -> None:
    doubtful = result(
        one(kev=DATELESS, published=None), packages=(package(version=None, layer=None),)
    )
    denied = rules(f'[[rule]]\naction = "deny"\non = "findings"\n{condition}\n')
    allowed = rules(
        f'[[rule]]\naction = "allow"\non = "findings"\n{condition}\n'
        '[[rule]]\naction = "deny"\non = "findings"\n'
    )

    assert not verdict(denied, doubtful).passed
    assert not verdict(allowed, doubtful).passed


@pytest.mark.parametrize("condition", ['type = "npm"', 'license = "MIT"'])
def test_a_finding_whose_package_is_not_listed_is_no_pass(condition: str) -> None:
    policy = rules(f'[[rule]]\naction = "deny"\non = "findings"\n{condition}\n')

    assert not verdict(policy, result(one(package="gone"))).passed


# ------------------------------------------------------------------ several rules

ALLOW_FIRST = """
[[rule]]
name = "tests may"
action = "allow"
on = "findings"
path = "/where/*"
[[rule]]
name = "no highs"
action = "deny"
severity = "high"
"""
DENY_FIRST = """
[[rule]]
name = "no highs"
action = "deny"
severity = "high"
[[rule]]
name = "told"
action = "warn"
on = "findings"
"""


@pytest.mark.parametrize(
    ("text", "breaches", "warnings"),
    [
        pytest.param(ALLOW_FIRST, [], [], id="the first allows"),
        pytest.param(DENY_FIRST, ["no highs"], [], id="the first denies"),
        pytest.param(
            'evaluation = "all"' + DENY_FIRST, ["no highs"], ["told"], id="all rules count"
        ),
        pytest.param("", [], [], id="no rules"),
    ],
)
def test_rules_that_disagree_are_decided_as_the_policy_says(
    text: str, breaches: list[str], warnings: list[str]
) -> None:
    found = verdict(rules(text), result(one()))

    assert [breach.rule for breach in found.breaches] == breaches
    assert [breach.rule for breach in found.warnings] == warnings
    assert found.passed is (not breaches)


def test_flags_tighten_a_policy_and_never_loosen_it() -> None:
    found = judge(result(one()), (rules(ALLOW_FIRST), from_flags(H)), NOW)

    assert [breach.rule for breach in found.breaches] == ["--fail-on high"]


def test_a_rule_without_a_name_is_known_by_its_number() -> None:
    found = verdict(rules(DENY_FIRST.replace('name = "no highs"', "")), result(one()))

    assert found.breaches[0].rule == "rule 1"


# ------------------------------------------------------------------ coverage

EVERYTHING_WRONG = replace(
    a_result(
        advisories=replace(feeds(100.0, stale=True), partial=True),
        problems=(Problem(stage=Stage.CATALOG, path="/a", reason="cut", effect="less"),),
        coverage=Coverage(
            files=1,
            executables=1,
            explained=0,
            unexplained=(Unexplained(path="/opt/x", layer=0, size=1, kind="elf"),),
            unmatched=(Unmatched(package="p", reason="no feed"),),
            notes=("something else",),
            modified=(
                Modified(
                    path="/etc/x", layer=0, package="p", state="changed", expected="a", found="b"
                ),
            ),
        ),
    ),
    decisions=tuple(
        Decision(
            kind=kind, source="e:1", about=str(outcome), outcome=outcome, reason="", findings=("f",)
        )
        for kind in ("exception", "vex")
        for outcome in Outcome
    ),
)


def of_system(supported: bool | None) -> Result:
    system = System(
        id="debian", version_id="9", pretty_name=None, end_of_life=None, supported=supported
    )
    return replace(EVERYTHING_WRONG, image=replace(EVERYTHING_WRONG.image, os=system))


GAPS = {
    "end-of-life": of_system(False),
    "unknown-support": of_system(None),
    "no-advisories": replace(EVERYTHING_WRONG, advisories=None),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_can_deny_every_kind_of_gap_and_a_scan_without_it_passes(kind: str) -> None:
    policy = rules(f'[[rule]]\naction = "deny"\ncoverage = "{kind}"\n')

    found = verdict(policy, GAPS.get(kind, EVERYTHING_WRONG))

    assert len(found.breaches) == 1
    assert found.breaches[0].coverage
    assert verdict(policy, result()).passed


@pytest.mark.parametrize(
    ("conditions", "breaches"),
    [
        ('coverage = ["unexplained", "problem"]', 2),
        ('coverage = "unexplained"\npath = "/opt/*"', 1),
        ('coverage = "unexplained"\npath = "/usr/*"', 0),
        ('coverage = "note"\npath = "/*"', 0),  # what has no path is in none
        ('coverage = "stale-feed"\nmax_age = "5d"', 0),
        ('coverage = "stale-feed"\nmax_age = "99h"', 1),
        ('coverage = "stale-feed"\nmax_age = "1w"', 0),
    ],
)
def test_rules_on_coverage_narrow_themselves_by_path_and_age(
    conditions: str, breaches: int
) -> None:
    policy = rules(f'[[rule]]\naction = "deny"\n{conditions}\n')

    assert len(verdict(policy, EVERYTHING_WRONG).breaches) == breaches


@pytest.mark.parametrize(("age", "passed"), [(100.0, True), (200.0, False), (None, False)])
def test_feeds_can_be_allowed_up_to_an_age(age: float | None, passed: bool) -> None:
    policy = rules(
        '[[rule]]\naction = "allow"\ncoverage = "stale-feed"\nmax_age = "1w"\n'
        '[[rule]]\naction = "deny"\ncoverage = "stale-feed"\nmax_age = "1h"\n'
    )

    assert verdict(policy, result(advisories=feeds(age))).passed is passed
