"""Findings, exceptions and VEX statements to findings that say what was decided of them.

Pure: a saved result with the same decisions and the same clock gives the same. A statement of a
VEX document is about facts and comes first; then exceptions, in their files' order, the first that
applies. Each decision says what became of it, so that none lies forgotten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lading.findings.exceptions import Exemption, written
from lading.findings.vex.apply import apply_statements
from lading.findings.vex.statement import Statement
from lading.model.decision import Decision, Outcome, Vex
from lading.model.finding import Finding, Suppression
from lading.model.package import Package
from lading.model.result import Result

ANNOUNCED_DAYS = 14
"""How long before its end an exception is announced, where the policy says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What was given to decide with."""

    exceptions: tuple[Exemption, ...] = ()
    statements: tuple[Statement, ...] = ()
    unusable: tuple[Decision, ...] = ()  # parts of VEX documents that say nothing we can use
    announced_days: int = ANNOUNCED_DAYS


def decide(result: Result, given: Decisions, now: datetime) -> Result:
    """Return the result with its findings decided, and with what became of each decision.

    An inventory stays as it is.
    """
    if result.findings is None:
        return result
    packages = {one.id: one for one in result.packages}
    vexed, told = apply_statements(
        result.findings, given.statements, packages=packages, image=result.image
    )
    findings = list(vexed)
    made = [
        _excepted(one, findings, result, packages, given.announced_days, now)
        for one in given.exceptions
    ]
    return replace(result, findings=tuple(findings), decisions=(*made, *told, *given.unusable))


def _excepted(
    one: Exemption,
    findings: list[Finding],
    result: Result,
    packages: Mapping[str, Package],
    announced: int,
    now: datetime,
) -> Decision:
    """Apply an exception to the findings, in place, and return what became of it."""
    if not one.is_for(result.image, result.target):
        return _told(one, Outcome.UNMATCHED, "it is for other images")
    meant = [
        number
        for number, finding in enumerate(findings)
        if one.is_about(finding, packages.get(finding.package), result.image)
    ]
    names = tuple(f"{findings[n].id} {findings[n].package}" for n in meant)
    if one.is_over(now):
        effect = f"{len(names)} count again" if names else "nothing here is what it was for"
        return _told(one, Outcome.EXPIRED, f"it ended on {written(one.until)}; {effect}", names)
    if not meant:
        return _told(one, Outcome.UNMATCHED, "no finding is what it is about")
    ended = {n: why for n in meant if (why := one.ended_by(findings[n])) is not None}
    kept = [n for n in meant if n not in ended]
    if not kept:
        return _told(one, Outcome.ENDED, _some(ended.values()), names)
    free = [n for n in kept if findings[n].suppressed is None]
    for n in free:
        findings[n] = replace(findings[n], suppressed=_suppression(one))
    parts = [f"suppresses {len(free)}"]
    if len(free) < len(kept):
        parts.append(f"{len(kept) - len(free)} suppressed before by another decision")
    if ended:
        parts.append(f"{len(ended)} count again: {_some(ended.values())}")
    told = _told(one, Outcome.APPLIED, "; ".join(parts), names)
    left = one.days_left(now)
    return replace(told, days_left=left) if left <= announced else told


def _told(one: Exemption, outcome: Outcome, reason: str, findings: Sequence[str] = ()) -> Decision:
    return Decision(
        kind="exception",
        source=one.source,
        about=one.about,
        outcome=outcome,
        reason=reason,
        by=one.author,
        until=written(one.until),
        findings=tuple(findings),
    )


def _suppression(one: Exemption) -> Suppression:
    vex = None
    if one.justification is not None:
        vex = Vex(
            status="not_affected",
            justification=one.justification,
            impact=one.impact or one.reason,
            stated=written(one.added) if one.added is not None else None,
        )
    return Suppression(by=one.author, reason=one.reason, until=written(one.until), vex=vex)


def _some(reasons: Iterable[str]) -> str:
    """Return the first of the reasons, and how many others there are."""
    told = list(dict.fromkeys(reasons))
    return told[0] if len(told) == 1 else f"{told[0]}, and {len(told) - 1} other reasons"
