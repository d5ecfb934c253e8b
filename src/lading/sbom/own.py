"""What only Lading knows of a package or an image, as `lading:` names and values, and back.

CycloneDX keeps them as properties (https://cyclonedx.org/docs/1.6/json/#components_items_properties)
and SPDX as annotations. Lists are written as one pair for each member.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from lading.model.image import Image
from lading.model.package import Package
from lading.model.problem import Problem
from lading.model.result import Coverage, Result
from lading.sbom.document import Pairs

PREFIX = "lading:"
_SINGLE = (
    "id", "type", "name", "version", "purl", "arch", "layer", "evidence", "certainty", "owner",
    "vendor", "module", "proof",
)  # fmt: skip
_LISTS = {"paths": "path", "licenses": "license", "hashes": "hash", "depends_on": "dependsOn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a result says of the image as a whole."""

    image: Image | None = None
    coverage: Coverage | None = None
    problems: tuple[Problem, ...] = ()


def facts_of(package: Package) -> Pairs:
    """Return all that the result says of the package."""
    pairs: list[tuple[str, str]] = []
    for name in _SINGLE:
        value = getattr(package, name)
        if value is not None:
            pairs.append((PREFIX + name, str(value)))
    if package.source is not None:
        pairs.append((PREFIX + "source:name", package.source.name))
        if package.source.version is not None:
            pairs.append((PREFIX + "source:version", package.source.version))
    for field, name in _LISTS.items():
        pairs += ((PREFIX + name, value) for value in getattr(package, field))
    return tuple(pairs)


def package_from(pairs: Pairs) -> Package | None:
    """Return the package that `facts_of` was given, None when the pairs are not of its making.

    Raise ValueError when they are, and damaged.
    """
    said = _by_name(pairs)
    if "id" not in said:
        return None
    fields: dict[str, Any] = {name: said[name][0] for name in _SINGLE if name in said}
    fields.setdefault("version", None)
    for field, name in _LISTS.items():
        fields[field] = said.get(name, [])
    if "source:name" in said:
        version = said.get("source:version", [None])[0]
        fields["source"] = {"name": said["source:name"][0], "version": version}
    if (layer := fields.get("layer")) is not None:
        fields["layer"] = int(layer)
    return msgspec.convert(fields, Package)


def facts_of_result(result: Result) -> Pairs:
    """Return what the result says of the whole image, without what advisories add."""
    stale = result.advisories.remarks if result.advisories is not None else ()
    notes = tuple(note for note in result.coverage.notes if note not in stale)
    values = {
        "image": result.image,
        "coverage": replace(result.coverage, unmatched=(), notes=notes),
        "problems": result.problems,
    }
    return tuple(
        (PREFIX + name, msgspec.json.encode(value, order="sorted").decode())
        for name, value in values.items()
    )


def whole_from(pairs: Pairs) -> Whole:
    """Return what `facts_of_result` was given; ValueError when it is damaged."""
    said = _by_name(pairs)
    found = {
        name: said[name][0].encode() for name in ("image", "coverage", "problems") if name in said
    }
    return Whole(
        image=msgspec.json.decode(found["image"], type=Image) if "image" in found else None,
        coverage=msgspec.json.decode(found["coverage"], type=Coverage)
        if "coverage" in found
        else None,
        problems=msgspec.json.decode(found.get("problems", b"[]"), type=tuple[Problem, ...]),
    )


def _by_name(pairs: Pairs) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if name.startswith(PREFIX):
            found[name.removeprefix(PREFIX)].append(value)
    return found
