"""What only Lading knows of a package or an image, as `lading:` names and values, and back.

CycloneDX keeps them as properties (https://cyclonedx.org/docs/1.6/json/#components_items_properties)
and SPDX as annotations. A list is one pair for each member; what is neither text nor number is
JSON.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

import msgspec

from lading.model.image import Image
from lading.model.package import Certainty, Evidence, Package
from lading.model.problem import Problem
from lading.model.result import Coverage, Deleted, Result
from lading.sbom.document import Pairs

PREFIX = "lading:"
_ELSEWHERE = frozenset(("requires", "provides", "namespace", "depends_on"))
"""Members that only the inventory needs, and what documents have a place of their own for."""

_HINTS = {name: hint for name, hint in get_type_hints(Package).items() if name not in _ELSEWHERE}
_TEXTS = (str, str | None, Evidence, Certainty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a result says of the image as a whole."""

    image: Image | None = None
    coverage: Coverage | None = None
    problems: tuple[Problem, ...] = ()
    deleted: Deleted | None = None


_WHOLE = tuple(get_type_hints(Whole))


def facts_of(package: Package) -> Pairs:
    """Return all that the result says of the package, but for what it depends on."""
    said = msgspec.to_builtins(package)
    pairs: list[tuple[str, str]] = []
    for name in _HINTS:
        value = said[name]
        values = value if isinstance(value, list | tuple) else [] if value is None else [value]
        pairs += ((PREFIX + name, _written(one)) for one in values)
    return tuple(pairs)


def _written(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()


def package_from(pairs: Pairs) -> Package | None:
    """Return the package that `facts_of` was given, None when the pairs are not of its making.

    Raise ValueError when they are, and damaged.
    """
    said = _by_name(pairs)
    if "id" not in said:
        return None
    fields: dict[str, Any] = {"version": None, "paths": ()}
    for name, hint in _HINTS.items():
        if name not in said:
            continue
        texts = said[name]
        if hint in _TEXTS:
            fields[name] = texts[0]
        elif hint == tuple[str, ...]:
            fields[name] = texts
        elif getattr(hint, "__origin__", None) is tuple:
            fields[name] = [_read(text) for text in texts]
        else:
            fields[name] = _read(texts[0])
    return msgspec.convert(fields, Package)


def facts_of_result(result: Result) -> Pairs:
    """Return what the result says of the whole image, without what advisories add."""
    stale = result.advisories.remarks if result.advisories is not None else ()
    notes = tuple(note for note in result.coverage.notes if note not in stale)
    values = {
        "image": result.image,
        "coverage": replace(result.coverage, unmatched=(), notes=notes),
        "problems": result.problems,
        "deleted": result.deleted,
    }
    return tuple(
        (PREFIX + name, msgspec.json.encode(value, order="sorted").decode())
        for name, value in values.items()
    )


def whole_from(pairs: Pairs) -> Whole:
    """Return what `facts_of_result` was given; ValueError when it is damaged."""
    said = _by_name(pairs)
    stated = (f'"{name}":{said[name][0]}' for name in _WHOLE if name in said)
    return msgspec.convert(_read("{" + ",".join(stated) + "}"), Whole)


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _by_name(pairs: Pairs) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if name.startswith(PREFIX):
            found[name.removeprefix(PREFIX)].append(value)
    return found
