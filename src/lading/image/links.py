"""Hard links whose name somebody wants, to files that nobody wanted by their own name.

A tar holds the content once, under the first name. When only a later name is wanted, the layer is
walked a second time for these files, which are then handed over under the wanted name.
"""

from collections.abc import Sequence, Set

from lading.image.entry import Entry, LayerFiles, Visitor, Wish
from lading.image.tar import Kind

_SNIFF = 24


def unread_targets(entries: Sequence[str | Entry], wanted: Set[int]) -> dict[int, str]:
    """Return the index of each unread file → the wanted name that leads to it.

    `wanted` are the indexes of the hard links whose names somebody wants. A link means the last
    entry of that name before it, be it a file or another link.
    """
    if not wanted:
        return {}
    targets = {one.link for one in entries if not isinstance(one, str) and _is_link(one)}
    stands: dict[str, int] = {}  # name → index of the file whose content it has here
    found: dict[int, str] = {}
    for index, entry in enumerate(entries):
        path = entry if isinstance(entry, str) else entry.path
        origin: int | None = index
        if not isinstance(entry, str) and entry.kind is not Kind.FILE:
            origin = stands.get(entry.link) if _is_link(entry) else None
        if index in wanted and origin is not None and not _is_read(entries[origin]):
            found.setdefault(origin, path)
        if path in targets:
            if origin is None:
                stands.pop(path, None)
            else:
                stands[path] = origin
    return found


def _is_link(entry: Entry) -> bool:
    return entry.kind is Kind.HARDLINK


def _is_read(entry: str | Entry) -> bool:
    return not isinstance(entry, str) and entry.read


class Chosen:
    """A visitor of the second walk: wants the targets only, and passes them on.

    `second` is what that walk fills; its entries have the same indexes as those of the first.
    """

    def __init__(
        self, targets: dict[int, str], first: LayerFiles, second: LayerFiles, visitor: Visitor
    ) -> None:
        self._targets = targets
        self._first = first
        self._second = second
        self._visitor = visitor

    def wish(self, path: str, head: bytes) -> Wish:  # noqa: ARG002 - its index says which it is
        """See `Visitor`."""
        name = self._targets.get(len(self._second.entries))
        return Wish(None, False) if name is None else self._visitor.wish(name, head)

    def may_want(self, path: str) -> bool:  # noqa: ARG002 - links were looked at before
        """See `Visitor`."""
        return False

    def visit(self, index: int, path: str, mode: int, data: memoryview | bytearray | bytes) -> None:
        """See `Visitor`."""
        name = self._targets[index]
        content = self._visitor.wish(name, bytes(data[:_SNIFF])).content
        self._first.entries[index] = Entry(path, Kind.FILE, mode, len(data), name, content, True)
        self._visitor.visit(index, name, mode, data)
