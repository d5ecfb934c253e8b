"""A result in, a verdict out: what breaches the rules, and which rule.

`--fail-on` and `--max-age` are the rules so far.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lading.model.finding import Finding, FixState, Severity
from lading.model.result import Advisories, Breach, Verdict

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is not accepted; nothing by default."""

    fail_on: Severity | None = None  # this or worse; `unknown` names exactly the unknown ones
    only_fixed: bool = False  # only findings that a known version ends
    max_age_hours: float | None = None  # of each feed; one of unknown age is too old


def judge(findings: Iterable[Finding], advisories: Advisories, policy: Policy) -> Verdict:
    """Return the verdict, with every breach."""
    breaches = (*_severe(findings, policy), *_old(advisories, policy))
    return Verdict(passed=not breaches, breaches=breaches)


def _severe(findings: Iterable[Finding], policy: Policy) -> Iterator[Breach]:
    if policy.fail_on is None:
        return
    rule = f"--fail-on {policy.fail_on}" + (" --only-fixed" if policy.only_fixed else "")
    for finding in findings:
        if finding.suppressed is None and _counts(finding, policy.fail_on, policy.only_fixed):
            yield Breach(finding=f"{finding.id} {finding.package}", coverage=None, rule=rule)


def _counts(finding: Finding, fail_on: Severity, only_fixed: bool) -> bool:
    if only_fixed and finding.fix.state is not FixState.FIXED:
        return False
    if Severity.UNKNOWN in (fail_on, finding.severity):
        return fail_on is finding.severity
    return _RANK[finding.severity] <= _RANK[fail_on]


def _old(advisories: Advisories, policy: Policy) -> Iterator[Breach]:
    bound = policy.max_age_hours
    if bound is None:
        return
    for feed in advisories.feeds:
        if feed.age_hours is None or feed.age_hours > bound:
            age = "unknown age" if feed.age_hours is None else f"{feed.age_hours:g} hours old"
            yield Breach(finding=None, coverage=f"feed {feed.name}: {age}", rule="--max-age")
    if not advisories.feeds:
        yield Breach(finding=None, coverage="no advisory feed", rule="--max-age")
