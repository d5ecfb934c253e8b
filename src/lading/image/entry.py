"""What a layer holds, as values: entries, whiteouts, and the visitor who is handed files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from lading.image.tar import Kind
from lading.model.problem import Problem

_MOST_NAMES = 4096  # in one row, so that what takes it apart again stays small


class Entry(NamedTuple):
    """A name in a layer that is more than a plain file."""

    path: str  # absolute, as the layer writes it; undecodable bytes as surrogates
    kind: Kind
    mode: int = 0  # permission bits
    size: int = 0
    link: str = ""  # target of a link; of a file, the name it was read by when that is another
    content: str | None = None  # what the first bytes say: elf, pe, macho, script, zip
    visit: int | None = None  # number of the visit that read it, by which its facts are kept


class Names(NamedTuple):
    """Plain files of one folder in a row: nobody reads them, nothing executes them.

    An image may have millions, so all that is kept of them is their names in one text.
    """

    folder: str  # absolute, "" for the root
    names: str  # each with a NUL behind it

    def paths(self) -> Iterator[str]:
        """Yield the absolute paths."""
        for name in self.names.split("\0")[:-1]:
            yield f"{self.folder}/{name}"


@dataclass(slots=True)
class LayerFiles:
    """What one layer holds, in archive order."""

    whiteouts: list[str] = field(default_factory=list)  # absolute paths that lower layers lose
    opaques: list[str] = field(default_factory=list)  # directories whose lower content goes
    problems: list[Problem] = field(default_factory=list)
    is_cut: bool = False  # a limit ended the reading before the layer did
    other_file_systems: list[str] = field(default_factory=list)  # mount points, not entered
    visits: int = 0  # files that were handed to the visitor
    _entries: list[Names | Entry] = field(default_factory=list)
    _folder: str = field(default="", compare=False)
    _row: list[str] = field(default_factory=list, compare=False)

    def add(self, entry: Entry) -> None:
        """Put an entry behind the others."""
        if self._row:
            self._close_row()
        self._entries.append(entry)

    def add_plain(self, path: str) -> None:
        """Put a file that nobody reads or executes behind the others."""
        slash = path.rfind("/")
        folder = path[:slash]
        row = self._row
        if row and (folder != self._folder or len(row) == _MOST_NAMES):
            self._close_row()
            row = self._row
        self._folder = folder
        row.append(path[slash + 1 :])

    def add_unread(self, path: str, mode: int, size: int, content: str | None) -> None:
        """Put a file that nobody reads behind the others: by its name alone, if it is plain."""
        if mode & 0o111 or content:
            self.add(Entry(path, Kind.FILE, mode, size, "", content))
        else:
            self.add_plain(path)

    def _close_row(self) -> None:
        self._entries.append(Names(self._folder, "\0".join(self._row) + "\0"))
        self._row = []

    @property
    def entries(self) -> list[Names | Entry]:
        """All entries up to now."""
        if self._row:
            self._close_row()
        return self._entries

    @entries.setter
    def entries(self, entries: list[Names | Entry]) -> None:
        self._row = []
        self._entries = entries


class Glance(NamedTuple):
    """A second question, for large files that are seldom of interest."""

    size: int  # bytes at the file's start that the answer takes
    is_wanted: Callable[[bytes], bool]


class Wish(NamedTuple):
    """A visitor's answer to a file: what it seems to be, and whether it wants the bytes."""

    content: str | None
    wanted: bool
    max_size: int = 0  # bytes; a larger file is not read but is reported
    glance: Glance | None = None  # may be asked before the file is read


class Visitor(Protocol):
    """Whoever wants files. Called in archive order, from the thread that walks the layer."""

    def wish(self, path: str, head: bytes) -> Wish:
        """Say what is wanted of the file whose first bytes are `head`."""
        ...

    def may_want(self, path: str) -> bool:
        """Say whether the name alone would make it wanted, for hard links."""
        ...

    def visit(
        self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
    ) -> None:
        """Take the content of a file, valid during the call only; visits of a layer are counted."""
        ...
