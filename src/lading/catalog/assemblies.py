"""Assemblies of .NET, held against the manifests that list them.

A manifest knows the package of each assembly in its folder and below; what an assembly says of
itself counts only where no manifest lists it.
"""

from collections.abc import Iterable
from dataclasses import replace

from lading.model.package import Evidence, Package

_MANIFEST = ".deps.json"


def without_listed(packages: Iterable[Package]) -> list[Package]:
    """Return the packages; assemblies become paths of the package that a manifest names for them.

    The application's own assembly, called as its manifest, is no package of the registry.
    """
    packages = list(packages)
    listed = _listed(packages)
    if not listed:
        return packages
    paths: dict[int, list[str]] = {}
    kept: list[Package] = []
    for package in packages:
        place = _place(package, listed)
        if place is None:
            kept.append(package)
        else:
            paths.setdefault(place, []).extend(package.paths)
    return [
        replace(package, paths=(*package.paths, *sorted(paths[id(package)])))
        if id(package) in paths
        else package
        for package in kept
    ]


def _listed(packages: list[Package]) -> dict[str, dict[str, int]]:
    """Return by folder which package has an assembly, by its name; 0 for the application's."""
    found: dict[str, dict[str, int]] = {}
    for package in packages:
        if package.type != "nuget" or package.evidence is not Evidence.INSTALLED:
            continue
        for path in package.paths:
            if not path.endswith(_MANIFEST):
                continue
            folder, _, name = path.rpartition("/")
            files = found.setdefault(folder, {})
            files.setdefault(name.removesuffix(_MANIFEST).lower() + ".dll", 0)
            for file in package.provides:
                files.setdefault(file.lower(), id(package))
    return found


def _place(package: Package, listed: dict[str, dict[str, int]]) -> int | None:
    """Return what a manifest files an assembly under; None for other packages."""
    if package.type != "nuget" or package.evidence is not Evidence.CONTENT:
        return None
    folder, _, name = package.paths[0].rpartition("/")
    while True:
        files = listed.get(folder, {})
        if name.lower() in files:
            return files[name.lower()]
        if not folder:
            return None
        folder = folder.rpartition("/")[0]
