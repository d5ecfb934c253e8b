"""What was recognised in files, held against who installed those files.

A distribution's own build is its package, mended under the same version number, so what its files
hold is not listed again. What a package of a language brings along is: it is `bundled`, and the
package depends on it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from lading.catalog.ownership import Owners
from lading.model.package import Evidence, Package

_FOLDER_FILE = "/package.json"
_ARCHIVES = (".jar", ".war", ".ear")
_SPECIFICATION = re.compile(r"(.*)/specifications/(?:default/)?([^/]+)\.gemspec")
_EXTENSION = re.compile(r"(.*)/extensions/[^/]+/[^/]+/([^/]+)/(.*)")  # code that was compiled


def foreign(packages: Iterable[Package]) -> list[Package]:
    """Return the packages without those recognised in files of the operating system's packages."""
    return [package for package in packages if package.proof is None or package.owner is None]


def parts(packages: Iterable[Package]) -> frozenset[str]:
    """Return the files that are only known to hold a library, not what they are themselves."""
    holding: set[str] = set()
    known: set[str] = set()
    for package in packages:
        is_part = package.proof is not None and package.evidence is Evidence.BUNDLED
        (holding if is_part else known).update(package.paths)
    return frozenset(holding - known)


def attributed(packages: tuple[Package, ...], owners: Owners) -> tuple[Package, ...]:
    """Return the packages with each recognised library tied to the package that brings it.

    Where that package, or another one found in the same file, has its name and version, it is left
    out: that says the same.
    """
    if all(package.proof is None for package in packages):
        return packages
    said = _said(packages)
    homes = _homes(packages)
    kept: list[Package] = []
    brought: dict[str, set[str]] = {}
    for package in packages:
        if package.proof is None:
            kept.append(package)
            continue
        bringers = {path: owners.of(path) or _home(path, homes) for path in package.paths}
        paths = tuple(
            path
            for path, bringer in bringers.items()
            if not said.get(path, frozenset()) & {_claim(package)}
            and not said.get(bringer, frozenset()) & {_claim(package)}
        )
        if not paths:
            continue
        ids = {bringer for path in paths if (bringer := bringers[path]) is not None}
        evidence = Evidence.BUNDLED if ids else package.evidence
        parent = ids.copy().pop() if len(ids) == 1 else None
        kept.append(replace(package, paths=paths, evidence=evidence, parent=parent))
        for id in ids:
            brought.setdefault(id, set()).add(package.id)
    return tuple(_depending(package, brought.get(package.id, ())) for package in kept)


_Claim = tuple[str, str | None]


def _claim(package: Package) -> _Claim:
    return package.name.lower(), package.version


def _said(packages: Iterable[Package]) -> dict[str | None, frozenset[_Claim]]:
    """Return what is known without recognising anything, by path and by the package's id."""
    said: dict[str | None, set[_Claim]] = {}
    for package in packages:
        if package.proof is None:
            for key in (package.id, *package.paths):
                said.setdefault(key, set()).add(_claim(package))
    return {key: frozenset(claims) for key, claims in said.items()}


def _homes(packages: Iterable[Package]) -> dict[str, str]:
    """Return the folders and archives that packages fill, as no record lists what is in them."""
    homes: dict[str, str] = {}
    for package in packages:
        if package.proof is None and (home := _HOMES.get(package.type)):
            for path in package.paths:
                if folder := home(path):
                    homes[folder] = package.id
    return homes


def _npm_folder(path: str) -> str | None:
    return path.removesuffix(_FOLDER_FILE) if path.endswith(_FOLDER_FILE) else None


def _gem_folder(path: str) -> str | None:
    """Return where RubyGems unpacks the gem of a specification."""
    found = _SPECIFICATION.fullmatch(path)
    return f"{found[1]}/gems/{found[2]}" if found else None


def _archive(path: str) -> str | None:
    """Return the archive that is the package, with all that is nested in it."""
    return path if path.endswith(_ARCHIVES) else None


_HOMES: dict[str, Callable[[str], str | None]] = {
    "npm": _npm_folder,
    "gem": _gem_folder,
    "maven": _archive,
}


def _home(path: str, homes: dict[str, str]) -> str | None:
    """Return the package that fills the innermost folder or archive around the path."""
    if built := _EXTENSION.fullmatch(path):
        path = f"{built[1]}/gems/{built[2]}/{built[3]}"
    while path := path.rpartition("/")[0]:
        if found := homes.get(path.removesuffix("!")):
            return found
    return None


def _depending(package: Package, more: Iterable[str]) -> Package:
    added = tuple(sorted({*package.depends_on, *more}))
    return package if added == package.depends_on else replace(package, depends_on=added)
