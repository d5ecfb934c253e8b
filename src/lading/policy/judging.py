"""A result held against policies: the verdict, with the rule that decided each breach.

Each policy judges by itself, and all must be content: flags tighten a file and never loosen it.
In a policy, the first rule that means a finding, a package or a gap decides on it, or every rule
that means it counts: the policy says which.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice

from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.result import Breach, Result, Verdict
from lading.policy.items import Item, items_of
from lading.policy.policy import Evaluation, Policy
from lading.policy.rule import Action, Rule, Setting, Subject

_Decided = tuple[Rule, Breach]


def judge(result: Result, policies: Sequence[Policy], now: datetime) -> Verdict:
    """Return the verdict on a result, with all breaches and warnings."""
    decided = [one for policy in policies for one in _decided(result, policy, now)]
    breaches = tuple(breach for rule, breach in decided if rule.action is Action.DENY)
    warnings = tuple(breach for rule, breach in decided if rule.action is Action.WARN)
    return Verdict(passed=not breaches, breaches=breaches, warnings=warnings)


def _decided(result: Result, policy: Policy, now: datetime) -> Iterator[_Decided]:
    setting = Setting(base=result.image.base, now=now)
    packages = {package.id: package for package in result.packages}
    for finding in result.findings or ():
        if finding.suppressed is None:
            yield from _on_finding(finding, packages.get(finding.package), policy, setting)
    for package in result.packages:
        yield from _on_package(package, policy, setting)
    for item in items_of(result):
        yield from _on_item(item, policy)


def _on_finding(
    finding: Finding, package: Package | None, policy: Policy, setting: Setting
) -> Iterator[_Decided]:
    name = f"{finding.id} {finding.package}"
    of = _deciding(
        policy, Subject.FINDINGS, lambda rule: rule.means_finding(finding, package, setting)
    )
    return ((rule, Breach(finding=name, coverage=None, rule=rule.name)) for rule in of)


def _on_package(package: Package, policy: Policy, setting: Setting) -> Iterator[_Decided]:
    of = _deciding(policy, Subject.PACKAGES, lambda rule: rule.means_package(package, setting))
    return (
        (rule, Breach(finding=None, coverage=None, rule=rule.name, package=package.id))
        for rule in of
    )


def _on_item(item: Item, policy: Policy) -> Iterator[_Decided]:
    of = _deciding(policy, Subject.COVERAGE, lambda rule: _means_item(rule, item))
    return ((rule, Breach(finding=None, coverage=item.text, rule=rule.name)) for rule in of)


def _deciding(policy: Policy, subject: Subject, means: Callable[[Rule], bool]) -> Iterator[Rule]:
    found = (rule for rule in policy.rules if rule.subject is subject and means(rule))
    return islice(found, 1) if policy.evaluation is Evaluation.FIRST else found


def _means_item(rule: Rule, item: Item) -> bool:
    if item.kind not in rule.coverage or not _is_at(rule, item):
        return False
    if item.kind != "stale-feed":
        return True
    if rule.max_age_hours is None:
        return item.is_stale
    if item.age_hours is None:
        return rule.action is not Action.ALLOW
    return (item.age_hours > rule.max_age_hours) is (rule.action is not Action.ALLOW)


def _is_at(rule: Rule, item: Item) -> bool:
    globs = rule.scope.paths
    return not globs or (item.path is not None and any(fnmatchcase(item.path, g) for g in globs))
