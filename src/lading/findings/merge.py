"""Matches of one package, joined by the vulnerability they speak of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from lading.findings.claims import Claim, claims
from lading.findings.fixes import fix_of
from lading.findings.names import Register, best, groups, is_cve, order, unique
from lading.matching.contents import no_code_for
from lading.matching.ecosystems import is_system
from lading.model.advisory import Advisory, Epss, Kev, Vector
from lading.model.finding import AdvisoryRef, Finding, Kind, Severity, Status
from lading.model.match import Answer, Match
from lading.risk.cvss import score_of
from lading.risk.severity import rate

# As Affected.state.
_UNDER_INVESTIGATION = "under-investigation"
_MOST = 3  # names in a sentence
_INFORMATIONAL = "informational"  # advice: unmaintained, unsound; no vulnerability


class _Known(NamedTuple):
    """What the advisory database says, by name."""

    register: Register
    kev: Mapping[str, Kev]
    epss: Mapping[str, Epss]


def merge(
    matches: Iterable[Match],
    *,
    advisories: Mapping[str, Advisory],
    related: Iterable[Advisory],
    kev: Mapping[str, Kev],
    epss: Mapping[str, Epss],
) -> tuple[Finding, ...]:
    """Return the findings, by package and then by name.

    `advisories` are the records that matched, by id; `related` are all that speak of the same
    vulnerabilities, from any source, for the CVE or the severity that the former may lack; `kev`
    and `epss` go by CVE.
    """
    known = _Known(Register((*advisories.values(), *related)), kev, epss)
    by_package: dict[str, list[Claim]] = {}
    for claim in claims(matches, advisories, known.register):
        if claim.match.answer is not Answer.NOT_AFFECTED:
            by_package.setdefault(claim.match.package.id, []).append(claim)
    found = [finding for all in by_package.values() for finding in _of_package(all, known)]
    return tuple(sorted(found, key=lambda one: (one.package, order(one.id))))


def _of_package(found: Sequence[Claim], known: _Known) -> Iterable[Finding]:
    joined = groups(claim.names for claim in found)
    where = {name: group for group in joined for name in group}
    parts: dict[frozenset[str], list[Claim]] = {group: [] for group in joined}
    for claim in found:
        parts[where[next(iter(claim.names))]].append(claim)
    for names, part in parts.items():
        yield _finding(names, part, known)


def _finding(names: frozenset[str], found: Sequence[Claim], known: _Known) -> Finding:
    ordered = best(names)
    affected = [claim for claim in found if claim.match.answer is Answer.AFFECTED]
    deciding = sorted(affected or found, key=_precedence)
    own = unique(claim.advisory for claim in deciding)
    every = unique((*own, *known.register.speaking_of(names)))
    others = every[len(own) :]
    package = found[0].match.package
    said = [claim.match.candidate.affected.rating for claim in deciding]
    malicious = any(one.malicious for one in own)
    rated = rate(own, others, said, words_first=is_system(package))
    severity = Severity.CRITICAL if malicious else rated.severity
    if not malicious and all(map(_is_of_no_code, deciding)):
        severity = Severity.NEGLIGIBLE
    if severity is Severity.UNKNOWN and _states(deciding) == {_INFORMATIONAL}:
        severity = Severity.NEGLIGIBLE
    return Finding(
        id=ordered[0],
        aliases=tuple(sorted(ordered[1:])),
        package=package.id,
        installed=package.version,
        severity=severity,
        score=rated.score,
        vectors=_vectors(every),
        kind=Kind.MALICIOUS if malicious else Kind.VULNERABILITY,
        status=_status(deciding),
        fix=fix_of([claim.match for claim in deciding]),
        advisories=_references(claim.advisory for claim in found),
        kev=next((known.kev[name] for name in ordered if name in known.kev), None),
        epss=max(
            (known.epss[name] for name in ordered if name in known.epss),
            key=lambda one: one.score,
            default=None,
        ),
        published=min((one.published for one in every if one.published), default=None),
        cwes=tuple(sorted({cwe for one in every for cwe in one.cwes})),
        references=tuple(sorted({url for one in own for url in one.references})),
        layer=package.layer,
        rule=deciding[0].match.rule + _several(ordered),
        suppressed=None,
        title=next((one.title for one in every if one.title), None),
    )


def _several(names: Sequence[str]) -> str:
    """Say where records join several CVEs by their aliases: one of these may be wrong."""
    cves = [name for name in names if is_cve(name)]
    if len(cves) < 2:
        return ""
    more = f" and {len(cves) - _MOST} more" if len(cves) > _MOST else ""
    return f"; its records name several CVEs as one: {', '.join(cves[:_MOST])}{more}"


def _is_of_no_code(claim: Claim) -> bool:
    """Say whether the package has none of the code that is meant."""
    package = claim.match.package
    return no_code_for(package, claim.match.candidate.affected.name) is not None


def _precedence(claim: Claim) -> tuple[bool, str, bool, str]:
    """Put records of this vulnerability alone before errata, which speak of several.

    Of what one record says, a fix goes before the word on a release that knows of none.
    """
    return not claim.is_alone, claim.advisory.id, not claim.match.fixed, claim.match.rule


def _status(deciding: Sequence[Claim]) -> Status:
    if _states(deciding) == {_UNDER_INVESTIGATION}:
        return Status.UNDER_INVESTIGATION
    is_affected = deciding[0].match.answer is Answer.AFFECTED
    return Status.AFFECTED if is_affected else Status.UNKNOWN


def _states(deciding: Sequence[Claim]) -> set[str | None]:
    return {claim.match.candidate.affected.state for claim in deciding}


def _references(advisories: Iterable[Advisory]) -> tuple[AdvisoryRef, ...]:
    return tuple(
        AdvisoryRef(id=one.id, source=one.feed, modified=one.modified)
        for one in sorted(unique(advisories), key=lambda one: (one.id, one.feed))
    )


def _vectors(advisories: Iterable[Advisory]) -> tuple[Vector, ...]:
    found = {
        (one.source, one.vector or "", one.score or 0.0): one
        for advisory in advisories
        for one in advisory.vectors
    }
    return tuple(
        replace(one, score=score_of(one.vector) if one.vector else one.score)
        for _, one in sorted(found.items())
    )
