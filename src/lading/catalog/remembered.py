"""What was read of a layer, to bytes and back, so that no layer is read twice.

The bytes depend on the layer and on the readers' revisions alone. Facts are kept in three lists by
kind, each with the number of the visit and the name of its cataloger.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

import msgspec

from lading.catalog.cataloger import Cataloger
from lading.catalog.reading import Found
from lading.image.entry import Entry, LayerFiles, Names
from lading.model.package import Fact, Ownership, Package, Release
from lading.model.problem import Problem

_REVISION = 4  # of this form and of the walk; goes up when the same layer gives other entries

_Number = Annotated[int, msgspec.Meta(ge=0)]
_PLAIN, _WIDENED = b"p", b"w"  # the first byte: how texts are written
_ROW, _ENTRY = b"re"  # bytes of `order`


class _Record(msgspec.Struct, array_like=True, frozen=True):
    order: bytes  # a byte for each row of names and each other entry
    rows: list[Names]
    entries: list[Entry]
    whiteouts: list[str]
    opaques: list[str]
    problems: list[Problem]
    visits: _Number
    packages: list[tuple[_Number, str, Package]]
    ownerships: list[tuple[_Number, str, Ownership]]
    releases: list[tuple[_Number, str, Release]]
    met: list[Problem]  # by catalogers


# Made once, at import: two threads that make what msgspec keeps of a class both crash.
_decode = msgspec.msgpack.Decoder(_Record).decode


class Remembered(NamedTuple):
    """A layer as it was read."""

    files: LayerFiles
    found: dict[int, list[Found]]  # by the number of the visit
    problems: list[Problem]  # that catalogers met


def readers(catalogers: Sequence[Cataloger]) -> str:
    """Return a text that changes when any of the readers does."""
    return f"{_REVISION};" + ";".join(sorted(f"{one.name}={one.revision}" for one in catalogers))


def to_bytes(remembered: Remembered) -> bytes:
    """Return the record's bytes."""
    record = _record(remembered)
    try:
        return _PLAIN + msgspec.msgpack.encode(record)
    except UnicodeEncodeError:  # a name is no UTF-8
        values = msgspec.to_builtins(record, builtin_types=(bytes,))
        return _WIDENED + msgspec.msgpack.encode(_each_text(values, _widened))


def _record(remembered: Remembered) -> _Record:
    files = remembered.files
    by_kind: dict[type, list[tuple[int, str, Fact]]] = {Package: [], Ownership: [], Release: []}
    for number, found in sorted(remembered.found.items()):
        for cataloger, fact in found:
            by_kind[type(fact)].append((number, cataloger.name, fact))
    return _Record(
        order=bytes(_ROW if isinstance(entry, Names) else _ENTRY for entry in files.entries),
        rows=[entry for entry in files.entries if isinstance(entry, Names)],
        entries=[entry for entry in files.entries if isinstance(entry, Entry)],
        whiteouts=files.whiteouts,
        opaques=files.opaques,
        problems=files.problems,
        visits=files.visits,
        packages=by_kind[Package],  # type: ignore[arg-type]  # keyed by their types
        ownerships=by_kind[Ownership],  # type: ignore[arg-type]  # as above
        releases=by_kind[Release],  # type: ignore[arg-type]  # as above
        met=remembered.problems,
    )


def from_bytes(data: bytes, catalogers: Sequence[Cataloger]) -> Remembered | None:
    """Return the record, or None for bytes of another form."""
    try:
        return _remembered(_decoded(data), {one.name: one for one in catalogers})
    except (ValueError, KeyError, StopIteration, RecursionError):  # msgspec's own are ValueErrors
        return None


def _decoded(data: bytes) -> _Record:
    body = memoryview(data)[1:]
    if data[:1] == _PLAIN:
        return _decode(body)
    if data[:1] == _WIDENED:
        return msgspec.convert(_each_text(msgspec.msgpack.decode(body), _narrowed), _Record)
    raise ValueError("another form")


def _remembered(record: _Record, by_name: Mapping[str, Cataloger]) -> Remembered:
    if len(record.order) != len(record.rows) + len(record.entries):
        raise ValueError("entries without a place")
    files = LayerFiles(
        whiteouts=record.whiteouts,
        opaques=record.opaques,
        problems=record.problems,
        visits=record.visits,
    )
    rows: Iterator[Names | Entry] = iter(record.rows)
    entries: Iterator[Names | Entry] = iter(record.entries)
    files.entries = [next(rows if one == _ROW else entries) for one in record.order]
    found: dict[int, list[Found]] = {}
    facts: tuple[tuple[int, str, Fact], ...]
    facts = (*record.packages, *record.ownerships, *record.releases)
    for number, name, fact in facts:
        found.setdefault(number, []).append(Found(by_name[name], fact))
    return Remembered(files, found, record.met)


def _each_text(value: object, change: Callable[[str], str]) -> object:
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_each_text(item, change) for item in value]
        case dict():
            return {key: _each_text(item, change) for key, item in value.items()}
        case _:
            return value


def _widened(text: str) -> str:
    """Return a character a byte: bytes that are no UTF-8 survive, which msgpack has no text for."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _narrowed(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogatepass")
