"""What a layer holds, as values: entries, whiteouts, and the visitor who is handed files."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from lading.image.tar import Kind
from lading.model.problem import Problem


class Entry(NamedTuple):
    """A name in a layer that is more than a plain file.

    Plain files (nobody reads them, nothing executes them) are kept as their bare path: an image may
    have millions.
    """

    path: str  # absolute, as the layer writes it; undecodable bytes as surrogates
    kind: Kind
    mode: int = 0  # permission bits
    size: int = 0
    link: str = ""  # target of a link; of a file, the name it was read by when that is another
    content: str | None = None  # what the first bytes say: elf, pe, macho, script, zip
    read: bool = False  # a visitor was given it, so there may be facts under its index


@dataclass(slots=True)
class LayerFiles:
    """What one layer holds, in archive order."""

    entries: list[str | Entry] = field(default_factory=list)
    whiteouts: list[str] = field(default_factory=list)  # absolute paths that lower layers lose
    opaques: list[str] = field(default_factory=list)  # directories whose lower content goes
    problems: list[Problem] = field(default_factory=list)
    is_cut: bool = False  # a limit ended the reading before the layer did
    other_file_systems: list[str] = field(default_factory=list)  # mount points, not entered


class Wish(NamedTuple):
    """A visitor's answer to a file: what it seems to be, and whether it wants the bytes."""

    content: str | None
    wanted: bool
    max_size: int = 0  # bytes; a larger file is not read but is reported


class Visitor(Protocol):
    """Whoever wants files. Called in archive order, from the thread that walks the layer."""

    def wish(self, path: str, head: bytes) -> Wish:
        """Say what is wanted of the file whose first bytes are `head`."""
        ...

    def may_want(self, path: str) -> bool:
        """Say whether the name alone would make it wanted, for hard links."""
        ...

    def visit(self, index: int, path: str, mode: int, data: memoryview | bytearray | bytes) -> None:
        """Take the content of entry `index`; it is valid during the call only."""
        ...
