"""What is other in one result than in an older one, and why."""

from dataclasses import dataclass
from enum import StrEnum

from lading.model.finding import Severity


class Change(StrEnum):
    NEW = "new"  # it counts now, and did not
    FIXED = "fixed"  # it counted, and does no more
    CHANGED = "changed"  # it counts as before, but says something else


class Cause(StrEnum):
    """What explains a change, as far as the two results can tell."""

    PACKAGE_ADDED = "package added"
    PACKAGE_REMOVED = "package removed"
    PACKAGE_CHANGED = "package changed"
    ADVISORY_APPEARED = "advisory appeared"
    ADVISORY_CHANGED = "advisory changed"
    ADVISORY_WITHDRAWN = "advisory withdrawn"
    EXCEPTION_BEGAN = "exception began"
    EXCEPTION_ENDED = "exception ended"
    FEED = "feed state"  # the database of one of the results lacks the feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One thing that a finding says, before and after, as text."""

    name: str  # severity, fix, installed, exploited, status
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """One finding that is new, fixed or changed."""

    change: Change
    id: str
    type: str | None  # the package's purl type; None: the result does not list the package
    name: str
    before: str | None  # version in the older result
    after: str | None  # version in the newer one
    severity: Severity  # in the newer result, where it has the finding
    cause: Cause
    detail: str  # the cause in words
    members: tuple[Member, ...] = ()  # of what changed


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageChange:
    """One package that was added, removed or changed: its versions in both results."""

    type: str
    name: str
    arch: str | None
    before: tuple[str, ...]  # empty: added
    after: tuple[str, ...]  # empty: removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two results compared."""

    old: str  # targets, as they were given
    new: str
    findings: tuple[FindingChange, ...]  # new, fixed, changed; worst first
    packages: tuple[PackageChange, ...]  # by type and name
    unchanged: int  # findings that count in both and say the same
    notes: tuple[str, ...] = ()  # what makes the comparison say less
