"""Node.js packages, from the package.json at the root of each.

Format: https://docs.npmjs.com/cli/configuring-npm/package-json. In node_modules a package is a
folder, or a folder in a scope; package.json files deeper in it describe no package of their own.
Elsewhere it is the application itself when it states a name and a version.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Certainty, Fact, Package

_MODULES = "/node_modules/"
_ROOT = re.compile(r"((?:@[^/]+/)?[^/@.][^/]*)/package\.json", re.DOTALL)
_ASKED = ("dependencies", "optionalDependencies", "peerDependencies")


def read_node(file: ImageFile) -> Iterator[Fact]:
    """Yield the package whose root the file stands in, if it stands in one.

    Raises CatalogError for what is no JSON object, and, after the package was yielded, for a name
    that is missing or unfit.
    """
    _, modules, below = file.path.rpartition(_MODULES)
    if not modules:
        yield from _read_application(file)
    elif found := _ROOT.fullmatch(below):
        yield from _read_module(file, found[1])


def _read_module(file: ImageFile, folder: str) -> Iterator[Fact]:
    fields = read_object(file.path, file.data)
    name = word(fields.get("name"))
    called = name or word(folder)
    if called is not None:
        yield _package(file.path, fields, called, Certainty.EXACT if name else Certainty.INFERRED)
    if name is None:
        raise refuse(file.path, "name", fields.get("name"))
    if fields.get("version") is not None and word(fields["version"]) is None:
        raise refuse(file.path, "version", fields["version"])


def _read_application(file: ImageFile) -> Iterator[Fact]:
    try:
        fields = read_object(file.path, file.data)
    except CatalogError:
        return  # anything may be called package.json; only in node_modules is it npm's
    name = word(fields.get("name"))
    if name is not None and word(fields.get("version")) is not None:
        yield _package(file.path, fields, name, Certainty.EXACT)


def _package(path: str, fields: dict[str, Any], name: str, certainty: Certainty) -> Package:
    asked = (word for key in _ASKED for word in words(fields.get(key)))
    return Package(
        type="npm",
        name=name,
        version=word(fields.get("version")),
        paths=(path,),
        certainty=certainty,
        licenses=_licenses(fields),
        requires=tuple(dict.fromkeys(asked)),
    )


def _licenses(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return what `license` says, or the older `licenses`: texts, or objects with a type."""
    stated = fields.get("license") or fields.get("licenses")
    parts = stated if isinstance(stated, list) else [stated]
    return words([part.get("type") if isinstance(part, dict) else part for part in parts])


NODE = Cataloger(
    name="node",
    revision=2,
    wants=("**/package.json",),
    max_size=16 << 20,
    read=read_node,
)
