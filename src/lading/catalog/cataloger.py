"""What a cataloger is: patterns, and a pure generator over one file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lading.image.entry import Glance
from lading.model.package import Fact


class Content(StrEnum):
    """What the first bytes of a file say it is."""

    ELF = "elf"
    PE = "pe"
    MACHO = "macho"
    SCRIPT = "script"  # starts with #!
    ZIP = "zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """One regular file, whole, as the walker hands it over."""

    path: str  # absolute
    data: bytes | bytearray | memoryview
    mode: int  # permission bits
    worked_out: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What one reader has worked out of the bytes and others need too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cataloger:
    """A reader of one kind of file.

    `wants` are globs over absolute paths: `*` within one name, `**` over any number of
    directories, a leading `**/` for anywhere. `content` asks for every file that starts so,
    whatever its name. `read` yields facts whose paths begin with the file's path; it raises
    `CatalogError` for a file it cannot understand, and may have yielded facts before. It never
    looks beyond the bytes it is given.
    `revision` goes up when the same bytes give other facts.
    """

    name: str
    revision: int
    wants: tuple[str, ...] = ()
    content: tuple[Content, ...] = ()
    max_size: int = 64 << 20  # bytes; a larger file becomes a Problem, unread
    glance: Glance | None = None  # says of a file's start that the rest need not be read
    read: Callable[[ImageFile], Iterator[Fact]]
