"""The walk's visitor: hands each wanted file to its catalogers and keeps what they found."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.selection import Selection, compile_glob, content_of
from lading.image.entry import Wish
from lading.model.package import Fact

Read = Callable[[Cataloger, ImageFile], tuple[Fact, ...]]
"""Runs a cataloger; never raises: the caller of the pipeline decides what a failure becomes."""


_UNWANTED = {content: Wish(content, False) for content in (None, *Content)}


class Found(NamedTuple):
    """A fact and the cataloger that read it."""

    cataloger: Cataloger
    fact: Fact


class Reading:
    """What the catalogers found in one layer, by the number of the visit."""

    def __init__(self, selection: Selection, read: Read, exclude: Iterable[str] = ()) -> None:
        self._selection = selection
        self._read = read
        self._excluded = tuple(
            compile_glob(glob) for name in exclude if name for glob in _below(name)
        )
        self.found: dict[int, list[Found]] = {}

    def wish(self, path: str, head: bytes) -> Wish:
        """See `lading.image.entry.Visitor`."""
        content = content_of(head)
        wanted = self._wanted(path, content)
        if not wanted:
            return _UNWANTED[content]
        glance = wanted[0].glance if len(wanted) == 1 else None
        return Wish(content, True, max(cataloger.max_size for cataloger in wanted), glance)

    def may_want(self, path: str) -> bool:
        """See `lading.image.entry.Visitor`."""
        return bool(self._wanted(path, None))

    def visit(
        self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
    ) -> None:
        """See `lading.image.entry.Visitor`."""
        file = ImageFile(path=path, data=data, mode=mode)
        found = [
            Found(cataloger, fact)
            for cataloger in self._wanted(path, content_of(bytes(data[:24])))
            for fact in self._read(cataloger, file)
        ]
        if found:
            self.found[number] = found

    def _wanted(self, path: str, content: str | None) -> tuple[Cataloger, ...]:
        wanted = self._selection.by_path(path)
        if more := self._selection.by_content(content):
            wanted = (*wanted, *(one for one in more if one not in wanted))
        if wanted and any(excluded(path) for excluded in self._excluded):
            return ()
        return wanted


def _below(glob: str) -> tuple[str, str]:
    """Return the glob, and that of all that lies in a folder of this name."""
    name = glob.rstrip("/")
    return name, f"{name}/**"
