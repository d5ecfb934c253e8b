"""Claims: what a match says of one vulnerability, once all that is known of the package counts.

Two things that a version comparison does not see. A package of another module stream than that of
the erratum, whose title says `nodejs:18`, is not its matter. And of a language package that the
distribution installed, the distribution's word decides, because it mends such packages without
changing their version.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lading.findings.names import Register, best, vulnerabilities
from lading.model.advisory import Advisory
from lading.model.match import Answer, Match
from lading.model.package import Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A match's word on one vulnerability."""

    names: frozenset[str]  # of the vulnerability
    match: Match
    advisory: Advisory
    is_alone: bool  # the advisory speaks of this vulnerability only


def claims(
    matches: Iterable[Match], advisories: Mapping[str, Advisory], register: Register
) -> tuple[Claim, ...]:
    """Return a claim for each match and vulnerability, with the answer that stands in the end.

    `advisories` are the records that matched, by id (a match with another has no claim), `register`
    knows them and all others of the same vulnerabilities.
    """
    spoken = {
        id: tuple(map(register.completed, vulnerabilities(advisory)))
        for id, advisory in advisories.items()
    }
    found: list[Claim] = []
    for match in matches:
        advisory = advisories.get(match.candidate.advisory)
        if advisory is not None:
            settled = _by_stream(match, advisory)
            all = spoken[advisory.id]
            found += [
                Claim(names=names, match=settled, advisory=advisory, is_alone=len(all) == 1)
                for names in all
            ]
    return _by_owner(found)


_STREAM = re.compile(r"(?<![\w.:-])([a-zA-Z0-9][\w.+-]*):([a-zA-Z0-9][\w.+-]*)")


def _by_stream(match: Match, advisory: Advisory) -> Match:
    """Answer `not affected` where the erratum is for another stream of the package's module."""
    if match.package.module is None or match.answer is Answer.NOT_AFFECTED:
        return match
    name, stream, *_ = (*match.package.module.split(":"), "")
    streams = [found[2] for found in _STREAM.finditer(advisory.title or "") if found[1] == name]
    if not stream or not streams or stream in streams:
        return match
    rule = f"{advisory.id} is for the stream {name}:{streams[0]}, and this is of {name}:{stream}"
    return replace(match, answer=Answer.NOT_AFFECTED, rule=rule, fixed=())


def _by_owner(found: Sequence[Claim]) -> tuple[Claim, ...]:
    """Let the owners' claims decide on what they own."""
    owners = {claim.match.package.owner for claim in found} - {None}
    said: defaultdict[str, defaultdict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in found:
        if claim.match.package.id in owners and _is_said(claim.match):
            for name in claim.names:
                said[claim.match.package.id][name].append(claim)
    return tuple(
        claim
        if (owner := claim.match.package.owner) is None
        else _decided(claim, owner, _about(claim.names, said[owner]))
        for claim in found
    )


def _is_said(match: Match) -> bool:
    """Say whether the record speaks of this very build; a withdrawn one says nothing."""
    return not match.candidate.affected.withdrawn and not match.elsewhere


def _about(names: Iterable[str], said: Mapping[str, list[Claim]]) -> list[Claim]:
    return [claim for name in best(names) for claim in said.get(name, ())]


def _decided(claim: Claim, owner: str, said: Sequence[Claim]) -> Claim:
    match = claim.match
    if match.answer is Answer.NOT_AFFECTED:
        return claim
    for answer in (Answer.AFFECTED, Answer.UNKNOWN, Answer.NOT_AFFECTED):
        word = next((one for one in said if one.match.answer is answer), None)
        if word is not None:
            break
    else:
        remark = f"installed by the OS package {owner}; the distribution says nothing of this"
        return replace(claim, match=replace(match, rule=f"{match.rule}; {remark}"))
    theirs: Package = word.match.package
    statement = f"{theirs.name} {theirs.version}, which installed it, is {answer} by "
    statement += f"{word.advisory.id}: {word.match.rule}"
    if answer is Answer.NOT_AFFECTED:
        return replace(claim, match=replace(match, answer=answer, rule=statement, fixed=()))
    if answer is Answer.UNKNOWN:
        return replace(claim, match=replace(match, rule=f"{match.rule}; {statement}"))
    return replace(claim, match=replace(match, answer=answer, rule=f"{statement}; {match.rule}"))
