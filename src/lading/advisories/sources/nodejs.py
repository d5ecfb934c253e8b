"""Vulnerabilities of Node.js itself, as its security working group lists them.

Feed: https://github.com/nodejs/security-wg/tree/main/vuln/core, one document a vulnerability, and
all of them by number in `index.json`. Affected is what satisfies `vulnerable` and not `patched`,
both in npm's range syntax (https://github.com/npm/node-semver#ranges), written as the intervals
that are left.
Quirks: records name no id of their own; theirs is made of the CVE, where they have one, and of what
they say of the problem, so that the same record keeps it. One record stands twice. Some are about
one platform alone (`affectedEnvironments`), which becomes part of the ecosystem
(`Node.js:win32`). Few have a date.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.intervals import ZERO, intervals, without
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector

ECOSYSTEM = "Node.js"
NAME = "node"

_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")
_CWE = re.compile(r"CWE-\d{1,6}")
_INDEX = re.compile(rb'\s*\{\s*"\d+"\s*:\s*\{\s*"(?:cve|ref|vulnerable|patched)"')
_PLATFORM = re.compile(r"[a-z0-9_]{1,20}")
_LONGEST = 1024  # characters of a range or a title


class _Record(msgspec.Struct, rename="camel"):
    vulnerable: str
    patched: str | None = None
    cve: Any = None
    ref: Any = None
    description: Any = None
    overview: Any = None
    severity: Any = None
    affected_environments: Any = None
    publish_date: Any = msgspec.field(name="publish_date", default=None)
    type: Any = None
    cvss: Any = None


_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidRecord)
_decode = msgspec.json.Decoder(_Record).decode
_decode_index = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the one advisory of a document; InvalidRecord where its ranges cannot be read."""
    feed = feed or "nodejs"
    try:
        advisory = _advisory(_decode(data), feed, as_of)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no vulnerability of Node.js: {error}") from error
    return Parsed(feed=feed, advisories=(advisory,), as_of=as_of)


def parse_index(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the advisories of all documents in one; a broken one is rejected alone."""
    feed = feed or "nodejs"
    try:
        records = _decode_index(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no vulnerabilities of Node.js: {error}") from error
    found: dict[str, Advisory] = {}
    rejected: list[tuple[str, str]] = []
    for number, raw in records.items():
        try:
            advisory = _advisory(_decode(raw), feed, as_of)
        except _BROKEN as error:
            rejected.append((number[:80], str(error)))
            continue
        found[advisory.id] = advisory
    return Parsed(
        feed=feed, advisories=tuple(found.values()), as_of=as_of, rejected=tuple(rejected)
    )


def _advisory(record: _Record, feed: str, as_of: str | None) -> Advisory:
    named = record.cve if isinstance(record.cve, list) else ()
    cves = tuple(dict.fromkeys(id for id in named if isinstance(id, str) and _CVE.fullmatch(id)))
    id = _id(record, cves)
    range = Range(type="SEMVER", events=tuple(_events(record)))
    kind, cvss, date = record.type, record.cvss, utc(record.publish_date)
    return Advisory(
        id=id,
        feed=feed,
        modified=date or as_of,
        published=date,
        upstream=cves,
        title=_short(record.description) or _short(record.overview),
        rating=_short(record.severity),
        vectors=(Vector(source=id, vector=f"CVSS:{cvss}"[:_LONGEST], score=None),)
        if isinstance(cvss, str) and cvss
        else (),
        cwes=tuple(_CWE.findall(kind)) if isinstance(kind, str) else (),
        references=(record.ref[:_LONGEST],) if isinstance(record.ref, str) and record.ref else (),
        affected=tuple(
            Affected(ecosystem=ecosystem, name=NAME, ranges=(range,) if range.events else ())
            for ecosystem in _ecosystems(record.affected_environments)
        ),
    )


def _id(record: _Record, cves: tuple[str, ...]) -> str:
    said = msgspec.json.encode([cves, record.ref, record.description, record.overview])
    return "-".join(("NODEJS", *cves[:1], hashlib.sha256(said).hexdigest()[:8]))


def _short(value: object) -> str | None:
    return value.strip()[:_LONGEST] or None if isinstance(value, str) else None


def _ecosystems(environments: object) -> tuple[str, ...]:
    found = environments if isinstance(environments, list) else ()
    names = [one for one in found if isinstance(one, str) and _PLATFORM.fullmatch(one)]
    if not names or "all" in names:
        return (ECOSYSTEM,)
    return tuple(f"{ECOSYSTEM}:{name}" for name in dict.fromkeys(names))


def _events(record: _Record) -> Iterator[Event]:
    patched = (record.patched or "").strip()
    left = without(intervals(record.vulnerable), intervals(patched) if patched else [])
    for start, end in left:
        text = "0" if start == ZERO else ".".join(map(str, start))
        yield Event(kind=EventKind.INTRODUCED, version=text)
        if end is not None:
            yield Event(kind=EventKind.FIXED, version=".".join(map(str, end)))


def _recognises(members: frozenset[str]) -> bool:
    return {"vulnerable", "patched"} <= members


NODEJS = Format(name="nodejs", extent=Extent.RECORD, recognises=_recognises, parse=parse)
NODEJS_INDEX = Format(
    name="nodejs-index",
    extent=Extent.FEED,
    parse=parse_index,
    claims=lambda head: _INDEX.match(head) is not None,
)
