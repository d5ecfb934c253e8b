"""OSV records, as the osv.dev bucket and many databases publish them.

Schema: https://ossf.github.io/osv-schema/. Essential are the id and the packages: a record without
them is rejected. Any other member of a wrong type is left out, since what it would have said is not
known. Real records break the schema: events out of order, empty ranges, a fixed version below the
introduced one, packages without versions. Parsing keeps what the record says; matching decides.
Quirks: RustSec's category `malicious` and ids `MAL-…` say that the package itself is the attack.
RustSec's informational records (`unmaintained`, `unsound`, `notice`) are no vulnerabilities but
advice: they keep their ranges, have no severity, and say so in `state` (`informational`). Errata of
the RHEL family have their severity in the summary (`Important: …`). Ubuntu's ecosystems for what
its subscribers get say `Pro`, and only the purl which of its archives (`distro=esm-apps/jammy`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector
from lading.model.coordinate import coordinate

_LONGEST = 4096  # characters of a text that is kept
_KINDS = {str(kind): kind for kind in EventKind}
_ERRATUM_RATINGS = ("critical", "important", "moderate", "low")

_UBUNTU_PRO = "Ubuntu:Pro:"
_DISTRO = re.compile(r"[?&]distro=(?:[a-z]+/(?P<after>esm)|(?P<before>[a-z0-9-]+)/[a-z]+)(?:&|$)")

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class _Package(msgspec.Struct):
    ecosystem: _Text
    name: _Text
    purl: Any = None


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: Any = None
    versions: Any = None
    severity: Any = None
    ecosystem_specific: Any = None
    database_specific: Any = None


class _Record(msgspec.Struct):
    id: _Text
    modified: Any = None
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


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the one advisory of a document, in the feed of its ecosystem unless told otherwise."""
    advisory = read(data, feed or "")
    feed = feed or f"osv/{ecosystem_of(advisory) or 'other'}"
    return Parsed(feed=feed, advisories=(advisory,), as_of=advisory.modified or as_of)


def read(data: bytes, feed: str) -> Advisory:
    """Return the advisory; InvalidRecord for no JSON, no id, or packages that cannot be told."""
    try:
        record = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no OSV record: {error}") from error
    return _advisory(record, feed)


def ecosystem_of(advisory: Advisory) -> str | None:
    """Return the ecosystem, without release, that most of the record is about."""
    bases = Counter(one.ecosystem.partition(":")[0] for one in advisory.affected)
    return bases.most_common(1)[0][0] if bases else None


