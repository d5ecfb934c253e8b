"""What breaches which rule."""

from dataclasses import replace

import pytest

from builders import a_finding
from lading.model.finding import Fix, FixState, Severity, Suppression
from lading.model.result import Advisories, FeedAge
from lading.policy import Policy, judge

C, H, M, L, N, U = Severity


def feeds(*ages: float | None) -> Advisories:
    return Advisories(
        built=None,
        partial=False,
        feeds=tuple(
            FeedAge(name=f"f{n}", records=1, as_of=None, age_hours=age, stale=False)
            for n, age in enumerate(ages)
        ),
    )


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
    findings = [replace(a_finding(), severity=severity) for severity in Severity]

    for finding in findings:
        verdict = judge([finding], feeds(1), Policy(fail_on=fail_on))
        assert verdict.passed is (finding.severity not in breaching)


@pytest.mark.parametrize(
    ("state", "passed"),
    [(state, state is not FixState.FIXED) for state in FixState],
)
def test_only_fixed_counts_what_has_a_fix(state: FixState, passed: bool) -> None:
    finding = replace(a_finding(), severity=C, fix=Fix(state=state))

    verdict = judge([finding], feeds(1), Policy(fail_on=H, only_fixed=True))

    assert verdict.passed is passed


def test_a_suppressed_finding_never_breaches() -> None:
    suppressed = Suppression(by="someone", reason="known", until=None)
    finding = replace(a_finding(), severity=C, suppressed=suppressed)

    assert judge([finding], feeds(1), Policy(fail_on=L)).passed


def test_a_breach_names_the_finding_and_the_rule() -> None:
    finding = replace(a_finding(), severity=C, fix=Fix(state=FixState.FIXED))

    (breach,) = judge([finding], feeds(1), Policy(fail_on=H, only_fixed=True)).breaches

    assert breach.finding == f"{finding.id} {finding.package}"
    assert breach.rule == "--fail-on high --only-fixed"


@pytest.mark.parametrize(
    ("ages", "breaches"),
    [
        ((1.0, 47.9), []),
        ((48.0,), []),
        ((48.1,), ["feed f0: 48.1 hours old"]),
        ((1.0, None), ["feed f1: unknown age"]),
        ((), ["no advisory feed"]),
    ],
)
def test_max_age_bounds_every_feed(ages: tuple[float | None, ...], breaches: list[str]) -> None:
    verdict = judge([], feeds(*ages), Policy(max_age_hours=48.0))

    assert [breach.coverage for breach in verdict.breaches] == breaches
    assert verdict.passed is (not breaches)
