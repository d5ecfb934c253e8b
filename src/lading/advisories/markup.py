"""XML documents to their elements, one after the other, within bounds.

Standard: https://www.w3.org/TR/xml/. Feeds are hundreds of megabytes and come from strangers: only
the element at hand is in memory, and a document type, which is where entities and everything
external are declared, is refused. Names lose their namespace: no feed uses one name in two.
"""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from lading.errors import InvalidRecord

_CHUNK = 1 << 18  # bytes that are parsed at once
_DEEPEST = 64  # elements inside one another
_MOST = 500_000  # elements inside one that is yielded
_LONGEST = 8 << 20  # characters of text inside one that is yielded


class Node:
    """One element with all that is in it."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def all(self, tag: str) -> Iterator["Node"]:
        """Yield the children of that name."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "Node | None":
        """Return the first child of that name."""
        return next(self.all(tag), None)

    def text_of(self, *path: str) -> str:
        """Return the text at the end of a path of names, trimmed; "" where there is none."""
        node: Node | None = self
        for tag in path:
            node = node.first(tag) if node is not None else None
        return node.text.strip() if node is not None else ""

    def attribute_of(self, tag: str, name: str) -> str:
        """Return an attribute of the first child of that name; "" where there is none."""
        node = self.first(tag)
        return node.attributes.get(name, "").strip() if node is not None else ""


class Item(NamedTuple):
    """One element at the depth asked for, and the name of the one that it is in."""

    section: str
    node: Node


def items(data: bytes, depth: int) -> Iterator[Item]:
    """Yield every element at that depth (the root is at 0) as soon as it ends.

    InvalidRecord, also after some elements, for what is no XML, has a document type, or is nested
    deeper or larger than any feed.
    """
    reader = _Reader(depth)
    for start in range(0, len(data), _CHUNK):
        reader.feed(data[start : start + _CHUNK])
        yield from reader.take()
    reader.feed(b"", final=True)
    yield from reader.take()


class _Reader:
    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._path: list[str] = []
        self._open: list[Node] = []  # the element at the depth, and those open inside it
        self._size = 0
        self._length = 0
        self._ready: list[Item] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = _CHUNK
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _refuse

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(chunk, final)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise InvalidRecord(f"no readable XML: {error}") from error

    def take(self) -> list[Item]:
        taken, self._ready = self._ready, []
        return taken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise InvalidRecord(f"XML nested deeper than {_DEEPEST} elements")
        name = name.rpartition(":")[2]
        self._path.append(name)
        if self._open:
            self._size += 1
            if self._size > _MOST:
                raise InvalidRecord(f"an XML element with more than {_MOST} others in it")
            node = Node(name, attributes)
            self._open[-1].children.append(node)
            self._open.append(node)
        elif len(self._path) == self._depth + 1:
            self._size = self._length = 0
            self._open.append(Node(name, attributes))

    def _end(self, _: str) -> None:
        self._path.pop()
        if self._open:
            node = self._open.pop()
            if not self._open:
                self._ready.append(Item(self._path[-1] if self._path else "", node))

    def _characters(self, text: str) -> None:
        if self._open:
            self._length += len(text)
            if self._length > _LONGEST:
                raise InvalidRecord(f"an XML element with more than {_LONGEST} characters")
            self._open[-1].text += text


def _refuse(*_: object) -> None:
    raise InvalidRecord("XML with a document type, which may declare entities: not read")


def root_of(head: bytes) -> str:
    """Return the name of a document's first element, by its first bytes; "" where it is no XML."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: found.append(name)
    parser.StartDoctypeDeclHandler = _refuse
    with contextlib.suppress(expat.ExpatError, LookupError, ValueError, InvalidRecord):
        parser.Parse(head, False)  # whatever is wrong with it: what came before counts
    return found[0].rpartition(":")[2] if found else ""
