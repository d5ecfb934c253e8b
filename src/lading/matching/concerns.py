"""Whether what a record says is about this very package, before any version is compared.

Feeds narrow what they say: to source or to installed packages, to architectures, to streams of
modules (https://docs.fedoraproject.org/en-US/modularity/), and to those who get a fix: the tier.
Some tiers mend what everybody has (Ubuntu's esm, Red Hat's eus); others are builds beside it
(fips, livepatch, Amazon's extras), which have versions that compare with the others' to no use.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lading.matching.builds import is_modular, other_build
from lading.matching.ecosystems import By, Place
from lading.matching.releases import Naming
from lading.model.advisory import Affected, EventKind, tier_of
from lading.model.match import Answer, Match
from lading.model.package import Package

_OF = {Naming.BINARY: "binary", Naming.SOURCE: "source", Naming.EITHER: None}
_NAMES = {
    "binary": (By.NAME, By.BINARY),
    "source": (By.NAME, By.SOURCE, By.INSIDE),
    "module": (By.MODULE,),
    None: (By.NAME, By.BINARY, By.SOURCE, By.INSIDE, By.PRODUCT),
}
_SHOWN = {
    "binary": "installed package",
    "source": "source package",
    "module": "module",
    None: "package",
}
_OUT_OF_SUPPORT = "end-of-life"  # a state: what is out of support is no longer looked at
_MINOR = re.compile(r"\.el\d+_\d+")
_MENDING = ("e4s", "els", "esm", "eus", "aus", "tus", "ltss", "pro", "extended")


def elsewhere(
    affected: Affected, package: Package, place: Place, naming: Naming, *, is_beside: bool
) -> str | None:
    """Return why the statement is not about the package, or None where it is.

    `is_beside` tells that others of the package are in the distribution without any tier.
    """
    of = affected.of if affected.of in _NAMES else None
    of = of or _OF[naming]
    if place.by not in _NAMES[of]:
        return f"the record is about the {_SHOWN[of]} {affected.name}, and this is {package.name}"
    if affected.arches and of != "source" and not _is_among(package.arch, affected.arches):
        return f"the record is about {', '.join(affected.arches[:4])}, and this is {package.arch}"
    if package.type == "rpm" and (why := _other_module(affected, package)) is not None:
        return why
    tier = tier_of(affected)
    if tier is not None and is_beside and not is_mending(tier) and not has_tier(tier, package):
        return f"the record is about builds of {tier}, and this is none"
    return None


def _is_among(arch: str | None, arches: tuple[str, ...]) -> bool:
    return arch is None or arch in arches


def _other_module(affected: Affected, package: Package) -> str | None:
    if affected.module is not None:
        return _other_stream(affected.module, package)
    return other_build(affected, modular=is_modular(package))


def _other_stream(module: str, package: Package) -> str | None:
    if package.module is None:
        if is_modular(package):
            return None  # of a module, but the image does not say of which
        return f"the record is about the module {module}, and this is of none"
    own = ":".join(package.module.split(":")[:2])
    return None if own == module else f"the record is about {module}, and this is of {own}"


def is_mending(tier: str) -> bool:
    """Say whether the tier mends the packages that everybody has."""
    return tier.lower().partition("-")[0] in _MENDING


def has_tier(tier: str, package: Package) -> bool:
    """Say whether the package is of the tier, by its version or the repository it came from."""
    name = tier.lower()
    mark = name.partition("-")[0] if is_mending(tier) or name.startswith("fips") else name
    return mark in (package.version or "").lower() or mark in (package.repository or "").lower()


def depends_on_others(affected: Affected) -> bool:
    """Say whether other statements of its record can go before this one."""
    return (
        tier_of(affected) is not None
        or _is_general(affected)
        or (affected.ecosystem.startswith("Red Hat:") and bool(_minors(affected)))
    )


def _minors(affected: Affected) -> frozenset[str]:
    """Return the minor releases that its fixes are built for (`.el9_2`)."""
    fixes = (
        event.version
        for one in affected.ranges
        for event in one.events
        if event.kind is EventKind.FIXED
    )
    return frozenset(found[0] for text in fixes if (found := _MINOR.search(text)))


def _is_general(affected: Affected) -> bool:
    """Say whether it is Red Hat's word on a release as a whole, with no fix of its own."""
    return (
        affected.state is not None
        and affected.ecosystem.startswith("Red Hat:")
        and "::" not in affected.ecosystem
    )


