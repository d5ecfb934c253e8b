"""Package with advisory in, answer out: affected, not affected or unknown, each with its rule.

`ecosystems` says where advisories file a package, `affects` holds a version against a record.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lading.matching.affects import affects
from lading.matching.ecosystems import Lookup, lookup
from lading.model.advisory import Candidate
from lading.model.coordinate import Coordinate
from lading.model.match import Answer, Match
from lading.model.package import Package, Release
from lading.model.result import Unmatched

LookUp = Callable[[Iterable[Coordinate]], Mapping[Coordinate, tuple[Candidate, ...]]]
"""Returns all that the advisory database has for the coordinates, in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What was held against advisories, and what could not be."""

    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]


def match(
    packages: Iterable[Package],
    release: Release | None,
    look_up: LookUp,
    ecosystems: frozenset[str],
    *,
    everything: bool = False,
) -> Matching:
    """Hold every package against the advisories for it.

    `ecosystems` are those that the database has any record of: a package of another is unmatched,
    with the reason. `everything` keeps the answers `not affected`, for explanations.
    """
    lookups = [(package, lookup(package, release)) for package in packages]
    wanted = {one for _, found in lookups for one in found.coordinates}
    known = look_up(one for one in wanted if one.ecosystem in ecosystems)
    matches: list[Match] = []
    unmatched: list[Unmatched] = []
    for package, found in lookups:
        reason = _reason(found, ecosystems)
        if reason is not None:
            unmatched.append(Unmatched(package=package.id, reason=reason))
            continue
        matches += _matches(package, found, known, everything=everything)
    return Matching(matches=tuple(matches), unmatched=tuple(unmatched))


def _reason(found: Lookup, ecosystems: frozenset[str]) -> str | None:
    if found.reason is not None:
        return found.reason
    if any(one.ecosystem in ecosystems for one in found.coordinates):
        return None
    return f"no advisory data for {found.coordinates[0].ecosystem}"


def _matches(
    package: Package,
    found: Lookup,
    known: Mapping[Coordinate, tuple[Candidate, ...]],
    *,
    everything: bool,
) -> Iterable[Match]:
    for one in found.coordinates:
        for candidate in known.get(one, ()):
            verdict = affects(candidate.affected, found.version, found.scheme)
            if everything or verdict.answer is not Answer.NOT_AFFECTED:
                yield Match(
                    package=package,
                    candidate=candidate,
                    answer=verdict.answer,
                    rule=verdict.rule,
                    fixed=verdict.fixed,
                )
