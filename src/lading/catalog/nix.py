"""Nix store paths, from the store's database.

Format: https://nix.dev/manual/nix/latest/store/store-path.html and the table ValidPaths in
https://github.com/NixOS/nix/blob/master/src/libstore/schema.sql. A path is HASH-NAME-VERSION, with
`-OUTPUT` behind it for outputs other than `out`; the deriver is the same without the output.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.sqlite import read_rows
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Certainty, Fact, Package

_PATH = re.compile(r"/nix/store/[0-9a-z]{32}-([^/]+)")
_SPLIT = re.compile(r"-(?=[^A-Za-z])")  # Nix: the first dash that no letter follows
_OUTPUT = re.compile(r"-(?:bin|dev|devdoc|dist|doc|info|lib|libs|man|static|terminfo|debug)\Z")
# Sources and patches lie in the store beside what was built of them.
_SOURCE = re.compile(r"\.(?:drv|patch|diff|tar|t?[gx]z|bz2|zip|gem|crate|lock|json|sh|py|rock)\Z")


def read_nix(file: ImageFile) -> Iterator[Fact]:
    """Yield a package for every store path that has a version.

    Raises CatalogError for what is no such database or is damaged, and, after the others were
    yielded, for rows that are no store paths.
    """
    broken = 0
    seen: set[tuple[str, str]] = set()
    for path, deriver in read_rows(file.path, file.data, "ValidPaths", "path, deriver"):
        found = _PATH.fullmatch(path) if isinstance(path, str) else None
        if found is None:
            broken += 1
            continue
        package = _package(file.path, found[1], deriver)
        if package is not None and (key := (package.name, str(package.version))) not in seen:
            seen.add(key)
            yield package
    if broken:
        raise CatalogError(f"{file.path}: {broken} of its rows are no store paths")


def _package(path: str, stem: str, deriver: object) -> Package | None:
    if _SOURCE.search(stem):
        return None
    built = _PATH.fullmatch(deriver) if isinstance(deriver, str) else None
    derived = built[1].removesuffix(".drv") if built else ""
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
    revision=1,
    wants=("/nix/var/nix/db/db.sqlite", "/nix/var/nix/db/db.sqlite-wal"),
    max_size=512 << 20,
    read=read_nix,
)
