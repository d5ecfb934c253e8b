"""The form of the JSON, made from the values that are written: JSON Schema 2020-12.

Specification: https://json-schema.org/draft/2020-12. Every member is required, since all are always
written; others are allowed, since later versions may add some. Enumerations say what is written
now.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from lading.errors import UsageError
from lading.model.difference import Difference
from lading.report.difference import SCHEMA as DIFFERENCE
from lading.report.json import INTERNAL, SCHEMA, SCHEMA_OF_SEVERAL, Document
from lading.report.members import MEMBERS
from lading.sbom.text import json_text

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def render(name: str = SCHEMA) -> str:
    """Return the schema named, a key of SCHEMAS, as JSON; UsageError for any other name."""
    if name not in SCHEMAS:
        raise UsageError(f"there is no schema {name!r}; choose from {', '.join(SCHEMAS)}")
    return json_text(SCHEMAS[name]())


def _scan() -> dict[str, Any]:
    return _whole(SCHEMA, Document, "The result of one scan, or one inventory.")


def _difference() -> dict[str, Any]:
    return _whole(DIFFERENCE, Difference, "Two results compared.")


def _scans() -> dict[str, Any]:
    one = _scan()
    return {
        "$schema": _DIALECT,
        "$id": f"urn:{SCHEMA_OF_SEVERAL.replace('/', ':')}",
        "title": SCHEMA_OF_SEVERAL,
        "description": "The results of several images of one index.",
        "type": "object",
        "required": ["results", "schema"],
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/$defs/Document"}},
            "schema": {"const": SCHEMA_OF_SEVERAL},
        },
        "$defs": one["$defs"],
    }


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = MappingProxyType(
    {SCHEMA: _scan, SCHEMA_OF_SEVERAL: _scans, DIFFERENCE: _difference}
)
"""The first is the default."""


def _whole(name: str, type: object, description: str) -> dict[str, Any]:
    (root,), found = msgspec.json.schema_components([type], ref_template="#/$defs/{name}")
    defs = {_public(one): _described(_public(one), form) for one, form in found.items()}
    whole: dict[str, Any] = _with_public_references(
        {
            "$schema": _DIALECT,
            "$id": f"urn:{name.replace('/', ':')}",
            "title": name,
            "description": description,
            **root,
            "$defs": defs,
        }
    )
    top = whole["$defs"][root["$ref"].rpartition("/")[2].lstrip("_")]
    top["description"] = description
    top["properties"]["schema"] = {"const": name, "description": MEMBERS["Document.schema"]}
    top["required"] = sorted(top["properties"])
    return whole


def _described(name: str, form: dict[str, Any]) -> dict[str, Any]:
    """Return the form of one type, with what its members mean, all of them required."""
    form = form | {"title": name}
    if text := form.get("description"):
        form["description"] = " ".join(text.split("\n\n")[0].split())
    if "properties" not in form:
        return form
    hidden = INTERNAL if name == "Package" else ()
    form["properties"] = {
        member: dict(_member(f"{name}.{member}", said))
        for member, said in form["properties"].items()
        if member not in hidden
    }
    return form | {"required": sorted(form["properties"])}


def _member(name: str, said: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the schema says of a member, but for its default: it is always written."""
    yield from ((key, value) for key, value in said.items() if key != "default")
    if name in MEMBERS:
        yield "description", MEMBERS[name]


def _public(name: str) -> str:
    return name.lstrip("_")


def _with_public_references(tree: Any) -> Any:
    match tree:
        case dict():
            return {
                name: value.replace("/_", "/")
                if name == "$ref" and isinstance(value, str)
                else _with_public_references(value)
                for name, value in tree.items()
            }
        case list():
            return [_with_public_references(value) for value in tree]
        case _:
            return tree
