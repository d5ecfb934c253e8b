"""OVAL definitions to the packages and versions that they call vulnerable.

Format: https://oval.mitre.org/language/version5.11/. A definition is a tree of criteria over tests;
a test compares an object (a package by name) with states (a version, an architecture, a key). The
tree is read as statements: below each AND, what it says of release, module and architecture
narrows the packages beside and below it.
Who signed a package and other tests that no inventory answers are passed over: they narrow a
statement, so it is made of more packages rather than of fewer. What is negated, or joined by XOR or
ONE, cannot be read as statements.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lading.advisories.format import Parsed, utc
from lading.advisories.markup import Node, items
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Event, EventKind, Range

_MODULE = re.compile(r"Module (\S+:\S+) is enabled")
_RELEASE = re.compile(r"\^?(\d{1,2})(?:\D.*)?")
_LONGEST = 1024  # characters of a name or a version
_MOST_STATEMENTS = 200_000  # of one definition
_BOUNDS = {
    "less than": EventKind.FIXED,
    "less than or equal": EventKind.LAST_AFFECTED,
    "greater than": EventKind.INTRODUCED,  # the version itself too: OSV has no open beginning
    "greater than or equal": EventKind.INTRODUCED,
}


class Bound(NamedTuple):
    """One comparison with a version."""

    operation: str
    version: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Packages of this name are vulnerable within all of the bounds."""

    name: str
    bounds: tuple[Bound, ...]
    release: str | None = None
    module: str | None = None  # "name:stream"
    arch: str | None = None  # of the system, not of the package


@dataclass(frozen=True, slots=True)
class Definition:
    """One vulnerability or erratum."""

    id: str
    metadata: Node  # without the description
    criteria: "_Criteria | None"


@dataclass(frozen=True, slots=True)
class Document:
    """The definitions, and what their tests mean."""

    as_of: str | None
    definitions: tuple[Definition, ...]
    tests: dict[str, "_Test"]

    def statements(self, definition: Definition) -> tuple[Statement, ...]:
        """Return what a definition says of packages; InvalidRecord where that cannot be told."""
        if definition.criteria is None:
            raise InvalidRecord("no criteria")
        found: dict[Statement, None] = {}
        for one in _walk(definition.criteria, _Facts(), self.tests):
            found[one] = None
            if len(found) > _MOST_STATEMENTS:
                raise InvalidRecord(f"more than {_MOST_STATEMENTS} statements")
        if not found:
            raise InvalidRecord("it compares no package with a version")
        return tuple(found)


def read(data: bytes) -> Document:
    """Return the document; InvalidRecord where it is none."""
    document = _Reader()
    for section, node in items(data, 2):
        document.add(section, node)
    return document.finish()


def parsed(
    document: Document,
    build: Callable[[Definition], Advisory],
    *,
    feed: str,
    as_of: str | None,
) -> Parsed:
    """Return what is built of each definition; one of which nothing can be built is rejected."""
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    for definition in document.definitions:
        try:
            found.append(build(definition))
        except InvalidRecord as error:
            rejected.append((definition.id[:80] or "a definition", str(error)))
    return Parsed(
        feed=feed,
        advisories=tuple(found),
        as_of=document.as_of or as_of,
        rejected=tuple(rejected),
    )


def range_of(bounds: Iterable[Bound]) -> Range:
    """Return the bounds as a range, from the beginning unless they have one.

    InvalidRecord for a comparison that is none of versions in order.
    """
    events: dict[EventKind, Event] = {}
    for operation, version in bounds:
        kind = _BOUNDS.get(operation)
        if kind is None:
            raise InvalidRecord(f"a version is compared by {operation[:80]!r}")
        events[kind] = Event(kind=kind, version=version)
    start = Event(kind=EventKind.INTRODUCED, version="0")
    ordered = [events.pop(EventKind.INTRODUCED, start), *events.values()]
    return Range(type="ECOSYSTEM", events=tuple(ordered))


@dataclass(frozen=True, slots=True)
class _Test:
    name: str = ""  # of the package
    bounds: tuple[Bound, ...] = ()
    release: str | None = None
    module: str | None = None
    arch: str | None = None


@dataclass(frozen=True, slots=True)
class _State:
    bounds: tuple[Bound, ...] = ()
    release: str | None = None
    arch: str | None = None


class _Criteria(NamedTuple):
    """A node of the tree: a document has so many that each has to be small."""

    operator: str  # AND, OR; anything else cannot be read
    tests: tuple[str, ...]
    below: tuple["_Criteria", ...]


