"""What package-lock.json and npm-shrinkwrap.json declare.

Format: https://docs.npmjs.com/cli/configuring-npm/package-lock-json: a tree of `dependencies` in
lockfileVersion 1, `packages` by their place since 2. What only development needs is left out.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact

Rows = Iterator[tuple[object, object]]

_MODULES = "node_modules/"


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
    for place, row in packages.items():
        if not isinstance(row, dict):
            yield place, None
        elif _MODULES in place and not row.get("link") and not _is_development(row):
            yield row.get("name") or place.rpartition(_MODULES)[2], row.get("version")


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
    revision=1,
    wants=("**/package-lock.json", "**/npm-shrinkwrap.json"),
    read=read_npm_lock,
)
