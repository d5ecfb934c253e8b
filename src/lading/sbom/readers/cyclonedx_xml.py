"""CycloneDX 1.2 to 1.6 in XML, turned into the shape of its JSON.

Specification: https://cyclonedx.org/docs/1.6/xml/. The parser is expat, which loads nothing from
elsewhere; a document type is refused, so there are no entities that make much of little.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lading.errors import UnreadableError
from lading.sbom.document import Draft
from lading.sbom.readers.cyclonedx import read_cyclonedx

_DEEPEST = 512  # elements inside one another
_MOST = 20_000_000  # elements
_NAMESPACE = re.compile(r"http://cyclonedx\.org/schema/bom/(\d\.\d)")
_LISTS = frozenset(
    ("components", "hashes", "licenses", "properties", "occurrences", "dependencies")
)

_TEXTS = {"hash": "content", "property": "value", "expression": "expression"}


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    children: list[tuple[str, Any]] = field(default_factory=list)

    def value(self) -> Any:
        """Return what the JSON has in this place."""
        text = "".join(self.text).strip()
        if self.name in _LISTS:
            return [value for _, value in self.children]
        if self.name == "dependency":
            inner = [value for name, value in self.children if name == "dependency"]
            targets = [one["ref"] for one in inner if "ref" in one]
            return {**self.attributes, "dependsOn": targets}
        if self.name == "license":
            return {"license": dict(self.children)}
        if self.name in _TEXTS:
            return {**self.attributes, _TEXTS[self.name]: text}
        return {**self.attributes, **dict(self.children)} if self.children else text


def read_cyclonedx_xml(data: bytes, what: str) -> Draft:
    """Return what the document lists; UnreadableError when it is no XML, or no CycloneDX."""
    root, namespace = _root(data, what)
    found = _NAMESPACE.fullmatch(namespace)
    if root.name != "bom" or found is None:
        raise UnreadableError(f"{what}: its XML is no CycloneDX, but {root.name[:60]}")
    document = {"specVersion": found[1], **dict(root.children)}
    return read_cyclonedx(document, what, "XML")


def _root(data: bytes, what: str) -> tuple[_Element, str]:
    open_elements: list[_Element] = []
    finished: list[_Element] = []
    namespaces: list[str] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(open_elements) >= _DEEPEST or count > _MOST:
            raise UnreadableError(f"{what}: its XML is nested too deep, or too long")
        namespace, _, local = name.rpartition(" ")
        if not open_elements:
            namespaces.append(namespace)
        open_elements.append(_Element(local, attributes))

    def end(_: str) -> None:
        element = open_elements.pop()
        finished[:] = [element]
        if open_elements:
            open_elements[-1].children.append((element.name, element.value()))

    def text(data: str) -> None:
        if open_elements:
            open_elements[-1].text.append(data)

    def refuse(*_: object) -> None:
        raise UnreadableError(f"{what}: its XML has a document type, which no SBOM needs")

    _parse(data, what, start, end, text, refuse)
    return finished[0], namespaces[0]


def _parse(
    data: bytes,
    what: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    refuse: Callable[..., None],
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableError(f"{what} is no XML: {error}") from error
