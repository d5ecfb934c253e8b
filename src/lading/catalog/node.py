"""Node.js packages, from the package.json at the root of each.

Format: https://docs.npmjs.com/cli/configuring-npm/package-json. In node_modules a package is a
folder, or a folder in a scope; package.json files deeper in it describe no package of their own.
Elsewhere it is the application itself when it states a name and a version, unless it came with a
package of another ecosystem. Yarn keeps packages in archives that hold a node_modules, and a map
of which finds which: https://yarnpkg.com/features/pnp
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.archive import Archive
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.pnp_map import read_map
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Package

_MODULES = "/node_modules/"
_LONGEST = 16 << 20  # bytes of a document
_ROOT = re.compile(r"((?:@[^/]+/)?[^/@.][^/]*)/package\.json", re.DOTALL)
_ASKED = ("dependencies", "optionalDependencies", "peerDependencies")
_ASKED_BY_APPLICATIONS = (*_ASKED, "devDependencies")
_FOREIGN = re.compile(r"/(?:site-packages|dist-packages|gems|vendor|pkg/mod|\.cargo/registry)/")
_DEBIAN = re.compile(r"/usr/(?:share|lib)/nodejs/(.+)", re.DOTALL)


def read_node(file: ImageFile) -> Iterator[Fact]:
    """Yield the package whose root the file stands in, if it stands in one; those of an archive.

    Raises CatalogError for what is no JSON object, and, after the package was yielded, for a name
    that is missing or unfit.
    """
    if file.path.endswith(".zip"):
        yield from _read_archive(file)
    elif not file.path.endswith("/package.json"):
        yield from _read_map(_bounded(file))
    else:
        yield from _read_file(_bounded(file))


def _bounded(file: ImageFile) -> ImageFile:
    if len(file.data) > _LONGEST:
        raise CatalogError(f"{file.path}: it is longer than {_LONGEST >> 20} MiB")
    return file


def _read_file(file: ImageFile) -> Iterator[Fact]:
    _, modules, below = file.path.rpartition(_MODULES)
    if modules:
        if found := _ROOT.fullmatch(below):
            yield from _read_module(file, found[1])
    elif (debian := _DEBIAN.fullmatch(file.path)) is None:
        yield from _read_application(file, _ASKED_BY_APPLICATIONS)
    elif _ROOT.fullmatch(debian[1]):
        yield from _read_application(file, _ASKED)


def _read_archive(file: ImageFile) -> Iterator[Fact]:
    archive = Archive(file.path, file.data)
    refused: CatalogError | None = None
    for entry in archive.entries():
        path = f"{file.path}!/{entry.name}"
        _, modules, below = path.rpartition(_MODULES)
        if modules and _ROOT.fullmatch(below):
            try:
                found = ImageFile(path=path, data=archive.read(entry), mode=0o644)
                yield from _read_file(_bounded(found))
            except CatalogError as error:
                refused = refused or error
    if refused is not None:
        raise refused


def _read_map(file: ImageFile) -> Iterator[Fact]:
    """Yield what each package of the map finds, for the inventory to join to the package there."""
    for placed in read_map(file.path, bytes(file.data)):
        yield Package(
            type="npm",
            name=placed.name,
            version=None,
            paths=(f"{placed.folder}/package.json",),
            evidence=Evidence.DECLARED,  # for every platform, though this one has not all
            certainty=Certainty.INFERRED,
            requires=placed.finds,
        )


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


def _read_application(file: ImageFile, asking: tuple[str, ...]) -> Iterator[Fact]:
    if _FOREIGN.search(file.path):
        return
    try:
        fields = read_object(file.path, file.data)
    except CatalogError:
        return  # anything may be called package.json; only in node_modules is it npm's
    name = word(fields.get("name"))
    engines = fields.get("engines")
    if isinstance(engines, dict) and "vscode" in engines:
        return  # an extension of an editor, which only looks like a package of npm
    if name is not None and word(fields.get("version")) is not None:
        yield _package(file.path, fields, name, asking=asking)


def _package(
    path: str,
    fields: dict[str, Any],
    name: str,
    certainty: Certainty = Certainty.EXACT,
    *,
    asking: tuple[str, ...] = _ASKED,
) -> Package:
    asked = (word for key in asking for word in words(fields.get(key)))
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
    revision=4,
    wants=(
        "**/package.json",
        "**/.pnp.cjs",
        "**/.pnp.data.json",
        "**/.yarn/cache/*.zip",
        "**/.yarn/berry/cache/*.zip",
    ),
    max_size=128 << 20,  # archives; documents are held to _LONGEST
    read=read_node,
)
