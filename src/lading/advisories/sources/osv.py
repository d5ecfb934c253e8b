"""OSV records, as the osv.dev bucket and many databases publish them.

Schema: https://ossf.github.io/osv-schema/. Real records break it: events out of order, empty
ranges, a fixed version below the introduced one. Parsing keeps what the record says; matching
decides. Quirks: RustSec's category `malicious` and ids `MAL-…` say that the package itself is the
attack.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector
from lading.model.coordinate import coordinate

_LONGEST = 4096  # characters of a text that is kept
_KINDS = {str(kind): kind for kind in EventKind}

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class _Package(msgspec.Struct):
    ecosystem: _Text
    name: _Text


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: Any = None
    versions: Any = None
    severity: Any = None
    ecosystem_specific: Any = None
    database_specific: Any = None


class _Record(msgspec.Struct):
    id: _Text
    modified: str | None = None
    published: Any = None
    withdrawn: Any = None
    aliases: Any = None
    upstream: Any = None
    related: Any = None
    summary: Any = None
    severity: Any = None
    affected: list[_Affected] | None = None
    references: Any = None
    database_specific: Any = None


_decode = msgspec.json.Decoder(_Record).decode


def parse(data: bytes, feed: str) -> Advisory:
    """Return the advisory; InvalidRecord for no JSON, no id, or an `affected` that is no list.

    Other members of a wrong type are left out: what they would have said is not known.
    """
    try:
        record = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no OSV record: {error}") from error
    return _advisory(record, feed)


def _advisory(record: _Record, feed: str) -> Advisory:
    specific = _object(record.database_specific)
    withdrawn = _text(record.withdrawn)
    affected = tuple(
        _one(item, withdrawn=withdrawn is not None)
        for item in record.affected or ()
        if item.package is not None
    )
    return Advisory(
        id=record.id,
        feed=feed,
        modified=record.modified,
        published=_text(record.published),
        withdrawn=withdrawn,
        aliases=_texts(record.aliases),
        upstream=_texts(record.upstream),
        related=_texts(record.related),
        title=_text(record.summary),
        rating=_lower(specific.get("severity")) or _summary_rating(record),
        vectors=_vectors(record),
        cwes=_texts(specific.get("cwe_ids")),
        references=_references(record.references),
        malicious=_is_malicious(record),
        affected=affected,
    )


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(dict.fromkeys(item for item in items if isinstance(item, str) and item))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterable[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _lower(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and value else None


def _summary_rating(record: _Record) -> str | None:
    """Return the word that errata of the RHEL family put before their summary: `Important: …`."""
    head, colon, _ = (_text(record.summary) or "").partition(":")
    known = ("critical", "important", "moderate", "low")
    return head.lower() if colon and head.lower() in known else None


def _vectors(record: _Record) -> tuple[Vector, ...]:
    stated = [*_objects(record.severity)]
    for item in record.affected or ():
        stated += _objects(item.severity)
    found = dict.fromkeys(
        text
        for one in stated
        if str(one.get("type", "")).startswith("CVSS") and (text := _text(one.get("score")))
    )
    numbers = _object(record.database_specific)
    for item in record.affected or ():
        if vector := _text(_object(item.database_specific).get("cvss")):
            found[vector] = None
    vectors = [Vector(source=record.id, vector=text, score=None) for text in found]
    if not vectors:
        for key in ("cvss_v4", "cvss_v3", "cvss_v2", "cvss_score"):
            score = numbers.get(key)
            if isinstance(score, int | float) and 0 <= score <= 10:
                return (Vector(source=record.id, vector=None, score=float(score)),)
    return tuple(vectors)


def _references(value: object) -> tuple[str, ...]:
    urls = (_text(item.get("url")) for item in _objects(value))
    return tuple(dict.fromkeys(url for url in urls if url))


def _is_malicious(record: _Record) -> bool:
    categories = (
        _object(item.database_specific).get("categories") for item in record.affected or ()
    )
    return record.id.startswith("MAL-") or any("malicious" in _texts(one) for one in categories)


def _one(item: _Affected, *, withdrawn: bool) -> Affected:
    package = item.package or _Package("", "")
    specific = _object(item.ecosystem_specific)
    place = coordinate(package.ecosystem, package.name)
    return Affected(
        ecosystem=place.ecosystem,
        name=place.name,
        ranges=tuple(_range(one) for one in _objects(item.ranges)),
        versions=_texts(item.versions),
        rating=_lower(specific.get("urgency")) or _lower(specific.get("severity")),
        symbols=_symbols(specific),
        withdrawn=withdrawn,
    )


def _range(value: dict[str, Any]) -> Range:
    events = (
        Event(kind=_KINDS[kind], version=version)
        for event in _objects(value.get("events"))
        for kind, version in event.items()
        if kind in _KINDS and isinstance(version, str)
    )
    return Range(type=str(value.get("type", "ECOSYSTEM")), events=tuple(events))


def _symbols(specific: dict[str, Any]) -> tuple[str, ...]:
    """Return `path.Symbol` of Go imports, and RustSec's affected functions."""
    found: list[str] = []
    for one in _objects(specific.get("imports")):
        path = _text(one.get("path")) or ""
        found += [f"{path}.{symbol}" for symbol in _texts(one.get("symbols"))] or [path]
    affects = _object(specific.get("affects"))
    functions = affects.get("functions")
    found += functions if isinstance(functions, dict) else _texts(functions)
    return tuple(dict.fromkeys(text for text in found if text))
