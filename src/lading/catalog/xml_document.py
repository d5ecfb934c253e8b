"""XML found in an image into its elements, in the order in which they end.

Format: https://www.w3.org/TR/xml/. Namespaces are dropped; a document type is refused, since
entities can make much of little and none of what is read needs them.
"""

from typing import NamedTuple
from xml.parsers import expat

from lading.errors import CatalogError

_DEEPEST = 64
_MOST = 500_000  # elements


class Element(NamedTuple):
    """One element: its name behind those it lies in, what it states, its own text."""

    place: tuple[str, ...]
    attributes: dict[str, str]
    text: str


def read_elements(path: str, data: bytes | bytearray | memoryview) -> list[Element]:
    """Return the elements; CatalogError for what is no XML, nested absurdly deep or too long."""
    reader = _Reader(path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(bytes(data), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise CatalogError(f"{path}: no XML: {error}") from error
    return reader.found


class _Reader:
    def __init__(self, path: str) -> None:
        self.found: list[Element] = []
        self._path = path
        self._open: list[tuple[str, dict[str, str], list[str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == _DEEPEST or len(self.found) == _MOST:
            raise CatalogError(f"{self._path}: its XML is nested too deep, or too long")
        self._open.append((name.rpartition(" ")[2], attributes, []))

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def end(self, _: str) -> None:
        place = tuple(name for name, _, _ in self._open)
        _, attributes, texts = self._open.pop()
        self.found.append(Element(place, attributes, "".join(texts).strip()))

    def refuse(self, *_: object) -> None:
        raise CatalogError(f"{self._path}: its XML has a document type, which none needs")
