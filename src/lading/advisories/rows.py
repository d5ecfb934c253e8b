"""Advisories to the bytes that the database keeps, and back.

Two parts: what matching reads of one package, and what findings read of a whole record.
"""

from collections.abc import Iterable

import msgspec

from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector

_KINDS = {
    EventKind.INTRODUCED: "i",
    EventKind.FIXED: "f",
    EventKind.LAST_AFFECTED: "l",
    EventKind.LIMIT: "m",
}
_LETTERS = {letter: kind for kind, letter in _KINDS.items()}
_TYPES = {"ECOSYSTEM": 0, "SEMVER": 1, "GIT": 2}
_TYPE_NAMES = {number: name for name, number in _TYPES.items()}


class _Affected(msgspec.Struct, array_like=True, omit_defaults=True):
    ranges: list[tuple[int | str, list[str]]] = []  # (type, letter and version, …)
    versions: list[str] = []
    rating: str | None = None
    state: str | None = None
    symbols: list[str] = []
    withdrawn: bool = False
    module: str | None = None
    arches: list[str] = []
    of: str | None = None
    tier: str | None = None
    statement: str | None = None


class _Record(msgspec.Struct, array_like=True, omit_defaults=True):
    modified: str | None = None
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] = []
    upstream: list[str] = []
    related: list[str] = []
    title: str | None = None
    rating: str | None = None
    vectors: list[tuple[str | None, float | None]] = []
    cwes: list[str] = []
    references: list[str] = []
    malicious: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode_affected = msgspec.msgpack.Decoder(_Affected).decode
_decode_record = msgspec.msgpack.Decoder(_Record).decode
# A row that is no bytes, or holds what no writer wrote: another program was at the file. Errors of
# msgspec, and of text that is no UTF-8, are ValueErrors.
_DAMAGED = (ValueError, RecursionError, TypeError, KeyError, IndexError)


def affected_to_bytes(affected: Affected) -> bytes:
    """Return the part that matching reads; ecosystem and name are the row's key."""
    return _encode(
        _Affected(
            ranges=[
                (
                    _TYPES.get(one.type, one.type),
                    [_KINDS[event.kind] + event.version for event in one.events],
                )
                for one in affected.ranges
            ],
            versions=list(affected.versions),
            rating=affected.rating,
            state=affected.state,
            symbols=list(affected.symbols),
            withdrawn=affected.withdrawn,
            module=affected.module,
            arches=list(affected.arches),
            of=affected.of,
            tier=affected.tier,
            statement=affected.statement,
        )
    )


def affected_from_bytes(data: bytes, ecosystem: str, name: str) -> Affected:
    """Return what `affected_to_bytes` was given; AdvisoryError when the bytes are damaged."""
    try:
        row = _decode_affected(data)
        ranges = tuple(_range(type, events) for type, events in row.ranges)
    except _DAMAGED as error:
        raise AdvisoryError(f"what it says of {name} cannot be read: {error}") from error
    return Affected(
        ecosystem=ecosystem,
        name=name,
        ranges=ranges,
        versions=tuple(row.versions),
        rating=row.rating,
        state=row.state,
        symbols=tuple(row.symbols),
        withdrawn=row.withdrawn,
        module=row.module,
        arches=tuple(row.arches),
        of=row.of,
        tier=row.tier,
        statement=row.statement,
    )


def _range(type: int | str, events: Iterable[str]) -> Range:
    return Range(
        type=_TYPE_NAMES[type] if isinstance(type, int) else type,
        events=tuple(Event(kind=_LETTERS[text[0]], version=text[1:]) for text in events),
    )


def record_to_bytes(advisory: Advisory) -> bytes:
    """Return the record without `id`, `feed` and `affected`."""
    return _encode(
        _Record(
            modified=advisory.modified,
            published=advisory.published,
            withdrawn=advisory.withdrawn,
            aliases=list(advisory.aliases),
            upstream=list(advisory.upstream),
            related=list(advisory.related),
            title=advisory.title,
            rating=advisory.rating,
            vectors=[(one.vector, one.score) for one in advisory.vectors],
            cwes=list(advisory.cwes),
            references=list(advisory.references),
            malicious=advisory.malicious,
        )
    )


def record_from_bytes(data: bytes, id: str, feed: str) -> Advisory:
    """Return the record, with `affected` left empty; AdvisoryError when the bytes are damaged."""
    try:
        row = _decode_record(data)
    except _DAMAGED as error:
        raise AdvisoryError(f"its record {id} cannot be read: {error}") from error
    return Advisory(
        id=id,
        feed=feed,
        modified=row.modified,
        published=row.published,
        withdrawn=row.withdrawn,
        aliases=tuple(row.aliases),
        upstream=tuple(row.upstream),
        related=tuple(row.related),
        title=row.title,
        rating=row.rating,
        vectors=tuple(
            Vector(source=id, vector=vector, score=score) for vector, score in row.vectors
        ),
        cwes=tuple(row.cwes),
        references=tuple(row.references),
        malicious=row.malicious,
    )
