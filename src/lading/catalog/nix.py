"""Nix store paths, from the store's database, and from programs and libraries in the store.

Format: https://nix.dev/manual/nix/latest/store/store-path.html and the tables ValidPaths and Refs
in https://github.com/NixOS/nix/blob/master/src/libstore/schema.sql. A path is HASH-NAME-VERSION,
with `-OUTPUT` behind it for outputs other than `out`; the deriver is the same without the output.
What a path refers to it asks for, by hash and name, so that no version can be mistaken. Images that
Nix itself made have no database: there, folders with something to run or to link to are found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.sqlite import read_rows
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Certainty, Fact, Package

_PATH = re.compile(r"/nix/store/([0-9a-z]{32}-([^/]+))")
_HELD = re.compile(_PATH.pattern + "/(?:bin|lib|libexec|sbin)/[^/]+")
_SPLIT = re.compile(r"-(?=[^A-Za-z])")  # Nix: the first dash that no letter follows
_OUTPUT = re.compile(r"-(?:bin|dev|devdoc|dist|doc|info|lib|libs|man|static|terminfo|debug)\Z")
# Sources and patches lie in the store beside what was built of them.
_SOURCE = re.compile(r"\.(?:drv|patch|diff|tar|t?[gx]z|bz2|zip|gem|crate|lock|json|sh|py|rock)\Z")


def read_nix(file: ImageFile) -> Iterator[Fact]:
    """Yield a package for every name and version that store paths have, or for that of the file.

    Raises CatalogError for what is no such database or is damaged, and, after the packages were
    yielded, for rows that are no store paths and for references that cannot be read.
    """
    if file.path.startswith("/nix/store/"):
        yield from _held(file.path)
        return
    builds: dict[tuple[str, str | None], _Build] = {}
    by_row: dict[object, tuple[_Build, str]] = {}
    trouble: list[CatalogError] = []
    broken = 0
    for row, path, deriver in _rows(file, "ValidPaths", "id, path, deriver", trouble):
        found = _PATH.fullmatch(path) if isinstance(path, str) else None
        if found is None:
            broken += 1
            continue
        package = _package(file.path, found[2], deriver)
        if package is not None:
            build = builds.setdefault((package.name, package.version), _Build(package))
            build.outputs[found[1]] = None
            by_row[row] = (build, found[1])
    for referrer, reference in (
        _rows(file, "Refs", "referrer, reference", trouble) if builds else ()
    ):
        if referrer in by_row and reference in by_row:
            by_row[referrer][0].references[by_row[reference][1]] = None
    yield from (build.whole() for build in builds.values())
    if trouble:
        raise trouble[0]
    if broken:
        raise CatalogError(f"{file.path}: {broken} of its rows are no store paths")


def _held(path: str) -> Iterator[Package]:
    found = _HELD.fullmatch(path)
    package = _package(path, found[2], None) if found else None
    if found and package:
        yield replace(package, provides=(found[1],))


@dataclass(slots=True)
class _Build:
    """The outputs of one name and version, and the store paths that they refer to."""

    package: Package
    outputs: dict[str, None] = field(default_factory=dict)
    references: dict[str, None] = field(default_factory=dict)

    def whole(self) -> Package:
        requires = tuple(one for one in self.references if one not in self.outputs)
        return replace(self.package, provides=tuple(self.outputs), requires=requires)


def _rows(
    file: ImageFile, table: str, columns: str, trouble: list[CatalogError]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows before the damage, if any, which is put with the other trouble."""
    try:
        yield from read_rows(file.path, file.data, table, columns)
    except CatalogError as error:
        trouble.append(error)


def _package(path: str, stem: str, deriver: object) -> Package | None:
    if _SOURCE.search(stem):
        return None
    built = _PATH.fullmatch(deriver) if isinstance(deriver, str) else None
    derived = built[2].removesuffix(".drv") if built else ""
    is_told = bool(derived) and stem.startswith(derived)
    stem = derived if is_told else _OUTPUT.sub("", stem)
    parts = _SPLIT.split(stem, maxsplit=1)
    name, version = word(parts[0]), word(parts[1]) if len(parts) == 2 else None
    if name is None or version is None:
        return None
    return Package(
        type="generic",
        name=name,
        version=version,
        paths=(path,),
        certainty=Certainty.EXACT if is_told else Certainty.INFERRED,
    )


NIX = Cataloger(
    name="nix",
    revision=2,
    wants=(
        "/nix/var/nix/db/db.sqlite",
        "/nix/var/nix/db/db.sqlite-wal",
        "/nix/store/*/*/*",
    ),
    max_size=512 << 20,
    read=read_nix,
)