def by_record(matches: Sequence[Match]) -> Sequence[Match]:
    """Let the statements of one record about a package decide where each counts.

    A package of a tier has what the tier mended. Any other has what everybody has; where the record
    says nothing of that, the tier's word counts, and its fix is one that is not to be had. A fix in
    a repository of Red Hat's goes before the word on the release as a whole.
    """
    if not any(depends_on_others(one.candidate.affected) for one in matches):
        return matches
    records: dict[str, list[Match]] = {}
    for one in matches:
        records.setdefault(one.candidate.advisory, []).append(one)
    return [one for some in records.values() for one in _of_record(some)]


def _of_record(matches: Sequence[Match]) -> Iterator[Match]:
    mended = next((one for one in matches if _has_mended(one)), None)
    denied = next((one for one in matches if _is_denied_by_tier(one)), None)
    reached = next(iter(sorted(filter(_has_fix, matches), key=_is_of_other_minor)), None)
    everybody = any(tier_of(one.candidate.affected) is None and _counts(one) for one in matches)
    out_of_reach = [one for one in matches if _is_out_of_reach(one)]
    for one in matches:
        tier = tier_of(one.candidate.affected)
        if one.answer is Answer.NOT_AFFECTED:
            yield one
        elif mended is not None:
            rule = f"{mended.rule}, as {tier_of(mended.candidate.affected)} has it"
            yield replace(one, answer=Answer.NOT_AFFECTED, rule=rule, fixed=())
        elif reached is not None and _gives_way(one.candidate.affected, reached):
            rule = f"{reached.rule}, which goes before the record's word on others"
            yield replace(one, answer=Answer.NOT_AFFECTED, rule=rule, fixed=())
        elif denied is not None and one.candidate.affected.state == _OUT_OF_SUPPORT:
            rule = f"{denied.rule}, as {tier_of(denied.candidate.affected)} has it"
            yield replace(one, answer=Answer.NOT_AFFECTED, rule=rule, fixed=())
        elif tier is None and not one.fixed and out_of_reach:
            yield replace(one, rule=one.rule + _not_here(out_of_reach[0]))
        elif one not in out_of_reach:
            yield one
        elif everybody:
            rule = f"the record's word for everybody counts, and this one is for {tier}"
            yield replace(one, answer=Answer.NOT_AFFECTED, rule=rule, fixed=(), elsewhere=True)
        else:
            yield replace(one, rule=one.rule + _not_here(one), fixed=())


def _counts(match: Match) -> bool:
    """Say whether a statement for everybody was about the package, whatever its answer."""
    return not match.candidate.affected.withdrawn and not match.elsewhere


def _is_of_other_minor(match: Match) -> bool:
    own = _MINOR.search(match.package.version or "")
    return own is None or own[0] not in _minors(match.candidate.affected)


def _gives_way(affected: Affected, reached: Match) -> bool:
    """Say whether a fix that is installed goes before what else the record says.

    It does before the word on the release as a whole, and a fix for the minor release that the
    package is built for before fixes for others.
    """
    if _is_general(affected):
        return True
    if _is_of_other_minor(reached):
        return False
    return bool(_minors(affected) - _minors(reached.candidate.affected))


def _has_fix(match: Match) -> bool:
    """Say whether a fix for everybody is installed."""
    affected = match.candidate.affected
    return (
        match.answer is Answer.NOT_AFFECTED
        and tier_of(affected) is None
        and affected.state is None
        and bool(affected.ranges)
        and _counts(match)
    )


def _has_mended(match: Match) -> bool:
    affected = match.candidate.affected
    tier = tier_of(affected)
    return (
        tier is not None
        and is_mending(tier)
        and match.answer is Answer.NOT_AFFECTED
        and bool(affected.ranges)
        and affected.state is None
        and _counts(match)
        and (has_tier(tier, match.package) or not tier.startswith("esm"))
        and _is_of_minor(match)
    )


def _is_of_minor(match: Match) -> bool:
    """Say whether the package is built for a minor release that the fix is for.

    That it is above the fix for an older one (`.el9_2`) says nothing of what is in it.
    """
    minors = _minors(match.candidate.affected)
    return not minors or not _is_of_other_minor(match)


def _is_denied_by_tier(match: Match) -> bool:
    """Say whether those who go on looking found that the package is not affected."""
    affected = match.candidate.affected
    tier = tier_of(affected)
    return (
        tier is not None
        and is_mending(tier)
        and affected.state == "not-affected"
        and _counts(match)
    )


def _is_out_of_reach(match: Match) -> bool:
    tier = tier_of(match.candidate.affected)
    return (
        tier is not None
        and match.answer is not Answer.NOT_AFFECTED
        and is_mending(tier)
        and not has_tier(tier, match.package)
    )


def _not_here(match: Match) -> str:
    tier = tier_of(match.candidate.affected)
    if not match.fixed:
        return f"; not fixed for {tier} either"
    return f"; not fixed here: {', '.join(match.fixed)} is for those who have {tier}"
