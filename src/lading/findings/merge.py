"""Matches of one package, joined by the vulnerability they speak of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.findings.names import best, groups, order, vulnerabilities
from lading.model.advisory import Advisory, Epss, Kev, Vector
from lading.model.finding import AdvisoryRef, Finding, Fix, FixState, Kind, Severity, Status
from lading.model.match import Answer, Match
from lading.model.package import Package
from lading.risk.cvss import score_of
from lading.risk.severity import rate
from lading.versions import key, scheme_of

_STATES = {str(state): state for state in FixState}


class _Known(NamedTuple):
    """What the advisory database says, by name."""

    advisories: Mapping[str, Advisory]
    by_name: Mapping[str, tuple[Advisory, ...]]
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
    vulnerabilities, from any source, for the severity that the former may lack.
    """
    by_name: dict[str, list[Advisory]] = {}
    for advisory in sorted(related, key=lambda one: (one.id, one.feed)):
        for name in {advisory.id, *advisory.aliases, *advisory.upstream}:
            by_name.setdefault(name, []).append(advisory)
    known = _Known(advisories, {name: tuple(all) for name, all in by_name.items()}, kev, epss)
    by_package: dict[str, list[Match]] = {}
    for match in matches:
        by_package.setdefault(match.package.id, []).append(match)
    found = [finding for group in by_package.values() for finding in _of_package(group, known)]
    return tuple(sorted(found, key=lambda one: (one.package, order(one.id))))


def _of_package(matches: list[Match], known: _Known) -> Iterable[Finding]:
    named: list[tuple[frozenset[str], Match]] = []
    for match in matches:
        advisory = known.advisories.get(match.candidate.advisory)
        if advisory is not None:
            named += [(names, match) for names in vulnerabilities(advisory)]
    for group in groups(names for names, _ in named):
        yield _finding(group, [match for names, match in named if names <= group], known)


def _finding(names: frozenset[str], matches: list[Match], known: _Known) -> Finding:
    shown, *aliases = best(names)
    affected = [match for match in matches if match.answer is Answer.AFFECTED]
    deciding = sorted(affected or matches, key=lambda match: match.candidate.advisory)
    own = list(dict.fromkeys(known.advisories[match.candidate.advisory] for match in deciding))
    others = _others(names, own, known)
    package = matches[0].package
    rated = rate(own, others, [match.candidate.affected.rating for match in deciding])
    malicious = any(one.malicious for one in own)
    return Finding(
        id=shown,
        aliases=tuple(aliases),
        package=package.id,
        installed=package.version,
        severity=Severity.CRITICAL if malicious else rated.severity,
        score=rated.score,
        vectors=_vectors((*own, *others)),
        kind=Kind.MALICIOUS if malicious else Kind.VULNERABILITY,
        status=Status.AFFECTED if affected else Status.UNKNOWN,
        fix=_fix(package, deciding),
        advisories=tuple(
            AdvisoryRef(id=one.id, source=one.feed, modified=one.modified)
            for one in sorted(
                {known.advisories[match.candidate.advisory] for match in matches},
                key=lambda one: (one.id, one.feed),
            )
        ),
        kev=next((known.kev[name] for name in best(names) if name in known.kev), None),
        epss=next((known.epss[name] for name in best(names) if name in known.epss), None),
        published=min((one.published for one in own if one.published), default=None),
        cwes=tuple(sorted({cwe for one in (*own, *others) for cwe in one.cwes})),
        references=tuple(sorted({url for one in own for url in one.references})),
        layer=package.layer,
        rule=deciding[0].rule,
        suppressed=None,
        title=next((one.title for one in own if one.title), None),
    )


def _others(names: frozenset[str], own: Sequence[Advisory], known: _Known) -> tuple[Advisory, ...]:
    """Return the other records of the vulnerability, those about it alone."""
    found = (one for name in best(names) for one in known.by_name.get(name, ()))
    return tuple(
        dict.fromkeys(one for one in found if one not in own and len(vulnerabilities(one)) == 1)
    )


def _vectors(advisories: Iterable[Advisory]) -> tuple[Vector, ...]:
    found = {
        replace(one, score=score_of(one.vector) if one.vector else one.score)
        for advisory in advisories
        for one in advisory.vectors
    }
    return tuple(sorted(found, key=lambda one: (one.source, one.vector or "", one.score or 0.0)))


def _fix(package: Package, matches: list[Match]) -> Fix:
    versions = list(dict.fromkeys(text for match in matches for text in match.fixed))
    if versions:
        scheme = scheme_of(package.type) or "generic"
        return Fix(state=FixState.FIXED, versions=_rising(versions, scheme))
    states = (match.candidate.affected.state for match in matches)
    said = next((_STATES[state] for state in states if state in _STATES), None)
    return Fix(state=said or FixState.NOT_FIXED)


def _rising(versions: list[str], scheme: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(versions, key=lambda text: key(scheme, text)))
    except InvalidVersion:
        return tuple(sorted(versions))
