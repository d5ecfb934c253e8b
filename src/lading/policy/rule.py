"""What a rule says, and whether it means something: conditions, all of which must hold.

What cannot be told meets a rule that denies or warns, and never one that allows: a version that
cannot be compared, a date or a layer that nobody knows. An unknown severity, an absent score are no
such doubts: a rule must name them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from lading.findings.scope import EVERYTHING, Scope, all_of
from lading.model.finding import Finding, FixState, Kind, Severity, Status
from lading.model.image import BaseImage
from lading.model.package import Package

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Action(StrEnum):
    DENY = "deny"
    WARN = "warn"
    ALLOW = "allow"


class Subject(StrEnum):
    FINDINGS = "findings"
    PACKAGES = "packages"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a rule's conditions are held against, beside its subject."""

    base: BaseImage | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; a condition that is None or empty is none."""

    name: str
    action: Action
    subject: Subject
    scope: Scope = EVERYTHING
    severity: Severity | None = None  # this or worse; unknown: exactly that
    severities: tuple[Severity, ...] = ()  # exactly these
    kev: bool | None = None
    kev_overdue: bool | None = None  # the day by which it must be mended is past
    epss: float | None = None  # at least, 0 to 1
    fix: tuple[FixState, ...] = ()
    fixed_for_days: float | None = None
    published_for_days: float | None = None
    kinds: tuple[Kind, ...] = ()
    statuses: tuple[Status, ...] = ()
    vulnerabilities: tuple[str, ...] = ()  # globs of ids and aliases
    licenses: tuple[str, ...] = ()  # globs of SPDX ids; none: says none
    coverage: tuple[str, ...] = ()  # kinds of items
    max_age_hours: float | None = None  # of a feed, narrows stale-feed

    def means_finding(self, one: Finding, package: Package | None, setting: Setting) -> bool:
        """Say whether the rule is about this finding."""
        answers = (
            *self._of_danger(one, setting),
            *self._of_finding(one, setting),
            *self._of_package(package, setting),
        )
        return self._is_met(answers)

    def means_package(self, package: Package, setting: Setting) -> bool:
        """Say whether the rule is about this package."""
        return self._is_met(tuple(self._of_package(package, setting)))

    def _is_met(self, answers: tuple[bool | None, ...]) -> bool:
        answer = all_of(answers)
        return self.action is not Action.ALLOW if answer is None else answer

    def _of_danger(self, one: Finding, setting: Setting) -> Iterator[bool | None]:
        if self.severity is not None:
            yield _is_as_bad(one.severity, self.severity)
        if self.severities:
            yield one.severity in self.severities
        if self.kev is not None:
            yield (one.kev is not None) is self.kev
        if self.kev_overdue is not None:
            yield _is_overdue(one, setting.now, wanted=self.kev_overdue)
        if self.epss is not None:
            yield one.epss is not None and one.epss.score >= self.epss

    def _of_finding(self, one: Finding, setting: Setting) -> Iterator[bool | None]:
        if self.fix:
            yield one.fix.state in self.fix
        if self.fixed_for_days is not None:
            is_fixed = one.fix.state is FixState.FIXED
            yield is_fixed and _is_older(one.fix.since, self.fixed_for_days, setting.now)
        if self.published_for_days is not None:
            yield _is_older(one.published, self.published_for_days, setting.now)
        if self.kinds:
            yield one.kind in self.kinds
        if self.statuses:
            yield one.status in self.statuses
        if self.vulnerabilities:
            names = [name.upper() for name in (one.id, *one.aliases)]
            globs = [glob.upper() for glob in self.vulnerabilities]
            yield any(fnmatchcase(name, glob) for name in names for glob in globs)

    def _of_package(self, package: Package | None, setting: Setting) -> Iterator[bool | None]:
        if not self.scope.is_open:
            yield None if package is None else self.scope.covers(package, setting.base)
        if self.licenses:
            yield None if package is None else _is_licensed(package, self.licenses)


def _is_as_bad(found: Severity, wanted: Severity) -> bool:
    if Severity.UNKNOWN in (found, wanted):
        return found is wanted
    return _RANK[found] <= _RANK[wanted]


def _is_overdue(one: Finding, now: datetime, *, wanted: bool) -> bool | None:
    if one.kev is None:
        return not wanted
    if one.kev.due is None:
        return None
    return (one.kev.due[:10] < now.date().isoformat()) is wanted


def _is_older(moment: str | None, days: float, now: datetime) -> bool | None:
    try:
        found = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (now - aware).total_seconds() >= days * 86400


_JOINTS = re.compile(r"[\s()]+|\b(?:AND|OR|WITH|and|or|with)\b")


def _is_licensed(package: Package, globs: tuple[str, ...]) -> bool:
    """Say whether any id in the package's licences is meant, whatever the others allow."""
    ids = {id for text in package.licenses for id in _JOINTS.split(text) if id}
    names = {name.lower() for name in (*ids, *package.licenses)} or {"none"}
    return any(fnmatchcase(name, glob.lower()) for name in names for glob in globs)
