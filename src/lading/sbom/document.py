"""The nouns of the room: what a reader takes from an SBOM, and what it comes to.

A reader makes a `Draft`: components as written, with only their shape checked. `assemble` makes the
`Document` of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lading.model.image import Image
from lading.model.package import Package, Release
from lading.model.problem import Problem
from lading.model.result import Coverage, Deleted

Pairs = tuple[tuple[str, str], ...]
"""Names and values that a tool added of its own; a name may stand several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One entry of an SBOM, as written."""

    ref: str  # what the document calls it; "" where it has no name for it
    name: str
    version: str | None = None
    group: str | None = None
    purl: str | None = None
    kind: str | None = None  # CycloneDX: library, file, operating-system, …; SPDX: the purpose
    licenses: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()  # "sha256:<hex>"
    paths: tuple[str, ...] = ()
    supplier: str | None = None
    description: str | None = None
    properties: Pairs = ()
    parent: str | None = None  # the ref of the component that it is inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader took from a document."""

    format: str  # "CycloneDX 1.6 JSON"
    subject: Component | None = None  # what the document is about
    components: tuple[Component, ...] = ()
    edges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ref → what it depends on
    holders: Mapping[str, str] = field(default_factory=dict)  # ref → what its files belong to
    release: Release | None = None  # where the document states it beside its components
    properties: Pairs = ()
    damage: tuple[str, ...] = ()  # entries that could not be taken, each with its reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An SBOM, understood."""

    format: str
    packages: tuple[Package, ...]  # by id
    release: Release | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # what of it is no package
    subject: str | None = None  # id of the package that the document is about
    image: Image | None = None  # where Lading wrote the document
    coverage: Coverage | None = None  # the same
    deleted: Deleted | None = None  # the same
