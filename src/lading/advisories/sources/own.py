"""A user's own advisory, written by hand: ten lines of TOML.

    [advisory]
    id = "ACME-2026-1"
    severity = "high"
    title = "Session tokens can be guessed"

    [[affected]]
    type = "pypi"
    name = "acme-auth"
    introduced = "1.0"
    fixed = "1.4.2"

Format: https://toml.io/en/v1.0.0; all members are in docs/advisories.md. What a person wrote is
held to be meant: a member that is unknown, misspelt or of a wrong type rejects the file, since to
pass over a misspelt `fixed` would make every version affected.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import OWN, Advisory, Affected, Event, EventKind, Range, Vector
from lading.model.coordinate import coordinate
from lading.model.ecosystem import GENERIC, OF_TYPE

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*\[\s*advisory\s*\]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_SEVERITIES = ("critical", "high", "medium", "low", "negligible")
_STATES = ("not-affected", "not-fixed", "wont-fix", "deferred", "end-of-life")
_ECOSYSTEMS = {**OF_TYPE, "generic": GENERIC}
_LARGEST = 1 << 20  # bytes
_LONGEST = 4096  # characters of a text
_ADVISORY = frozenset(
    ("id", "severity", "title", "cvss", "cwes", "aliases", "references", "published", "modified",
     "withdrawn", "malicious")
)  # fmt: skip
_AFFECTED = frozenset(
    ("type", "ecosystem", "name", "introduced", "fixed", "last_affected", "versions", "severity",
     "state", "statement")
)  # fmt: skip


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the one advisory of the file; InvalidRecord says what is wrong with it, and where."""
    if len(data) > _LARGEST:
        raise InvalidRecord(f"an advisory of more than {_LARGEST} bytes")
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidRecord(f"no TOML: {error}") from error
    _known(document, ("advisory", "affected"), "the file")
    advisory, affected = document.get("advisory"), document.get("affected", [])
    if not isinstance(advisory, dict):
        raise InvalidRecord("no table [advisory]")
    if not isinstance(affected, list) or not affected:
        raise InvalidRecord("no table [[affected]]: of which packages does it speak?")
    feed = feed or OWN
    found = _advisory(advisory, affected, feed, as_of)
    return Parsed(feed=feed, advisories=(found,), as_of=found.modified)


def _advisory(table: dict[str, Any], affected: list[Any], feed: str, as_of: str | None) -> Advisory:
    _known(table, _ADVISORY, "[advisory]")
    id = _text(table, "id", "[advisory]")
    if id is None or not _ID.fullmatch(id):
        raise InvalidRecord(f"[advisory] needs an `id` of letters, digits and `._:-`: {id!r:.80}")
    withdrawn = _time(table, "withdrawn")
    published = _time(table, "published")
    cvss = _text(table, "cvss", "[advisory]")
    malicious = table.get("malicious", False)
    if not isinstance(malicious, bool):
        raise InvalidRecord("[advisory] `malicious` is true or false")
    return Advisory(
        id=id,
        feed=feed,
        modified=_time(table, "modified") or as_of or published,
        published=published,
        withdrawn=withdrawn,
        aliases=_texts(table, "aliases", "[advisory]"),
        title=_text(table, "title", "[advisory]"),
        rating=_one_of(table, "severity", _SEVERITIES, "[advisory]"),
        vectors=(Vector(source=id, vector=cvss, score=None),) if cvss else (),
        cwes=_texts(table, "cwes", "[advisory]"),
        references=_texts(table, "references", "[advisory]"),
        malicious=malicious,
        affected=tuple(
            _affected(one, f"[[affected]] {number}", withdrawn=withdrawn is not None)
            for number, one in enumerate(affected, 1)
        ),
    )


def _affected(table: object, where: str, *, withdrawn: bool) -> Affected:
    if not isinstance(table, dict):
        raise InvalidRecord(f"{where} is no table")
    _known(table, _AFFECTED, where)
    name = _text(table, "name", where)
    if name is None:
        raise InvalidRecord(f"{where} needs a `name`")
    place = coordinate(_ecosystem(table, where), name)
    versions = _texts(table, "versions", where)
    state = _one_of(table, "state", _STATES, where)
    fixed, last = _text(table, "fixed", where), _text(table, "last_affected", where)
    introduced = _text(table, "introduced", where)
    if fixed is not None and last is not None:
        raise InvalidRecord(f"{where} has both `fixed` and `last_affected`")
    ranges: tuple[Range, ...] = ()
    is_range = introduced is not None or fixed is not None or last is not None
    if is_range or not (versions or state == "not-affected"):
        events = [Event(kind=EventKind.INTRODUCED, version=introduced or "0")]
        if fixed is not None:
            events.append(Event(kind=EventKind.FIXED, version=fixed))
        if last is not None:
            events.append(Event(kind=EventKind.LAST_AFFECTED, version=last))
        ranges = (Range(type="ECOSYSTEM", events=tuple(events)),)
    return Affected(
        ecosystem=place.ecosystem,
        name=place.name,
        ranges=ranges,
        versions=versions,
        rating=_one_of(table, "severity", _SEVERITIES, where),
        state=state,
        withdrawn=withdrawn,
        statement=_text(table, "statement", where),
    )


def _ecosystem(table: dict[str, Any], where: str) -> str:
    type, ecosystem = _text(table, "type", where), _text(table, "ecosystem", where)
    if (type is None) == (ecosystem is None):
        raise InvalidRecord(f"{where} needs one of `type` (pypi) and `ecosystem` (Debian:12)")
    if ecosystem is not None:
        return ecosystem
    found = _ECOSYSTEMS.get(type or "")
    if found is None:
        raise InvalidRecord(
            f"{where}: no type {type!r:.80}; there are {', '.join(sorted(_ECOSYSTEMS))}, and "
            "`ecosystem` for packages of distributions"
        )
    return found


def _known(table: Mapping[str, Any], members: Collection[str], where: str) -> None:
    unknown = sorted(table.keys() - set(members))
    if unknown:
        raise InvalidRecord(
            f"{where} has no {unknown[0]!r:.80}; there are {', '.join(sorted(members))}"
        )


def _text(table: dict[str, Any], member: str, where: str) -> str | None:
    value = table.get(member)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise InvalidRecord(f"{where} `{member}` is no text in quotes: {value!r:.80}")
    return value


def _texts(table: dict[str, Any], member: str, where: str) -> tuple[str, ...]:
    value = table.get(member, [])
    if not isinstance(value, list):
        raise InvalidRecord(f"{where} `{member}` is no list of texts: {value!r:.80}")
    return tuple(cast("str", _text({member: one}, member, where)) for one in value)


def _one_of(table: dict[str, Any], member: str, words: tuple[str, ...], where: str) -> str | None:
    value = _text(table, member, where)
    if value is not None and value not in words:
        raise InvalidRecord(f"{where} `{member}` is {value!r:.80}; there are {', '.join(words)}")
    return value


def _time(table: dict[str, Any], member: str) -> str | None:
    value = table.get(member)
    if value is None:
        return None
    if isinstance(value, date):  # or a time, which is one too
        value = value.isoformat()
    found = utc(value)
    if found is None:
        raise InvalidRecord(f"[advisory] `{member}` is no date such as 2026-01-31: {value!r:.80}")
    return found


OWN_TOML = Format(
    name="own",
    extent=Extent.RECORD,
    parse=parse,
    claims=lambda head: _HEAD.match(head) is not None,
)
