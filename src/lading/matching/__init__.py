"""Package with advisory in, answer out: affected, not affected or unknown, each with its rule.

`ecosystems`, `releases` and `origins` say where advisories file a package, `concerns` whether a
record is about it, `affects` holds a version against the record, `builds` knows what rpm leaves
unsaid, `contents` which packages hold no code, `wording` makes the rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.matching.affects import Verdict, affects
from lading.matching.builds import affects_source
from lading.matching.concerns import by_record, depends_on_others, elsewhere
from lading.matching.contents import no_code_for
from lading.matching.ecosystems import By, Lookup, Place, coordinates, is_system
from lading.matching.wording import state_of
from lading.model.advisory import Affected, Candidate, tier_of
from lading.model.coordinate import Coordinate, Sought
from lading.model.ecosystem import GENERIC
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
        one for package, where in lookups for one in judge.matches(package, where, all=everything)
    ]
    if not everything:
        owners = {one.package.owner for one in matches} - {None}
        doubtful = {one.package.id for one in matches if depends_on_others(one.candidate.affected)}
        again = [(package, where) for package, where in lookups if package.id in owners | doubtful]
        matches = _looked_at_again(matches, again, owners, look_up, ecosystems)
    return Matching(matches=tuple(matches), unmatched=unmatched)


_Lookups = Sequence[tuple[Package, Lookup]]


def _looked_at_again(
    matches: list[Match],
    again: _Lookups,
    owners: Set[str | None],
    look_up: LookUp,
    ecosystems: frozenset[str],
) -> list[Match]:
    """Replace the matches of packages for which records count that are not about their version.

    These are owners of language packages, whose denials are kept, and packages with a statement
    that others of its record may go before.
    """
    if not again:
        return matches
    judge = _Judge(look_up(_sought(again, ecosystems, everything=True)))
    ids = {package.id for package, _ in again}
    kept = [one for one in matches if one.package.id not in ids]
    for package, where in again:
        kept += (
            one
            for one in judge.matches(package, where, all=True)
            if one.answer is not Answer.NOT_AFFECTED or package.id in owners
        )
    return kept


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
    names = [place.coordinate.ecosystem for place in found.places]
    if names[0] == GENERIC:  # what users themselves say of one covers no other
        return f"no advisory feed covers packages of type {GENERIC}"
    if any(name in ecosystems for name in names if name != GENERIC):
        return None
    return f"no advisory data for {names[0]}"


class _Question(NamedTuple):
    """All that a comparison depends on: the binaries of one source package ask the same."""

    coordinate: Coordinate
    version: str
    is_epoch_known: bool
    scheme: str | None
    is_explained: bool


class _Said(NamedTuple):
    """A record's answer to a question, the same for all who ask it."""

    candidate: Candidate
    verdict: Verdict
    remark: str  # what it says instead of a fix


class _Answers(NamedTuple):
    """All answers to a question."""

    all: Sequence[_Said]
    are_plain: bool  # only names narrow what they are about
    depend_on_others: bool  # one at least
    are_for_everybody: bool  # one record at least, whatever its answer


class _Judge:
    """The answers to what packages ask, each comparison made once."""

    def __init__(self, known: Mapping[Coordinate, tuple[Candidate, ...]]) -> None:
        self._known = known
        self._answers: dict[_Question, _Answers] = {}

    def matches(self, package: Package, found: Lookup, *, all: bool) -> Sequence[Match]:
        """Return a match for each candidate, without those not affected unless `all` is wanted."""
        made: list[Match] = []
        depend = False
        for place in found.places:
            question = _Question(
                place.coordinate, place.version, place.is_epoch_known, found.scheme, all
            )
            answers = self._answers.get(question)
            if answers is None:
                answers = self._answers[question] = self._answer(question)
            if not answers.all:
                continue
            depend = depend or answers.depend_on_others
            made += self._about(package, place, found, answers, all=all)
        settled = by_record(made) if depend else made
        if all:
            return settled
        return [one for one in settled if one.answer is not Answer.NOT_AFFECTED]

    def _about(
        self, package: Package, place: Place, found: Lookup, answers: _Answers, *, all: bool
    ) -> Iterator[Match]:
        """Yield the matches of records about the package; of others too, where all are wanted."""
        remarks = _remarks(package, place, found)
        is_beside = is_system(package) and answers.are_for_everybody
        is_plain = answers.are_plain and package.type != "rpm"
        of_others: dict[str | None, str | None] = {}
        for candidate, verdict, remark in answers.all:
            of = candidate.affected.of
            if not is_plain or of not in of_others:
                of_others[of] = elsewhere(
                    candidate.affected, package, place, found.naming, is_beside=is_beside
                )
            other = of_others[of]
            if other is None:
                yield Match(
                    package=package,
                    candidate=candidate,
                    answer=verdict.answer,
                    rule=verdict.rule + remarks + remark,
                    fixed=verdict.fixed,
                )
            elif all:
                yield _of_others(package, candidate, other)

    def _answer(self, question: _Question) -> _Answers:
        answers = []
        known = self._known.get(question.coordinate, ())
        tiers = [tier_of(one.affected) for one in known]
        for candidate, tier in zip(known, tiers, strict=True):
            keep = question.is_explained or tier is not None
            verdict = _verdict(candidate.affected, question, explained=keep)
            if verdict.answer is not Answer.NOT_AFFECTED:
                answers.append(_Said(candidate, verdict, state_of(candidate.affected)))
            elif keep:
                answers.append(_Said(candidate, verdict, ""))
        are_plain = not any(tiers) and not any(
            one.affected.arches or one.affected.module for one in known
        )
        depend = any(depends_on_others(one.affected) for one in known)
        return _Answers(answers, are_plain, depend, None in tiers)


def _verdict(affected: Affected, asked: _Question, *, explained: bool) -> Verdict:
    version, scheme = asked.version, asked.scheme
    if asked.is_epoch_known:
        return affects(affected, version, scheme, explained=explained)
    return affects_source(affected, version, scheme, explained=explained)


def _of_others(package: Package, candidate: Candidate, why: str) -> Match:
    return Match(
        package=package,
        candidate=candidate,
        answer=Answer.NOT_AFFECTED,
        rule=why,
        elsewhere=True,
    )


def _remarks(package: Package, place: Place, found: Lookup) -> str:
    """Return what the rule has to say beside the comparison."""
    name, remark = place.coordinate.name, ""
    if place.by is By.SOURCE:
        remark = f", by its source package {name}"
    elif place.by is By.MODULE:
        remark = f", by the build of its module {name}"
    elif place.by is By.INSIDE:
        remark = f", by {name}, which is built into it (inferred)"
    elif place.by is By.PRODUCT:
        remark = f", by what NVD says of {name} (low certainty)"
    ungraded = no_code_for(package, place.coordinate.name)
    if ungraded is not None:
        remark += f"; {ungraded}"
    return remark + (f", {found.note}" if found.note is not None else "")
