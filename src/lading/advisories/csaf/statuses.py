"""The product statuses of a CSAF document to what they say of packages.

Statuses: https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#3239-vulnerabilities-
property---product-status. Vendors of rpms list a fixed build, and mean every one before it; or a
package without a build, and mean every one there is; of others an exact version or a range is
meant as it stands. A product that a status names for several architectures is listed once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lading.advisories.csaf.document import Csaf, Note, Vulnerability
from lading.advisories.csaf.named import Named
from lading.advisories.csaf.vendors import named
from lading.advisories.csaf.vers import read_vers
from lading.advisories.errata import until
from lading.errors import InvalidRecord
from lading.model.advisory import Affected, Event, EventKind, Range

_FIXED = ("fixed", "first_fixed", "recommended")  # the last is SUSE's word for it
_AFFECTED = ("known_affected", "first_affected", "last_affected")
_DENIED = "known_not_affected"
_OPEN = "under_investigation"

_STATES = {  # of a remedy, by Red Hat's words, else by its category
    "affected": "not-fixed",
    "fix deferred": "deferred",
    "will not fix": "wont-fix",
    "out of support scope": "end-of-life",
    "no_fix_planned": "wont-fix",
    "none_available": "not-fixed",
    "fix_planned": "not-fixed",
}
_ERRATUM = re.compile(r"[A-Z]{2,8}(?:-[A-Z]{2})?-\d{4}:\d+(?:-\d+)?")
_LONGEST = 500  # characters of a statement


@dataclass(slots=True)
class _Listed:
    """Whatever tells one package's entries apart only in architecture or build."""

    arches: dict[str | None, None] = field(default_factory=dict)
    versions: dict[str, None] = field(default_factory=dict)


def statements(
    document: Csaf,
    vulnerability: Vulnerability,
    rating: str | None,
    rejected: list[tuple[str, str]],
) -> tuple[Affected, ...]:
    """Return what the document says of packages; products that cannot be told are rejected.

    `rating` is the vulnerability's own: only those of packages that differ are kept.
    """
    reasons = _Reasons(document, vulnerability, rating)
    told: list[_Told] = []
    for status, ids in (vulnerability.product_status or {}).items():
        if status not in (*_FIXED, *_AFFECTED, _DENIED, _OPEN):
            continue
        for id in ids:
            try:
                package = named(document.installed(id), versioned=status in _FIXED)
                if package is None:
                    continue
                span = document.installed(id).component.span
                one = _affected(package, span, status, reasons.of(status, id))
            except InvalidRecord as error:
                rejected.append((id[:200], str(error)))
                continue
            told.append(_Told(status, package, one))
    found: dict[Affected, _Listed] = {}
    for status, package, one in _without_needless_fixes(told):
        listed = found.setdefault(replace(one, versions=()), _Listed())
        listed.arches[package.arch] = None
        looked_at = (package.version,) if status == _DENIED and package.version else ()
        listed.versions |= dict.fromkeys((*one.versions, *looked_at))
    return tuple(_whole(one, listed) for one, listed in found.items())


class _Told(NamedTuple):
    """What one status says of one product."""

    status: str
    package: Named
    affected: Affected

    @property
    def place(self) -> tuple[str, str]:
        return self.affected.ecosystem, self.affected.name


def _without_needless_fixes(told: list[_Told]) -> Iterator[_Told]:
    """Yield all but fixes of what is said to be affected version by version, or by range.

    There `every version before the fix` would say more than the document does, so that the fix is
    kept in words.
    """
    ours = [one for one in told if not one.package.is_rpm]
    bounded = {one.place for one in ours if one.status in _AFFECTED}
    fixes: dict[tuple[str, str], dict[str, None]] = {}
    for one in ours:
        if one.status in _FIXED and one.place in bounded and one.package.version:
            fixes.setdefault(one.place, {})[one.package.version] = None
    for one in told:
        is_ours = not one.package.is_rpm and one.place in bounded
        if is_ours and one.status in _FIXED:
            continue
        if is_ours and one.place in fixes and one.affected.statement is None:
            words = f"fixed in {', '.join(fixes[one.place])}"[:_LONGEST]
            yield one._replace(affected=replace(one.affected, statement=words))
        else:
            yield one


def _whole(one: Affected, listed: _Listed) -> Affected:
    arches = () if None in listed.arches else tuple(sorted(filter(None, listed.arches)))
    return replace(one, arches=arches, versions=tuple(listed.versions))


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a product has its status."""

    state: str | None
    statement: str | None
    rating: str | None


class _Reasons:
    """The notes of a vulnerability, by product."""

    def __init__(self, document: Csaf, one: Vulnerability, rating: str | None) -> None:
        self._remedies = document.of(one.remediations)
        self._flags = document.of(one.flags)
        self._impacts = document.of(note for note in one.threats or () if note.category == "impact")
        self._rating = rating

    def of(self, status: str, id: str) -> _Reason:
        """Return what the notes say of a product in that status."""
        rating = next((word(note.details) for note in self._impacts.get(id, ())), None)
        rating = rating if rating != self._rating else None
        if status == _DENIED:
            label = next((note.label for note in _about(self._flags, id)), None)
            return _Reason("not-affected", label or None, None)
        if status == _OPEN:
            return _Reason("under-investigation", None, rating)
        remedies = _about(self._remedies, id)
        if status in _FIXED:
            errata = (_ERRATUM.search(f"{note.url or ''} {note.details}") for note in remedies)
            erratum = next((one[0] for one in errata if one), None)
            return _Reason(None, erratum, rating)
        for note in remedies:
            details = note.details.strip()
            state = _STATES.get(details.lower()) or _STATES.get(note.category)
            if state is not None:
                return _Reason(state, (details or note.category)[:_LONGEST], rating)
        is_fixed = any(note.category == "vendor_fix" for note in remedies)
        return _Reason(None if is_fixed else "not-fixed", None, rating)


def _about(notes: dict[str, list[Note]], id: str) -> list[Note]:
    return [*notes.get(id, ()), *notes.get("", ())]


def word(text: str) -> str | None:
    """Return a rating as its source says it, lower case."""
    return text.strip().lower()[:40] or None


def _affected(package: Named, span: str, status: str, reason: _Reason) -> Affected:
    ranges, versions = _versions(package, span, status)
    is_said = package.is_rpm or reason.state != "not-fixed" or reason.statement is not None
    return Affected(
        ecosystem=package.ecosystem,
        name=package.name,
        ranges=ranges,
        versions=versions,
        rating=reason.rating,
        state=reason.state if is_said else None,
        module=package.module,
        of=package.of,
        tier=package.tier,
        statement=reason.statement,
    )


def _versions(package: Named, span: str, status: str) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """Return the ranges and the versions that the status is about."""
    version = package.version
    if status == _DENIED:
        return (), ()
    if status in _FIXED:
        return ((until(version),) if version else ()), ()
    if not package.is_rpm and span:
        return read_vers(span)
    if package.is_rpm or not version:
        return (until(None),), ()
    return _exactly(version, status)


def _exactly(version: str, status: str) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """Return what a status says of one version, and of those before or after it."""
    start = Event(kind=EventKind.INTRODUCED, version="0")
    events: tuple[Event, ...]
    if status == "first_affected":
        events = (replace(start, version=version),)
    elif status == "last_affected":
        events = (start, Event(kind=EventKind.LAST_AFFECTED, version=version))
    else:
        return (), (version,)
    return (Range(type="ECOSYSTEM", events=events),), ()