class _Reader:
    """Collects the parts, which refer to one another across the document."""

    def __init__(self) -> None:
        self._generator: dict[str, str] = {}
        self._definitions: list[Definition] = []
        self._ids: dict[str, str] = {}  # each id once, however often it is referred to
        self._tests: dict[str, tuple[str | None, str, str]] = {}  # id → (module, object, state)
        self._objects: dict[str, str] = {}
        self._states: dict[str, _State] = {}

    def add(self, section: str, node: Node) -> None:
        id = node.attributes.get("id", "")
        match section:
            case "generator":
                self._generator[node.tag] = node.text.strip()
            case "definitions" if node.tag == "definition":
                self._definitions.append(self._definition(id, node))
            case "tests":
                places = (
                    node.attribute_of("object", "object_ref"),
                    node.attribute_of("state", "state_ref"),
                )
                comment = node.attributes.get("comment", "")
                module = _MODULE.fullmatch(comment.strip())
                self._tests[self._same(id)] = (module[1] if module else None, *places)
            case "objects":
                self._objects[id] = node.text_of("name")
            case "states":
                self._states[id] = _state(node)
            case _:
                pass

    def finish(self) -> Document:
        if not self._definitions and not self._generator:
            raise InvalidRecord("no OVAL definitions")
        return Document(
            as_of=utc(self._generator.get("timestamp")),
            definitions=tuple(self._definitions),
            tests={id: self._test(*parts) for id, parts in self._tests.items()},
        )

    def _definition(self, id: str, node: Node) -> Definition:
        metadata = node.first("metadata") or Node("metadata", {})
        metadata.children = [one for one in metadata.children if one.tag != "description"]
        criteria = node.first("criteria")
        return Definition(id, metadata, self._criteria(criteria) if criteria is not None else None)

    def _criteria(self, node: Node) -> _Criteria:
        criterions = list(node.all("criterion"))
        negated = any(one.attributes.get("negate") in ("true", "1") for one in (node, *criterions))
        return _Criteria(
            "NOT" if negated else self._same(node.attributes.get("operator", "AND")),
            tuple(self._same(one.attributes.get("test_ref", "")) for one in criterions),
            tuple(self._criteria(one) for one in node.all("criteria")),
        )

    def _same(self, id: str) -> str:
        return self._ids.setdefault(id, id)

    def _test(self, module: str | None, object: str, state: str) -> _Test:
        found = self._states.get(state, _NOTHING)
        name = self._objects.get(object, "")
        return _Test(name, found.bounds, found.release, module, found.arch)


_NOTHING = _State()


def _state(node: Node) -> _State:
    bounds, release, arch = [], None, None
    for child in node.children:
        text = child.text.strip()
        operation = child.attributes.get("operation", "equals")
        if child.tag == "evr":
            bounds.append(Bound(operation, text))
        elif child.tag == "version" and (found := _RELEASE.fullmatch(text)):
            release = found[1]
        elif child.tag == "arch":
            arch = text
    return _State(tuple(bounds), release, arch)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the criteria above say."""

    release: str | None = None
    module: str | None = None
    arch: str | None = None
    bounds: dict[str, tuple[Bound, ...]] = field(default_factory=dict)  # package → its bounds

    def narrowed(self, tests: Iterable[_Test]) -> "_Facts":
        release, module, arch, bounds = self.release, self.module, self.arch, dict(self.bounds)
        for one in tests:
            release, module = one.release or release, one.module or module
            arch = one.arch or arch
            if one.bounds:
                bounds[one.name] = (*bounds.get(one.name, ()), *one.bounds)
        return _Facts(release, module, arch, bounds)

    def statements(self) -> Iterator[Statement]:
        for name, bounds in self.bounds.items():
            yield Statement(name, bounds, self.release, self.module, self.arch)


def _walk(criteria: _Criteria, above: _Facts, tests: dict[str, _Test]) -> Iterator[Statement]:
    if criteria.operator not in ("AND", "OR"):
        raise InvalidRecord("criteria that are negated, or joined by neither AND nor OR")
    here = [_found(id, tests) for id in criteria.tests]
    if criteria.operator == "OR":
        for test in here:
            yield from above.narrowed((test,)).statements()
        for one in criteria.below:
            yield from _walk(one, above, tests)
        return
    facts = above.narrowed(here)
    if not criteria.below:
        yield from facts.statements()
    for one in criteria.below:
        yield from _walk(one, facts, tests)


def _found(id: str, tests: dict[str, _Test]) -> _Test:
    test = tests.get(id)
    if test is None:
        raise InvalidRecord(f"there is no test {id[:80]!r}")
    texts = (test.name, *(bound.version for bound in test.bounds))
    if test.bounds and not all(0 < len(text) <= _LONGEST for text in texts):
        raise InvalidRecord(f"test {id[:80]!r} compares no package with a version")
    return test
