"""Debian's security tracker: source package → vulnerability → release → status.

Feed: https://security-tracker.debian.org/tracker/data/json, explained in
https://security-team.debian.org/security_tracker.html. One advisory a vulnerability, named as OSV
names Debian's records (`DEBIAN-CVE-2026-1000`), which carries the vulnerability on as its upstream.
Quirks: the fixed version "0" means that the release was never affected; kept as the state
`not-affected`. What is fixed in unstable alone is resolved in `sid` and open elsewhere. An open
problem that gets no advisory of its own (`nodsa`) has one of three reasons: none, which leaves it
to a point release, and `postponed`, both kept as deferred; `ignored`, kept as not to be fixed. The
urgency `end-of-life` is no urgency but says that the release no longer supports the package; stars
behind an urgency say that the tracker's users set it. Neither document nor entries have a date.
"""

import re
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed
from lading.advisories.releases import debian
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range
from lading.model.finding import FixState

_ID = re.compile(r"(?:CVE-\d{4}-\d{4,19}|TEMP-\d{7}-[0-9A-F]{6})")
_HEAD = re.compile(rb'\s*\{\s*"[a-z0-9][a-z0-9+.-]*"\s*:\s*\{\s*"(?:CVE|TEMP)-\d')
_LONGEST = 1024  # characters of a name, a version or a statement
_TITLE = 200  # characters of a description, which can be pages
_GIVEN_UP = {"ignored": FixState.WONT_FIX, "postponed": FixState.DEFERRED}


class _Issue(msgspec.Struct):
    releases: dict[str, msgspec.Raw] | list[msgspec.Raw]  # of no release: an empty list
    description: Any = None
    debianbug: Any = None


class _Status(msgspec.Struct):
    status: str
    fixed_version: str | None = None
    urgency: str | None = None
    nodsa: str | None = None
    nodsa_reason: str | None = None


_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidRecord)
_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_issue = msgspec.json.Decoder(_Issue).decode
_decode_status = msgspec.json.Decoder(_Status).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a vulnerability, dated `as_of`; a broken status is rejected alone.

    InvalidRecord for what is no JSON object.
    """
    try:
        packages = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no data of Debian's tracker: {error}") from error
    found = _Found(feed or "debian/tracker", as_of)
    for name, issues in packages.items():
        found.add_package(name, issues)
    return Parsed(
        feed=found.feed,
        advisories=found.advisories(),
        as_of=as_of,
        rejected=tuple(found.rejected),
    )


class _Found:
    """What was read so far, by vulnerability: packages share them."""

    def __init__(self, feed: str, as_of: str | None) -> None:
        self.feed = feed
        self.rejected: list[tuple[str, str]] = []
        self._as_of = as_of
        self._affected: dict[str, list[Affected]] = {}
        self._titles: dict[str, str] = {}
        self._bugs: dict[str, dict[str, None]] = {}

    def add_package(self, name: str, raw: msgspec.Raw) -> None:
        """Add all that the tracker says of a source package."""
        try:
            issues = _decode(raw)
        except _BROKEN as error:
            return self._reject(name, error)
        if not 0 < len(name) <= _LONGEST:
            return self._reject(name, "no name of a package")
        for id, issue in issues.items():
            if not _ID.fullmatch(id):
                self._reject(f"{name} {id}", "no id of a vulnerability")
                continue
            try:
                self._add_issue(name, id, _decode_issue(issue))
            except _BROKEN as error:
                self._reject(f"{name} {id}", error)
        return None

    def _add_issue(self, name: str, id: str, issue: _Issue) -> None:
        if isinstance(issue.releases, list):
            if issue.releases:
                self._reject(f"{name} {id}", "`releases` is no object")
            return
        for release, raw in issue.releases.items():
            try:
                ecosystem = debian(release)
                affected = _affected(ecosystem, name, _decode_status(raw))
            except _BROKEN as error:
                self._reject(f"{name} {id} {release}", error)
                continue
            self._affected.setdefault(id, []).append(affected)
        if isinstance(issue.description, str) and issue.description:
            self._titles.setdefault(id, _short(issue.description))
        if isinstance(issue.debianbug, int):
            bug = f"https://bugs.debian.org/{issue.debianbug:d}"
            self._bugs.setdefault(id, {})[bug] = None

    def _reject(self, where: str, why: object) -> None:
        self.rejected.append((where[:160], str(why)))

    def advisories(self) -> tuple[Advisory, ...]:
        """Return the advisories, by vulnerability."""
        return tuple(
            Advisory(
                id=f"DEBIAN-{id}",
                feed=self.feed,
                modified=self._as_of,
                upstream=(id,),
                title=self._titles.get(id),
                references=tuple(self._bugs.get(id, ())),
                affected=tuple(affected),
            )
            for id, affected in sorted(self._affected.items())
        )


def _affected(ecosystem: str, name: str, said: _Status) -> Affected:
    urgency = (said.urgency or "").rstrip("*").lower()[:_LONGEST]
    rating = urgency if urgency != FixState.END_OF_LIFE else ""
    fixed = said.fixed_version
    state: str | None = None
    match said.status:
        case "resolved":
            if not fixed or len(fixed) > _LONGEST:
                raise InvalidRecord("resolved, and no version in which")
            state = "not-affected" if fixed == "0" else None
        case "undetermined":
            fixed, state = None, "under-investigation"
        case "open":
            fixed, state = None, _state(urgency, said)
        case other:
            raise InvalidRecord(f"no status that is known: {other[:80]!r}")
    return Affected(
        ecosystem=ecosystem,
        name=name,
        ranges=() if state == "not-affected" else (_up_to(fixed),),
        rating=rating or None,
        state=state,
        of="source",
        statement=_statement(said),
    )


def _state(urgency: str, said: _Status) -> FixState:
    """Return what is said instead of a fix."""
    if urgency == FixState.END_OF_LIFE:
        return FixState.END_OF_LIFE
    if said.nodsa is None and not said.nodsa_reason:
        return FixState.NOT_FIXED
    return _GIVEN_UP.get(said.nodsa_reason or "", FixState.DEFERRED)


def _statement(said: _Status) -> str | None:
    if said.nodsa is None and not said.nodsa_reason:
        return None
    return ": ".join(part for part in (said.nodsa_reason or "no-dsa", said.nodsa) if part)[
        :_LONGEST
    ]


_START = Event(kind=EventKind.INTRODUCED, version="0")
_EVER = Range(type="ECOSYSTEM", events=(_START,))


def _up_to(fixed: str | None) -> Range:
    if fixed is None:
        return _EVER
    end = Event(kind=EventKind.FIXED, version=fixed)
    return Range(type="ECOSYSTEM", events=(_START, end))


def _short(text: str) -> str:
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


DEBIAN = Format(
    name="debian",
    extent=Extent.FEED,
    parse=parse,
    claims=lambda head: _HEAD.match(head) is not None,
)
