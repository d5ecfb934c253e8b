"""A policy file to rules. Format: docs/policy.md. UsageError names file, line and reason."""

import re

from lading.findings.scope import SCOPE_KEYS, scope_from
from lading.findings.tables import Table, read_tables
from lading.model.finding import FixState, Kind, Severity, Status
from lading.policy.items import KINDS
from lading.policy.policy import Evaluation, Policy
from lading.policy.rule import Action, Rule, Subject

_FINDING_KEYS = (
    "severity", "severities", "kev", "kev_overdue", "epss", "fix", "fixed_for_days",
    "published_for_days", "kind", "status", "vulnerability",
)  # fmt: skip
_COVERAGE_KEYS = ("coverage", "max_age", "path")
_PACKAGE_KEYS = (*SCOPE_KEYS, "license")
_RULE_KEYS = (
    "name", "action", "on", *_FINDING_KEYS, *_PACKAGE_KEYS, "coverage", "max_age",
)  # fmt: skip
_LONG = 36500.0  # days
_HOURS = {"h": 1.0, "d": 24.0, "w": 168.0}
_DURATION = re.compile(r"([0-9]{1,6})([hdw])")


def read_policy(data: bytes, file: str) -> Policy:
    """Return the policy of a file; UsageError with file, line and reason."""
    top = read_tables(data, file)
    top.only(("evaluation", "exceptions", "rule", "configuration"))
    if "configuration" in top.values:
        top.fail("configuration", "rules on an image's configuration are not known yet")
    evaluation = Evaluation(top.choice("evaluation", list(Evaluation)) or Evaluation.FIRST)
    rules = tuple(_rule(table, number) for number, table in enumerate(top.tables("rule"), 1))
    _check_allow(top, rules, evaluation)
    limits = top.table("exceptions")
    if limits is None:
        return Policy(source=file, evaluation=evaluation, rules=rules)
    limits.only(("max_days", "announce_days"))
    most = limits.number("max_days", most=_LONG)
    announced = limits.number("announce_days", most=_LONG)
    return Policy(
        source=file,
        evaluation=evaluation,
        rules=rules,
        exception_days=None if most is None else int(most),
        announce_days=None if announced is None else int(announced),
    )


def _check_allow(top: Table, rules: tuple[Rule, ...], evaluation: Evaluation) -> None:
    for table, rule in zip(top.tables("rule"), rules, strict=True):
        if evaluation is Evaluation.ALL and rule.action is Action.ALLOW:
            table.fail(
                "action", 'where all rules count, allow does nothing; use evaluation = "first"'
            )


def _rule(table: Table, number: int) -> Rule:
    table.only(_RULE_KEYS)
    action = table.choice("action", list(Action))
    if action is None:
        table.fail(None, f"this rule has no action; choose from {', '.join(Action)}")
    subject = _subject(table)
    return Rule(
        name=table.text("name") or f"rule {number}",
        action=Action(action),
        subject=subject,
        scope=scope_from(table),
        severity=_severity(table),
        severities=tuple(map(Severity, table.choices("severities", list(Severity)))),
        kev=table.flag("kev"),
        kev_overdue=table.flag("kev_overdue"),
        epss=table.number("epss", most=1),
        fix=tuple(map(FixState, table.choices("fix", list(FixState)))),
        fixed_for_days=table.number("fixed_for_days", most=_LONG),
        published_for_days=table.number("published_for_days", most=_LONG),
        kinds=tuple(map(Kind, table.choices("kind", list(Kind)))),
        statuses=tuple(map(Status, table.choices("status", list(Status)))),
        vulnerabilities=table.texts("vulnerability"),
        licenses=table.texts("license"),
        coverage=table.choices("coverage", list(KINDS)),
        max_age_hours=_hours(table),
    )


def _severity(table: Table) -> Severity | None:
    found = table.choice("severity", list(Severity))
    return Severity(found) if found is not None else None


def _hours(table: Table) -> float | None:
    value = table.text("max_age")
    if value is None:
        return None
    found = _DURATION.fullmatch(value)
    if found is None:
        table.fail("max_age", f"{value!r} is no duration; write 36h, 7d or 2w")
    if "stale-feed" not in table.texts("coverage"):
        table.fail("max_age", 'max_age is for coverage = "stale-feed"')
    return float(found[1]) * _HOURS[found[2]]


def _subject(table: Table) -> Subject:
    """Return what the rule judges: as it says, or as its keys leave no choice."""
    said = table.choice("on", list(Subject))
    subject = Subject(said) if said is not None else _implied(table)
    fitting = {
        Subject.FINDINGS: (*_FINDING_KEYS, *_PACKAGE_KEYS),
        Subject.PACKAGES: _PACKAGE_KEYS,
        Subject.COVERAGE: _COVERAGE_KEYS,
    }[subject]
    for key in table.values:
        if key not in ("name", "action", "on", *fitting):
            table.fail(key, f"{key} is no condition on {subject}")
    if subject is Subject.COVERAGE and "coverage" not in table.values:
        table.fail("on", f"coverage must name its items: {', '.join(KINDS)}")
    return subject


def _implied(table: Table) -> Subject:
    if "coverage" in table.values:
        return Subject.COVERAGE
    if not any(key in table.values for key in _FINDING_KEYS):
        table.fail(
            None, 'nothing says what this rule judges; add on = "findings" or on = "packages"'
        )
    return Subject.FINDINGS
