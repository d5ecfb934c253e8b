"""Who explains each executable file: proofs in, explained and unexplained out.

A file is explained by a package whose own record lists it, or that it is itself (a Go binary). A
script is also explained by the folder of a language package that it lies in; a binary is not, since
anything can be dropped there.
"""

from collections.abc import Iterable

from lading.catalog.inventory import Executable
from lading.model.package import Package
from lading.model.result import Unexplained

_FOLDER_TYPES = frozenset(("npm", "gem", "composer"))


def explain(
    executables: Iterable[Executable], packages: Iterable[Package], *, is_layered: bool
) -> tuple[int, tuple[Unexplained, ...]]:
    """Return how many are explained, and those that are not, by path."""
    homes = _homes(packages)
    explained = 0
    unexplained = []
    for file in executables:
        if file.owner is not None or (file.kind == "script" and _lives_in(file, homes)):
            explained += 1
            continue
        layer = file.layer if is_layered else None
        unexplained.append(
            Unexplained(path=file.paths[0], layer=layer, size=file.size, kind=file.kind)
        )
    return explained, tuple(sorted(unexplained, key=lambda item: item.path))


def _homes(packages: Iterable[Package]) -> frozenset[str]:
    """Return the folders that language packages fill: that of a package.json."""
    return frozenset(
        path.rpartition("/")[0]
        for package in packages
        if package.type in _FOLDER_TYPES
        for path in package.paths
        if path.endswith("/package.json")
    )


def _lives_in(file: Executable, homes: frozenset[str]) -> bool:
    return any(_within(path, homes) for path in file.paths)


def _within(path: str, homes: frozenset[str]) -> bool:
    while path := path.rpartition("/")[0]:
        if path in homes:
            return True
    return False