def _advisory(record: _Record, feed: str) -> Advisory:
    specific = _object(record.database_specific)
    withdrawn = _text(record.withdrawn)
    affected = tuple(
        _one(item, withdrawn=withdrawn is not None)
        for item in record.affected or ()
        if item.package is not None  # commits of a repository, which no package manager installs
    )
    return Advisory(
        id=record.id,
        feed=feed,
        modified=utc(record.modified),
        published=utc(record.published),
        withdrawn=utc(withdrawn) or withdrawn,
        aliases=_texts(record.aliases),
        upstream=_texts(record.upstream),
        related=_texts(record.related),
        title=_text(record.summary),
        rating=_rating(record, specific),
        vectors=_vectors(record, specific),
        cwes=_cwes(record, specific),
        references=_references(record.references),
        malicious=_is_malicious(record),
        affected=affected,
    )


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(dict.fromkeys(item[:_LONGEST] for item in items if _text(item)))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterable[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _lower(value: object) -> str | None:
    text = _text(value)
    return text.lower() if text else None


def _rating(record: _Record, specific: dict[str, Any]) -> str | None:
    """Return the record's own word: a member, a severity in words, or the head of an erratum."""
    head, colon, _ = (_text(record.summary) or "").partition(":")
    erratum = head.lower() if colon and head.lower() in _ERRATUM_RATINGS else None
    return _lower(specific.get("severity")) or _word(record.severity) or erratum


def _word(severities: object) -> str | None:
    """Return a severity that is no CVSS vector but a word, as Ubuntu's are."""
    words = (_lower(one.get("score")) for one in _objects(severities) if not _is_cvss(one))
    return next((word for word in words if word), None)


def _is_cvss(severity: dict[str, Any]) -> bool:
    return str(severity.get("type")).startswith("CVSS")


def _vectors(record: _Record, specific: dict[str, Any]) -> tuple[Vector, ...]:
    """Return the record's vectors, then those of its packages; else a bare score, newest CVSS."""
    stated = [*_objects(record.severity)]
    for item in record.affected or ():
        stated += _objects(item.severity)
    texts = [_text(one.get("score")) for one in stated if _is_cvss(one)]
    for item in record.affected or ():
        cvss = _object(item.database_specific).get("cvss")
        texts.append(_text(_object(cvss).get("vectorString")) or _text(cvss))
    found = dict.fromkeys(text for text in texts if text)
    if found:
        return tuple(Vector(source=record.id, vector=text, score=None) for text in found)
    for key in ("cvss_v4", "cvss_v3", "cvss_v2", "cvss_score"):
        score = specific.get(key)
        if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 10:
            return (Vector(source=record.id, vector=None, score=float(score)),)
    return ()


def _cwes(record: _Record, specific: dict[str, Any]) -> tuple[str, ...]:
    found = [*_texts(specific.get("cwe_ids"))]
    for item in (specific, *(_object(one.database_specific) for one in record.affected or ())):
        found += (text for one in _objects(item.get("cwes")) if (text := _text(one.get("cweId"))))
    return tuple(dict.fromkeys(found))


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
    advice = _text(_object(item.database_specific).get("informational"))
    words = (_lower(specific.get(key)) for key in ("urgency", "severity"))
    return Affected(
        ecosystem=place.ecosystem,
        name=place.name,
        ranges=tuple(_range(one) for one in _objects(item.ranges)),
        versions=_texts(item.versions),
        rating=next((word for word in words if word), None) or _word(item.severity),
        state="informational" if advice else None,
        symbols=_symbols(specific),
        withdrawn=withdrawn,
        tier=_tier(package),
    )


def _tier(package: _Package) -> str | None:
    """Return which of Ubuntu Pro's archives has the fix: what is not of it is for everybody."""
    if not package.ecosystem.startswith(_UBUNTU_PRO):
        return None
    distro = _DISTRO.search(_text(package.purl) or "")
    if distro is not None:
        return distro["before"] or distro["after"]
    kind = package.ecosystem.removeprefix(_UBUNTU_PRO).partition(":")[0]
    return "pro" if kind[:1].isdigit() else kind.lower()


def _range(value: dict[str, Any]) -> Range:
    events = (
        Event(kind=_KINDS[kind], version=_version(version))
        for event in _objects(value.get("events"))
        for kind, version in event.items()
        if kind in _KINDS
    )
    return Range(type=_text(value.get("type")) or "ECOSYSTEM", events=tuple(events))


def _version(value: object) -> str:
    """Return a boundary's text: a number as written; "", which no scheme can read, for no version.

    To leave the boundary out would widen or narrow the range without a word.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _text(value) or ""


def _symbols(specific: dict[str, Any]) -> tuple[str, ...]:
    """Return RustSec's functions, and `path.Symbol` of Go imports; the path where it names none."""
    found: list[str] = []
    for one in _objects(specific.get("imports")):
        path = _text(one.get("path")) or ""
        found += [f"{path}.{symbol}" for symbol in _texts(one.get("symbols"))] or [path]
    functions = _object(specific.get("affects")).get("functions")
    found += functions if isinstance(functions, dict) else _texts(functions)
    return tuple(dict.fromkeys(text for text in found if text))


def _recognises(members: frozenset[str]) -> bool:
    return "affected" in members or {"id", "modified"} <= members


OSV = Format(name="osv", extent=Extent.RECORD, recognises=_recognises, parse=parse)
