"""Package with advisory in, answer out: affected, not affected or unknown, each with its rule.

`ecosystems` and `releases` say where advisories file a package, `affects` holds a version against a
record, `builds` knows what rpm leaves unsaid, `wording` makes the rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.matching.affects import Verdict, affects
from lading.matching.builds import affects_source, is_modular, other_build
from lading.matching.ecosystems import Lookup, Place, coordinates
from lading.model.advisory import Candidate
from lading.model.coordinate import Coordinate, Sought
from lading.model.match import Answer, Match
from lading.model.package import Package, Release
from lading.model.result import Unmatched
from lading.versions.ecosystems import scheme_of_ecosystem
from lading.versions.packed import pack

LookUp = Callable[[Iterable[Sought]], Mapping[Coordinate, tuple[Candidate, ...]]]
"""Returns what the advisory database says of the packages, in one call.

Records that cannot be about the versions sought may be left out.
"""


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
    with the reason. The answers `not affected` are left out, but for OS packages that own an
    affected language package, since there the distribution decides; `everything` keeps them all.
    """
    lookups = [(package, coordinates(package, release)) for package in packages]
    unmatched = tuple(
        Unmatched(package=package.id, reason=reason)
        for package, found in lookups
        if (reason := _reason(found, ecosystems)) is not None
    )
    judge = _Judge(look_up(_sought(lookups, ecosystems, everything=everything)))
    matches = [
        one for package, found in lookups for one in judge.matches(package, found, all=everything)
    ]
    if not everything:
        owners = {one.package.owner for one in matches} - {None}
        owning = [(package, found) for package, found in lookups if package.id in owners]
        matches += _denied(owning, look_up, ecosystems)
    return Matching(matches=tuple(matches), unmatched=unmatched)


_Lookups = Sequence[tuple[Package, Lookup]]


def _denied(owning: _Lookups, look_up: LookUp, ecosystems: frozenset[str]) -> Iterator[Match]:
    """Yield what the records say that owners of language packages do not have."""
    if not owning:
        return
    judge = _Judge(look_up(_sought(owning, ecosystems, everything=True)))
    for package, found in owning:
        for one in judge.matches(package, found, all=True):
            if one.answer is Answer.NOT_AFFECTED:
                yield one


def _sought(
    lookups: _Lookups, ecosystems: frozenset[str], *, everything: bool
) -> frozenset[Sought]:
    """Return what to ask for: records about the packages' versions, or all about the packages."""
    return frozenset(
        Sought(place.coordinate, None if everything else _packed(place, found.scheme))
        for _, found in lookups
        for place in found.places
        if place.coordinate.ecosystem in ecosystems
    )


def _packed(place: Place, scheme: str | None) -> bytes | None:
    """Return the version as bytes; None where it is not the whole version, or cannot be read."""
    if scheme is None or not place.is_epoch_known:
        return None
    if scheme_of_ecosystem(place.coordinate.ecosystem) != scheme:
        return None
    try:
        return pack(scheme, place.version)
    except InvalidVersion:
        return None


def _reason(found: Lookup, ecosystems: frozenset[str]) -> str | None:
    if found.reason is not None:
        return found.reason
    if any(place.coordinate.ecosystem in ecosystems for place in found.places):
        return None
    return f"no advisory data for {found.places[0].coordinate.ecosystem}"


class _Question(NamedTuple):
    """All that the answers depend on: the binaries of one source package ask the same."""

    place: Place
    scheme: str | None
    modular: bool
    explained: bool


class _Judge:
    """The answers to what packages ask, each found once."""

    def __init__(self, known: Mapping[Coordinate, tuple[Candidate, ...]]) -> None:
        self._known = known
        self._answers: dict[_Question, list[tuple[Candidate, Verdict]]] = {}

    def matches(self, package: Package, found: Lookup, *, all: bool) -> Iterator[Match]:
        """Yield a match for each candidate, without those not affected unless `all` is wanted."""
        modular = package.type == "rpm" and is_modular(package)
        for place in found.places:
            question = _Question(place, found.scheme, modular, all)
            if question not in self._answers:
                self._answers[question] = self._answer(question)
            remarks = _remarks(package, place, found)
            for candidate, verdict in self._answers[question]:
                yield Match(
                    package=package,
                    candidate=candidate,
                    answer=verdict.answer,
                    rule=verdict.rule + remarks,
                    fixed=verdict.fixed,
                )

    def _answer(self, question: _Question) -> list[tuple[Candidate, Verdict]]:
        place, scheme, modular, explained = question
        answers = []
        for candidate in self._known.get(place.coordinate, ()):
            verdict = _verdict(candidate, place, scheme, modular=modular, explained=explained)
            if explained or verdict.answer is not Answer.NOT_AFFECTED:
                answers.append((candidate, verdict))
        return answers


def _remarks(package: Package, place: Place, found: Lookup) -> str:
    """Return what the rule has to say beside the comparison."""
    name, source = place.coordinate.name, package.source
    is_by_source = source is not None and source.name == name != package.name
    by = f", by its source package {name}" if is_by_source else ""
    return by + (f", {found.note}" if found.note is not None else "")


def _verdict(
    candidate: Candidate, place: Place, scheme: str | None, *, modular: bool, explained: bool
) -> Verdict:
    affected = candidate.affected
    if scheme == "rpm" and (why := other_build(affected, modular=modular)) is not None:
        return Verdict(Answer.NOT_AFFECTED, why)
    if place.is_epoch_known:
        return affects(affected, place.version, scheme, explained=explained)
    return affects_source(affected, place.version, scheme, explained=explained)
