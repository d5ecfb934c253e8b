"""Findings: what a package is known to have, merged over all records."""

from dataclasses import dataclass
from enum import StrEnum

from lading.model.advisory import Epss, Kev, Vector
from lading.model.decision import Vex


class Severity(StrEnum):
    """Worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEGLIGIBLE = "negligible"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    VULNERABILITY = "vulnerability"
    MALICIOUS = "malicious"  # the package itself is the attack; the remedy is removal


class Status(StrEnum):
    AFFECTED = "affected"
    UNKNOWN = "unknown"  # could not compare; the rule says why
    UNDER_INVESTIGATION = "under-investigation"


class FixState(StrEnum):
    FIXED = "fixed"
    NOT_FIXED = "not-fixed"
    WONT_FIX = "wont-fix"
    DEFERRED = "deferred"
    END_OF_LIFE = "end-of-life"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    state: FixState
    versions: tuple[str, ...] = ()  # smallest first
    since: str | None = None  # when the fix became known


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryRef:
    """A record that led to the finding."""

    id: str
    source: str  # the feed
    modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    by: str
    reason: str
    until: str | None
    vex: Vex | None = None  # what can be told of it to others


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One (vulnerability, package)."""

    id: str  # the CVE where there is one
    aliases: tuple[str, ...]
    package: str  # a package's id
    installed: str | None
    severity: Severity
    score: float | None
    vectors: tuple[Vector, ...]
    kind: Kind
    status: Status
    fix: Fix
    advisories: tuple[AdvisoryRef, ...]
    kev: Kev | None
    epss: Epss | None
    published: str | None
    cwes: tuple[str, ...]
    references: tuple[str, ...]
    layer: int | None
    rule: str
    suppressed: Suppression | None
    title: str | None
