"""Hard links whose name somebody wants, to files that nobody wanted by their own name.

A tar holds the content once, under the first name. When only a later name is wanted, the layer is
walked a second time for these files, which are then handed over under the wanted name.
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from lading.image.entry import Entry, LayerFiles, Names, Visitor, Wish
from lading.image.tar import Kind

_SNIFF = 24


class Occurrence(NamedTuple):
    """A file in a layer: the `number`th, from 0, that is written under this path."""

    path: str
    number: int


def unread_targets(entries: Sequence[Names | Entry], wanted: Set[str]) -> dict[Occurrence, str]:
    """Return each unread file → the wanted name that leads to it.

    `wanted` are the names of hard links that somebody wants. A link means the last entry of that
    name before it, be it a file or another link.
    """
    if not wanted:
        return {}
    targets = {one.link for one in entries if isinstance(one, Entry) and _is_link(one)}
    stands: dict[str, tuple[Occurrence, bool]] = {}  # path → the file it leads to here; read or not
    counts: Counter[str] = Counter()
    found: dict[Occurrence, str] = {}
    for path, entry in _files(entries, targets):
        if entry is None or entry.kind is Kind.FILE:
            is_read = entry is not None and entry.visit is not None
            stands[path] = Occurrence(path, counts[path]), is_read
            counts[path] += 1
            continue
        origin = stands.get(entry.link) if _is_link(entry) else None
        if origin is not None and path in wanted and not origin[1]:
            found.setdefault(origin[0], path)
        if origin is None:
            stands.pop(path, None)
        elif path in targets:
            stands[path] = origin
    return found


def _files(
    entries: Sequence[Names | Entry], targets: Set[str]
) -> Iterator[tuple[str, Entry | None]]:
    """Yield files that a link means, with None for a plain one, and all other entries."""
    folders = {path.rpartition("/")[0] for path in targets}
    for entry in entries:
        if isinstance(entry, Names):
            if entry.folder in folders:
                yield from ((path, None) for path in entry.paths() if path in targets)
        elif entry.kind is not Kind.FILE or entry.path in targets:
            yield entry.path, entry


def _is_link(entry: Entry) -> bool:
    return entry.kind is Kind.HARDLINK


class Chosen:
    """A visitor of the second walk: wants the targets only, and passes them on.

    What it reads goes into the first walk's files when `finish` is called.
    """

    def __init__(self, targets: dict[Occurrence, str], files: LayerFiles, visitor: Visitor) -> None:
        self._targets = targets
        self._paths = {occurrence.path for occurrence in targets}
        self._counts: Counter[str] = Counter()
        self._files = files
        self._visitor = visitor
        self._read: dict[Occurrence, Entry] = {}

    def wish(self, path: str, head: bytes) -> Wish:
        """See `Visitor`."""
        if path not in self._paths:
            return Wish(None, False)
        name = self._targets.get(Occurrence(path, self._counts[path]))
        self._counts[path] += 1
        return Wish(None, False) if name is None else self._visitor.wish(name, head)

    def may_want(self, path: str) -> bool:  # noqa: ARG002 - links were looked at before
        """See `Visitor`."""
        return False

    def visit(
        self,
        number: int,  # noqa: ARG002 - visits are counted over both walks
        path: str,
        mode: int,
        data: memoryview | bytearray | bytes,
    ) -> None:
        """See `Visitor`."""
        occurrence = Occurrence(path, self._counts[path] - 1)
        name = self._targets[occurrence]
        content = self._visitor.wish(name, bytes(data[:_SNIFF])).content
        visit = self._files.visits
        self._files.visits += 1
        self._read[occurrence] = Entry(path, Kind.FILE, mode, len(data), name, content, visit)
        self._visitor.visit(visit, name, mode, data)

    def finish(self) -> None:
        """Put what was read in the place of what stood for it."""
        counts: Counter[str] = Counter()
        old = self._files.entries
        self._files.entries = []
        for entry in old:
            if isinstance(entry, Names):
                self._finish_row(entry, counts)
            elif entry.kind is Kind.FILE and entry.path in self._paths:
                self._files.add(self._read.get(_next(entry.path, counts), entry))
            else:
                self._files.add(entry)

    def _finish_row(self, row: Names, counts: Counter[str]) -> None:
        for path in row.paths():
            read = self._read.get(_next(path, counts)) if path in self._paths else None
            if read is None:
                self._files.add_plain(path)
            else:
                self._files.add(read)


def _next(path: str, counts: Counter[str]) -> Occurrence:
    counts[path] += 1
    return Occurrence(path, counts[path] - 1)
