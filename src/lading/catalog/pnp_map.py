"""Yarn's map of packages into which package finds which where.

Format: https://yarnpkg.com/advanced/pnp-spec (`packageRegistryData`): in `.pnp.data.json`, or
within the program `.pnp.cjs` as an object or as a text of JSON. The program is not run. A package
is in a folder, or in an archive as if that were one.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lading.catalog.document import read_object
from lading.catalog.owned import Allowance
from lading.catalog.wording import word
from lading.errors import CatalogError

_QUOTED = "RAW_RUNTIME_STATE =\n'"
_PLAIN = "hydrateRuntimeState({"
_ELSEWHERE = ".pnp.data.json"  # a program that reads the map from the file beside it
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ARCHIVE = re.compile(r"\.zip/")
_VIRTUAL = re.compile(r"/(?:__virtual__|\$\$virtual)/[^/]+/(\d{1,3})/")


class Placed(NamedTuple):
    """A package of the map."""

    name: str
    folder: str  # absolute, "" for the root; `…/x.zip!/node_modules/x` in an archive
    finds: tuple[str, ...]  # folders of what it asks for


def read_map(path: str, data: bytes) -> Iterator[Placed]:
    """Yield the packages that the map places.

    Raises CatalogError for what is no such map, and where folders get absurdly long in all.
    """
    fields = _fields(path, data)
    if not isinstance(fields.get("packageRegistryData"), list):
        raise CatalogError(f"{path}: no map of packages")
    base = path.rpartition("/")[0]
    rows = list(_rows(fields["packageRegistryData"]))
    allowance = Allowance(len(data))
    _take(allowance, path, len(rows), len(base) * len(rows))
    folders = {
        (name, reference): _folder(base, row["packageLocation"]) for name, reference, row in rows
    }
    for name, reference, row in rows:
        if (fit := word(name)) is not None:
            asked = dict.fromkeys(_asked(row.get("packageDependencies")))
            finds = tuple(
                folders[one] for one in asked if one in folders and one != (name, reference)
            )
            placed = Placed(fit, folders[name, reference], finds)
            _take(allowance, path, 1 + len(finds), len(placed.folder) + sum(map(len, finds)))
            yield placed


def _take(allowance: Allowance, path: str, folders: int, characters: int) -> None:
    if not allowance.take(folders, characters):
        raise CatalogError(f"{path}: its folders make a list of absurd length")


def _fields(path: str, data: bytes) -> dict[str, Any]:
    if path.endswith(".json"):
        return read_object(path, data)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    start = text.find(_QUOTED)
    if start >= 0:
        start += len(_QUOTED)
        end = text.find("';\n", start)
        quoted = text[start:end] if end >= 0 else ""
        return read_object(path, _ESCAPE.sub(_unescaped, quoted).encode("utf-8", "replace"))
    start = text.find(_PLAIN)
    if start < 0 and _ELSEWHERE in text:
        return {"packageRegistryData": []}
    if start < 0:
        raise CatalogError(f"{path}: no map of packages")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start + len(_PLAIN) - 1)
    except (ValueError, RecursionError) as error:
        raise CatalogError(f"{path}: its map of packages is no JSON") from error
    return found if isinstance(found, dict) else {}


def _unescaped(found: re.Match[str]) -> str:
    return "" if found[1] == "\n" else found[1]


def _rows(registry: list[Any]) -> Iterator[tuple[object, str, dict[str, Any]]]:
    for name, versions in _pairs(registry):
        for reference, row in _pairs(versions):
            is_placed = isinstance(row, dict) and isinstance(row.get("packageLocation"), str)
            if isinstance(name, str) and isinstance(reference, str) and is_placed:
                yield name, reference, row


def _asked(dependencies: object) -> Iterator[tuple[str, str]]:
    """Yield name and reference; an alias has both behind its name, a missing peer has neither."""
    for name, target in _pairs(dependencies):
        real = target if isinstance(target, list) else [name, target]
        if len(real) == 2 and isinstance(real[0], str) and isinstance(real[1], str):
            yield real[0], real[1]


def _pairs(rows: object) -> Iterator[tuple[Any, Any]]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 2:
            yield row[0], row[1]


def _folder(base: str, location: str) -> str:
    """Return where the location leads; virtual folders only tell equal packages apart."""
    folder = f"{base}/{location}"
    if found := _VIRTUAL.search(folder):
        folder = f"{folder[: found.start()]}/{'../' * int(found[1])}{folder[found.end() :]}"
    folder = posixpath.normpath("/" + folder).strip("/")
    folder = f"/{folder}" if folder else ""
    return _ARCHIVE.sub(".zip!/", folder, count=1)
