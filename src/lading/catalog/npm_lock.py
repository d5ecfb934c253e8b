"""What package-lock.json and npm-shrinkwrap.json declare.

Format: https://docs.npmjs.com/cli/configuring-npm/package-lock-json: a tree of `dependencies` in
lockfileVersion 1, `packages` by their place since 2. What only development needs is left out.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.catalog.wording import words
from lading.errors import CatalogError
from lading.model.package import Fact

Rows = Iterator[tuple[object, ...]]

_MODULES = "node_modules/"
_ASKED = ("dependencies", "optionalDependencies", "peerDependencies")
_MOST_LEVELS = 64  # of folders; npm nests a handful


def read_npm_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    document = read_object(file.path, file.data)
    if isinstance(document.get("packages"), dict):
        yield from declare("npm", file.path, _placed(document["packages"]))
    elif isinstance(document.get("dependencies"), dict):
        yield from declare("npm", file.path, _nested(document["dependencies"]))
    elif "lockfileVersion" not in document:
        raise CatalogError(f"{file.path}: it is no lock file of npm")


def _placed(packages: dict[str, Any]) -> Rows:
    folders = {
        place[: place.rindex(_MODULES) + len(_MODULES)] for place in packages if _MODULES in place
    }
    for place, row in packages.items():
        if not isinstance(row, dict):
            yield place, None
        elif _MODULES in place and not row.get("link") and not _is_development(row):
            name = row.get("name") or place.rpartition(_MODULES)[2]
            yield name, row.get("version"), list(_required(place, row, packages, folders))


def _required(
    place: str, row: dict[str, Any], packages: dict[str, Any], folders: set[str]
) -> Iterator[str]:
    """Yield `name version` of what is asked for: what the nearest node_modules holds."""
    levels = [folder for folder in _levels(place) if folder in folders]
    for name in dict.fromkeys(name for key in _ASKED for name in words(row.get(key))):
        for folder in levels:
            found = packages.get(folder + name)
            if isinstance(found, dict):
                yield f"{found.get('name') or name} {found.get('version')}"
                break


def _levels(place: str) -> list[str]:
    """Return the node_modules that can be seen from a place, the nearest first."""
    levels = [f"{place}/{_MODULES}"]
    while len(levels) < _MOST_LEVELS and place:
        place = place.rpartition("/")[0]
        if not f"/{place}".endswith("/node_modules"):
            levels.append(f"{place}/{_MODULES}" if place else _MODULES)
    return levels


def _nested(dependencies: dict[str, Any]) -> Rows:
    waiting = [dependencies]
    while waiting:
        for name, row in waiting.pop().items():
            if not isinstance(row, dict):
                yield name, None
                continue
            if isinstance(row.get("dependencies"), dict):
                waiting.append(row["dependencies"])
            if not _is_development(row):
                yield _alias(name, row.get("version"))


def _is_development(row: dict[str, Any]) -> bool:
    return row.get("dev") is True or row.get("devOptional") is True


def _alias(name: str, version: object) -> tuple[object, object]:
    """Return the package behind `npm:NAME@VERSION`, under whatever name it is asked for."""
    if isinstance(version, str) and version.startswith("npm:"):
        real, _, stated = version.removeprefix("npm:").rpartition("@")
        return real, stated
    return name, version


NPM_LOCK = Cataloger(
    name="npm-lock",
    revision=2,
    wants=("**/package-lock.json", "**/npm-shrinkwrap.json"),
    read=read_npm_lock,
)
