"""What was read of a layer, to bytes and back, so that no layer is read twice.

The bytes depend on the layer and on the readers' revisions alone. Facts are kept in three lists by
kind, each with the index of its entry and the name of its cataloger.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, NamedTuple

import msgspec

from lading.catalog.cataloger import Cataloger
from lading.catalog.reading import Found
from lading.image.entry import Entry, LayerFiles
from lading.image.tar import Kind
from lading.model.package import Fact, Ownership, Package, Release
from lading.model.problem import Problem

_REVISION = 3  # of this form and of the walk; goes up when the same layer gives other entries

_Index = Annotated[int, msgspec.Meta(ge=0)]
_PLAIN, _WIDENED = b"p", b"w"  # the first byte: how texts are written


class _Special(msgspec.Struct, array_like=True, frozen=True):
    """An entry that is more than a plain file; its path is in the common list."""

    index: _Index
    kind: int
    mode: int
    size: int
    link: bytes
    content: str | None
    read: bool


class _Record(msgspec.Struct, array_like=True, frozen=True):
    paths: bytes  # of all entries, each behind a NUL
    specials: list[_Special]
    whiteouts: bytes
    opaques: bytes
    problems: list[Problem]
    packages: list[tuple[_Index, str, Package]]
    ownerships: list[tuple[_Index, str, Ownership]]
    releases: list[tuple[_Index, str, Release]]
    met: list[Problem]  # by catalogers


class Remembered(NamedTuple):
    """A layer as it was read."""

    files: LayerFiles
    found: dict[int, list[Found]]
    problems: list[Problem]  # that catalogers met


def readers(catalogers: Sequence[Cataloger]) -> str:
    """Return a text that changes when any of the readers does."""
    return f"{_REVISION};" + ";".join(sorted(f"{one.name}={one.revision}" for one in catalogers))


def to_bytes(remembered: Remembered) -> bytes:
    """Return the record's bytes."""
    record = _record(remembered)
    try:
        return _PLAIN + msgspec.msgpack.encode(record)
    except UnicodeEncodeError:  # a fact holds a name that is no UTF-8
        values = msgspec.to_builtins(record, builtin_types=(bytes,))
        return _WIDENED + msgspec.msgpack.encode(_each_text(values, _widened))


def _record(remembered: Remembered) -> tuple[object, ...]:
    files = remembered.files
    paths = [entry if isinstance(entry, str) else entry.path for entry in files.entries]
    specials = [
        _Special(i, e.kind, e.mode, e.size, _encode(e.link), e.content, e.read)
        for i, e in enumerate(files.entries)
        if not isinstance(e, str)
    ]
    by_kind: dict[type, list[tuple[int, str, object]]] = {Package: [], Ownership: [], Release: []}
    for index, found in sorted(remembered.found.items()):
        for cataloger, fact in found:
            by_kind[type(fact)].append((index, cataloger.name, fact))
    return (
        _join(paths),
        specials,
        _join(files.whiteouts),
        _join(files.opaques),
        files.problems,
        by_kind[Package],
        by_kind[Ownership],
        by_kind[Release],
        remembered.problems,
    )


def from_bytes(data: bytes, catalogers: Sequence[Cataloger]) -> Remembered | None:
    """Return the record, or None for bytes of another form."""
    try:
        return _remembered(_decoded(data), {one.name: one for one in catalogers})
    except (ValueError, KeyError, IndexError, RecursionError):  # msgspec's own are ValueErrors
        return None


def _decoded(data: bytes) -> _Record:
    body = memoryview(data)[1:]
    if data[:1] == _PLAIN:
        return msgspec.msgpack.decode(body, type=_Record)
    if data[:1] == _WIDENED:
        return msgspec.convert(_each_text(msgspec.msgpack.decode(body), _narrowed), _Record)
    raise ValueError("another form")


def _remembered(record: _Record, by_name: Mapping[str, Cataloger]) -> Remembered:
    paths = _split(record.paths)
    entries: list[str | Entry] = list(paths)
    for one in record.specials:
        path = paths[one.index]
        link = one.link.decode("utf-8", "surrogateescape")
        entries[one.index] = Entry(
            path, Kind(one.kind), one.mode, one.size, link, one.content, one.read
        )
    found: dict[int, list[Found]] = {}
    facts: tuple[tuple[int, str, Fact], ...]
    facts = (*record.packages, *record.ownerships, *record.releases)
    for index, name, fact in facts:
        found.setdefault(index, []).append(Found(by_name[name], fact))
    files = LayerFiles(
        entries=entries,
        whiteouts=_split(record.whiteouts),
        opaques=_split(record.opaques),
        problems=record.problems,
    )
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


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _join(paths: list[str]) -> bytes:
    """Put a NUL before each path, so that no path and one empty path (the root) differ."""
    return _encode("".join(f"\0{path}" for path in paths))


def _split(joined: bytes) -> list[str]:
    return joined.decode("utf-8", "surrogateescape").split("\0")[1:]
