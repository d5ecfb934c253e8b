"""Why a vulnerability is, or is not, reported: records, claims and findings to an explanation.

Pure, and complete: where nothing was held against anything, it says why not.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lading.findings.claims import Claim
from lading.model.advisory import Advisory
from lading.model.explanation import Answered, Explanation, Reason, Record, Why
from lading.model.finding import Finding
from lading.model.match import Answer
from lading.model.package import Package
from lading.model.result import Result

_SHOWN = 5  # names in a sentence
_ORDER = (Answer.AFFECTED, Answer.UNKNOWN, Answer.NOT_AFFECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to know."""

    id: str  # a CVE, or the id of any record
    names: frozenset[str]  # of the vulnerability: the id, and its aliases
    package: str | None = None  # only of packages called so


def explain(
    asked: Asked,
    *,
    result: Result,
    records: Sequence[Advisory],
    claims: Iterable[Claim],
    ecosystems: frozenset[str],
) -> Explanation:
    """Return what is known of the vulnerability in the result, and why no more than that.

    `records` are all of its records, each with what it says of packages; `claims` are the answers
    of packages held against them; `ecosystems` are those that the database has any record of.
    """
    packages = {one.id: one for one in result.packages}
    users = _users(result.packages)
    known = {record.id for record in records}
    answers = [
        Answered(
            package=packages[claim.match.package.id],
            answer=claim.match.answer,
            record=claim.advisory.id,
            feed=claim.match.candidate.feed,
            rule=claim.match.rule,
            finding=_finding(claim, result.findings or ()),
            chain=_chain(claim.match.package.id, users),
        )
        for claim in claims
        if claim.advisory.id in known and (claim.names & asked.names or asked.id in known)
        if asked.package is None or asked.package in _names(claim.match.package)
    ]
    answers.sort(key=lambda one: (_ORDER.index(one.answer), one.package.id, one.record, one.feed))
    return Explanation(
        asked=asked.id,
        names=tuple(sorted(asked.names - {asked.id})),
        records=tuple(map(_record, records)),
        answers=tuple(answers),
        reasons=tuple(_reasons(asked, result, records, answers, ecosystems)),
        image=result.image,
    )


def _record(advisory: Advisory) -> Record:
    return Record(
        id=advisory.id,
        feed=advisory.feed,
        modified=advisory.modified,
        withdrawn=advisory.withdrawn,
        title=advisory.title,
        about=tuple(dict.fromkeys(f"{one.name} ({one.ecosystem})" for one in advisory.affected)),
    )


def _names(package: Package) -> set[str]:
    return {package.name} | ({package.source.name} if package.source is not None else set())


def _finding(claim: Claim, findings: Iterable[Finding]) -> Finding | None:
    """Return what is reported because of the claim."""
    package = claim.match.package.id
    if claim.match.answer is Answer.NOT_AFFECTED:
        return None
    return next(
        (
            one
            for one in findings
            if one.package == package and claim.names & {one.id, *one.aliases}
        ),
        None,
    )


def _users(packages: Iterable[Package]) -> Mapping[str, list[str]]:
    """Return who depends on each package directly."""
    users: dict[str, list[str]] = {}
    for package in packages:
        for needed in package.depends_on:
            users.setdefault(needed, []).append(package.id)
    return users


def _chain(package: str, users: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the shortest way from a package that nobody depends on to this one; () for itself."""
    came: dict[str, str | None] = {package: None}
    pending = deque([package])
    while pending:
        here = pending.popleft()
        above = [one for one in users.get(here, ()) if one not in came]
        if not users.get(here):
            way = [here]
            while (following := came[way[-1]]) is not None:
                way.append(following)
            return tuple(way) if len(way) > 1 else ()
        for one in sorted(above):
            came[one] = here
            pending.append(one)
    return ()  # all who use it use one another


def _reasons(
    asked: Asked,
    result: Result,
    records: Sequence[Advisory],
    answers: Sequence[Answered],
    ecosystems: frozenset[str],
) -> Iterable[Reason]:
    """Yield why it is not reported, where it is not, and what keeps a report from counting."""
    for one in answers:
        if (finding := one.finding) is not None and (decided := finding.suppressed) is not None:
            until = f", until {decided.until}" if decided.until else ""
            text = f"{one.package.name}: suppressed by {decided.by}: {decided.reason}{until}"
            yield Reason(why=Why.SUPPRESSED, text=text)
    if any(one.finding is not None for one in answers):
        return
    if not records:
        feeds = len(result.advisories.feeds) if result.advisories is not None else 0
        partial = result.advisories is not None and result.advisories.partial
        what = ", and the database is a partial snapshot" if partial else ""
        text = f"none of the {feeds} feeds in the advisory database has a record of {asked.id}"
        yield Reason(why=Why.NO_RECORD, text=text + what)
        return
    for record in records:
        if record.withdrawn is not None:
            text = f"{record.id} was withdrawn on {record.withdrawn[:10]}"
            yield Reason(why=Why.WITHDRAWN, text=text)
    yield from (
        Reason(why=Why.NOT_AFFECTED, text=f"{one.package.name} {one.package.version}: {one.rule}")
        for one in answers
        if one.answer is not Answer.AFFECTED
    )
    if not answers:
        yield from _nothing_held(asked, result, records, ecosystems)


def _nothing_held(
    asked: Asked, result: Result, records: Sequence[Advisory], ecosystems: frozenset[str]
) -> Iterable[Reason]:
    """Yield why no package was held against the records."""
    wanted = {one.name for record in records for one in record.affected}
    about = some(f"{one.name} ({one.ecosystem})" for record in records for one in record.affected)
    unmatched = {one.package: one.reason for one in result.coverage.unmatched}
    named = wanted if asked.package is None else {asked.package}
    here = [one for one in result.packages if _names(one) & named]
    if not here:
        who = asked.package or some(sorted(wanted))
        text = f"the image has no package of that name: {who}; the records are about {about}"
        yield Reason(why=Why.NO_PACKAGE, text=text)
    for one in here:
        if (reason := unmatched.get(one.id)) is not None:
            text = f"{one.name} {one.version} was held against nothing: {reason}"
            yield Reason(why=Why.NO_FEED, text=text)
        else:
            text = f"{one.name} {one.version} is here as {one.type}; the records are about {about}"
            yield Reason(why=Why.OTHER_PACKAGE, text=text)
    lacking = {one.ecosystem for record in records for one in record.affected} - ecosystems
    if lacking:  # records that nobody asked for, as when a feed was taken out by hand
        yield Reason(why=Why.NO_FEED, text=f"there is no feed for {some(sorted(lacking))}")


def some(names: Iterable[str]) -> str:
    """Return the first of the names, each once, and how many others there are."""
    listed = list(dict.fromkeys(names))
    rest = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
