"""The plain files of one directory: names with the layer that each is from, packed.

Nobody asks for most of these names by themselves, so they stand in one text for each layer, and are
taken apart only while a layer is applied that touches them.
"""

from collections.abc import Iterator
from typing import NamedTuple

_GONE = -1


class _Change(NamedTuple):
    layer: int  # _GONE: the name goes
    names: str  # each with a NUL behind it


class Plain:
    """Names of files; every name is there once, with the layer that brought it last."""

    __slots__ = ("_changes", "_open", "_packed")

    def __init__(self) -> None:
        self._packed: list[_Change] = []  # one a layer, no name twice
        self._changes: list[_Change] = []  # since then, in order
        self._open: dict[str, int] | None = None  # all of it, while single names are looked up

    def add(self, layer: int, names: str) -> None:
        """Bring names, each with a NUL behind it."""
        if self._open is not None:
            self._open.update(dict.fromkeys(names.split("\0")[:-1], layer))
        else:
            self._changes.append(_Change(layer, names))

    def discard(self, name: str) -> None:
        """Take the name away, if it is there."""
        if self._open is not None:
            self._open.pop(name, None)
        else:
            self._changes.append(_Change(_GONE, name))

    def layer_of(self, name: str) -> int | None:
        """Return the layer of the file, or None when there is none of that name."""
        return self._opened().get(name)

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield (name, layer)."""
        if self._open is not None or self._changes:
            yield from self._opened().items()
            return
        for layer, names in self._packed:
            for name in names.split("\0")[:-1]:
                yield name, layer

    def pack(self) -> None:
        """Settle what has changed."""
        if self._open is None and not self._changes:
            return
        if self._open is None and not self._packed and self._is_one_layer_without_doubles():
            self._packed = [
                _Change(self._changes[0].layer, "".join(c.names for c in self._changes))
            ]
            self._changes = []
            return
        by_layer: dict[int, list[str]] = {}
        for name, layer in self._opened().items():
            by_layer.setdefault(layer, []).append(name)
        self._packed = [_Change(n, "\0".join(names) + "\0") for n, names in by_layer.items()]
        self._open = None

    def _is_one_layer_without_doubles(self) -> bool:
        layer = self._changes[0].layer
        if layer == _GONE or any(change.layer != layer for change in self._changes):
            return False
        hashes: set[int] = set()  # smaller than the names; two of one hash only take the long way
        count = 0
        for change in self._changes:
            names = change.names.split("\0")[:-1]
            hashes.update(map(hash, names))
            count += len(names)
        return len(hashes) == count

    def _opened(self) -> dict[str, int]:
        if self._open is None:
            self._open = {}
            for layer, names in (*self._packed, *self._changes):
                if layer == _GONE:
                    self._open.pop(names, None)
                else:
                    self._open.update(dict.fromkeys(names.split("\0")[:-1], layer))
            self._packed, self._changes = [], []
        return self._open

    def __len__(self) -> int:
        if self._open is None and not self._changes:
            return sum(names.count("\0") for _, names in self._packed)
        return len(self._opened())
