"""Two results to what is other in the newer one, and the cause of each change.

A finding is the same when it has a name in common (its id or an alias) and is about the same
package: type, name and architecture, of whatever version. Copies of one package are paired by their
id, then by their first path, then in order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lading.model.difference import (
    Cause,
    Change,
    Difference,
    FindingChange,
    Member,
    PackageChange,
)
from lading.model.finding import Finding, FixState, Severity
from lading.model.package import Package
from lading.model.result import Result

_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_ORDER = {change: rank for rank, change in enumerate(Change)}

Key = tuple[str, str, str]  # type, name, architecture
Pair = tuple[Finding | None, Finding | None]


@dataclass(slots=True)
class _Side:
    """One of the results, by what pairing and causes ask of it."""

    result: Result
    packages: Mapping[str, Package] = field(init=False)
    versions: Mapping[Key, tuple[str, ...]] = field(init=False)
    feeds: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        found: defaultdict[Key, set[str]] = defaultdict(set)
        for package in self.result.packages:
            found[_key(package)].add(package.version or "unknown")
        self.packages = {package.id: package for package in self.result.packages}
        self.versions = {key: tuple(sorted(versions)) for key, versions in found.items()}
        advisories = self.result.advisories
        self.feeds = (
            frozenset(feed.name for feed in advisories.feeds) if advisories else frozenset()
        )

    def key(self, finding: Finding) -> Key:
        package = self.packages.get(finding.package)
        return _key(package) if package else ("", finding.package, "")

    def path(self, finding: Finding) -> str:
        package = self.packages.get(finding.package)
        return package.paths[0] if package and package.paths else ""

    def version(self, finding: Finding) -> str | None:
        package = self.packages.get(finding.package)
        return package.version if package else finding.installed


def compare(older: Result, newer: Result) -> Difference:
    """Return what is other in the newer result."""
    old, new = _Side(older), _Side(newer)
    changes: list[FindingChange] = []
    unchanged = 0
    for before, after in _pairs(old, new):
        if (found := _change(before, after, old, new)) is not None:
            changes.append(found)
        elif after is not None and after.suppressed is None:
            unchanged += 1
    return Difference(
        old=older.target,
        new=newer.target,
        findings=tuple(sorted(changes, key=_order)),
        packages=tuple(_packages(old, new)),
        unchanged=unchanged,
        notes=tuple(_notes(old, new)),
    )


def _pairs(old: _Side, new: _Side) -> Iterator[Pair]:
    """Yield every finding once, with the same one of the other result where there is one."""
    waiting: defaultdict[tuple[Key, str], list[Finding]] = defaultdict(list)
    for finding in old.result.findings or ():
        for name in _names(finding):
            waiting[old.key(finding), name].append(finding)
    taken: set[int] = set()
    alone = list(new.result.findings or ())
    for pick in (_same_package, _same_path, _any):
        rest, alone = alone, []
        for finding in rest:
            others = (
                one
                for name in _names(finding)
                for one in waiting[new.key(finding), name]
                if id(one) not in taken and pick(one, finding, old, new)
            )
            found = next(others, None)
            if found is None:
                alone.append(finding)
            else:
                taken.add(id(found))
                yield found, finding
    yield from ((None, finding) for finding in alone)
    yield from ((one, None) for one in old.result.findings or () if id(one) not in taken)


def _same_package(before: Finding, after: Finding, old: _Side, new: _Side) -> bool:  # noqa: ARG001 - the three ways to pick are called alike
    return before.package == after.package


def _same_path(before: Finding, after: Finding, old: _Side, new: _Side) -> bool:
    return old.path(before) == new.path(after)


def _any(before: Finding, after: Finding, old: _Side, new: _Side) -> bool:  # noqa: ARG001 - the three ways to pick are called alike
    return True


def _change(
    before: Finding | None, after: Finding | None, old: _Side, new: _Side
) -> FindingChange | None:
    counted = before is not None and before.suppressed is None
    counts = after is not None and after.suppressed is None
    if before is not None and after is not None:
        if counted and counts:
            return _changed(before, after, old, new)
        if counted == counts:
            return None
        cause, detail = _exception(before, after)
        return _told(Change.NEW if counts else Change.FIXED, before, after, old, new, cause, detail)
    if after is not None and counts:
        cause, detail = _appeared(after, old, new)
        return _told(Change.NEW, before, after, old, new, cause, detail)
    if before is not None and counted:
        cause, detail = _gone(before, old, new)
        return _told(Change.FIXED, before, after, old, new, cause, detail)
    return None


def _changed(before: Finding, after: Finding, old: _Side, new: _Side) -> FindingChange | None:
    said = zip(_said(before, old), _said(after, new), strict=True)
    members = tuple(
        Member(name=name, before=one, after=other)
        for (name, one), (_, other) in said
        if one != other
    )
    if not members:
        return None
    cause, detail = Cause.ADVISORY_CHANGED, "what the records say is other"
    if any(member.name == "installed" for member in members):
        cause, detail = Cause.PACKAGE_CHANGED, "still affected in the version that is there now"
    return _told(Change.CHANGED, before, after, old, new, cause, detail, members)


def _said(finding: Finding, side: _Side) -> Iterator[tuple[str, str]]:
    fixed = finding.fix.state is FixState.FIXED and finding.fix.versions
    yield "installed", side.version(finding) or "unknown"
    yield "severity", finding.severity
    yield "fix", ", ".join(finding.fix.versions) if fixed else finding.fix.state
    yield "status", finding.status
    yield "exploited", "yes" if finding.kev else "no"


def _exception(before: Finding, after: Finding) -> tuple[Cause, str]:
    if after.suppressed is not None:
        decided = after.suppressed
        until = f", until {decided.until}" if decided.until else ""
        return Cause.EXCEPTION_BEGAN, f"{decided.by}: {decided.reason}{until}"
    ended = before.suppressed
    return Cause.EXCEPTION_ENDED, f"it was {ended.by}: {ended.reason}" if ended else ""


def _appeared(after: Finding, old: _Side, new: _Side) -> tuple[Cause, str]:
    key, version = new.key(after), new.version(after)
    before = old.versions.get(key)
    if before is None:
        return Cause.PACKAGE_ADDED, "the older result has no such package"
    if missing := _missing(after, old.feeds):
        return Cause.FEED, f"the older result was made without {missing}"
    if (version or "unknown") not in before:
        return Cause.PACKAGE_CHANGED, f"it was {', '.join(before)}"
    return Cause.ADVISORY_APPEARED, "the package is the same; what is known of it is more"


def _gone(before: Finding, old: _Side, new: _Side) -> tuple[Cause, str]:
    key, version = old.key(before), old.version(before)
    after = new.versions.get(key)
    if after is None:
        return Cause.PACKAGE_REMOVED, "the newer result has no such package"
    if missing := _missing(before, new.feeds):
        return Cause.FEED, f"the newer result was made without {missing}"
    if (version or "unknown") not in after:
        return Cause.PACKAGE_CHANGED, f"it is {', '.join(after)}"
    return Cause.ADVISORY_WITHDRAWN, "the package is the same; no record says so any more"


def _missing(finding: Finding, feeds: frozenset[str]) -> str | None:
    """Return the feeds of the finding, where the other database has none of them."""
    sources = sorted({ref.source for ref in finding.advisories})
    return ", ".join(sources) if sources and feeds.isdisjoint(sources) else None


def _told(
    change: Change,
    before: Finding | None,
    after: Finding | None,
    old: _Side,
    new: _Side,
    cause: Cause,
    detail: str,
    members: Sequence[Member] = (),
) -> FindingChange:
    shown, side = (after, new) if after is not None else (before, old)
    if shown is None:
        raise ValueError("a change is of at least one finding")
    type, name, _ = key = side.key(shown)
    return FindingChange(
        change=change,
        id=shown.id,
        type=type or None,
        name=name,
        before=old.version(before) if before else ", ".join(old.versions.get(key, ())) or None,
        after=new.version(after) if after else ", ".join(new.versions.get(key, ())) or None,
        severity=shown.severity,
        cause=cause,
        detail=detail,
        members=tuple(members),
    )


def _packages(old: _Side, new: _Side) -> Iterator[PackageChange]:
    for key in sorted(old.versions.keys() | new.versions.keys()):
        before, after = old.versions.get(key, ()), new.versions.get(key, ())
        if before != after:
            type, name, arch = key
            yield PackageChange(type=type, name=name, arch=arch or None, before=before, after=after)


def _notes(old: _Side, new: _Side) -> Iterator[str]:
    for side, name in ((old, "older"), (new, "newer")):
        if side.result.findings is None:
            yield f"the {name} result is an inventory: nobody looked for vulnerabilities"
        if side.result.problems:
            number = len(side.result.problems)
            yield f"problems of the {name} result, for which packages may be missing: {number:,}"
    if old.result.findings is not None and new.result.findings is not None:
        if gone := sorted(old.feeds - new.feeds):
            yield f"feeds that only the older result was made with: {_some(gone)}"
        if came := sorted(new.feeds - old.feeds):
            yield f"feeds that only the newer result was made with: {_some(came)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def _names(finding: Finding) -> Iterable[str]:
    return dict.fromkeys((finding.id, *finding.aliases))


def _key(package: Package) -> Key:
    return package.type, package.name, package.arch or ""


def _order(change: FindingChange) -> tuple[int, int, str, str, str, str]:
    return (
        _ORDER[change.change],
        _RANK[change.severity],
        change.name,
        change.id,
        change.before or "",
        change.after or "",
    )
