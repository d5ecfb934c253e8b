"""Debian's advisories: the lists of DSAs, of DLAs (long-term support) and of old DTSAs (testing).

Feed: https://salsa.debian.org/security-tracker-team/security-tracker/-/tree/master/data, format:
https://security-team.debian.org/security_tracker.html. An entry is a line with date, id and title,
and indented lines: the vulnerabilities in braces, and per release a source package with the
version that mends it, or with a word such as `<not-affected>`, and a reason in parentheses.
Quirks: entries of 2005 write their dates as `August 26th, 2005`; old ids have no revision
(`DSA-141`); announcements have no package; notes are for the tracker's own people.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.releases import debian
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range
from lading.model.finding import FixState

_HEAD = re.compile(rb"\[[^]\n]{8,30}\] (?:DSA|DLA|DTSA)-\d")
_ENTRY = re.compile(r"\[(?P<date>[^]]{8,30})\] (?P<id>(DSA|DLA|DTSA)-\d+(-\d+)?)\s+(?P<title>.*)")
_VULNERABILITY = re.compile(r"CVE-\d{4}-\d{4,19}|[A-Z][A-Z0-9]+-\d[A-Za-z0-9-]*")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_DATES = ("%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y")
_LONGEST = 1024  # characters of a line that is kept
_URGENCIES = frozenset(("unimportant", "low", "medium", "high"))
_WORDS = {
    "<not-affected>": "not-affected",
    "<unfixed>": FixState.NOT_FIXED,
    "<no-dsa>": FixState.DEFERRED,
    "<postponed>": FixState.DEFERRED,
    "<ignored>": FixState.WONT_FIX,
    "<end-of-life>": FixState.END_OF_LIFE,
    "<undetermined>": "under-investigation",
}
_PACKAGE = re.compile(
    r"\[(?P<release>[a-z]{2,20})\]\s+-\s+(?P<name>[a-z0-9][a-z0-9+.-]*)\s+"
    rf"(?P<version>{'|'.join(_WORDS)}|[^<\s]\S*)(?:\s+\((?P<remark>.*)\))?"
)


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory an entry; a line that cannot be read is rejected alone.

    InvalidRecord for what has no entry at all.
    """
    rejected: list[tuple[str, str]] = []
    found: dict[str, Advisory] = {}
    for head, lines in _entries(data, rejected):
        advisory = _advisory(head, lines, feed or f"debian/{head['id'].partition('-')[0].lower()}")
        if advisory.id in found:
            rejected.append((advisory.id, "a second entry of this id"))
            continue
        found[advisory.id] = advisory
        rejected += _unread(advisory.id, lines)
    if not found:
        raise InvalidRecord("no list of Debian's advisories: it has no entry")
    name = feed or next(iter(found.values())).feed
    newest = max((one.modified for one in found.values() if one.modified), default=None)
    return Parsed(
        feed=name,
        advisories=tuple(found.values()),
        as_of=as_of or newest,
        rejected=tuple(rejected),
    )


def _entries(
    data: bytes, rejected: list[tuple[str, str]]
) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield each entry's head and its indented lines."""
    head: dict[str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if line[:1].isspace():
            lines.append(line.strip())
        elif line and not line.startswith("#"):
            if head is not None:
                yield head, lines
            match = _ENTRY.fullmatch(line[:_LONGEST].rstrip())
            head, lines = match.groupdict() if match else None, []
            if match is None:
                rejected.append((f"line {number}", f"no entry: {line[:80]!r}"))
    if head is not None:
        yield head, lines


def _advisory(head: dict[str, str], lines: list[str], feed: str) -> Advisory:
    date = _date(head["date"])
    named = [line for line in lines if line.startswith("{")]
    found = (_PACKAGE.fullmatch(line[:_LONGEST]) for line in lines)
    return Advisory(
        id=head["id"],
        feed=feed,
        modified=date,
        published=date,
        upstream=tuple(dict.fromkeys(id for line in named for id in _VULNERABILITY.findall(line))),
        title=head["title"] or None,
        affected=tuple(_affected(one) for one in found if one is not None),
    )


def _unread(id: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of packages that were not understood."""
    for line in lines:
        if line.startswith("[") and _PACKAGE.fullmatch(line[:_LONGEST]) is None:
            yield id, f"no package and version: {line[:80]!r}"


def _affected(found: re.Match[str]) -> Affected:
    version, remark = found["version"], found["remark"]
    state = _WORDS.get(version)
    events = [Event(kind=EventKind.INTRODUCED, version="0")]
    if state is None:
        events.append(Event(kind=EventKind.FIXED, version=version))
    is_urgency = remark in _URGENCIES
    return Affected(
        ecosystem=debian(found["release"]),
        name=found["name"],
        ranges=() if state == "not-affected" else (Range(type="ECOSYSTEM", events=tuple(events)),),
        rating=remark if is_urgency else None,
        state=state,
        of="source",
        statement=None if is_urgency else remark,
    )


def _date(text: str) -> str | None:
    plain = _ORDINAL.sub("", text)
    for form in _DATES:
        try:
            moment = datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return utc(moment.date().isoformat())
    return None


DEBIAN_LISTS = Format(
    name="debian-lists",
    extent=Extent.FEED,
    parse=parse,
    claims=lambda head: _HEAD.match(head.lstrip()) is not None,
)
