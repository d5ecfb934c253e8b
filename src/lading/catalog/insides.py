"""Packages found inside a package file, held against the package that the file is.

The file brings them along, so they are `bundled`. What says again what the file is adds nothing,
and its lock files say what its authors worked with.
"""

from collections.abc import Iterable
from dataclasses import replace

from lading.model.package import Evidence, Package


def inside(packages: Iterable[Package]) -> list[Package]:
    """Return the packages, those inside package files marked as brought along or left out."""
    packages = list(packages)
    files = {
        package.paths[0]: package
        for package in packages
        if package.evidence is Evidence.CONTENT and package.proof is None
    }
    return [one for package in packages for one in _seen(package, files)]


def _seen(package: Package, files: dict[str, Package]) -> Iterable[Package]:
    path = package.paths[0]
    at = path.rfind("!/")
    while at >= 0 and path[:at] not in files:
        at = path.rfind("!/", 0, at)
    outer = files.get(path[:at]) if at >= 0 else None
    if outer is None:
        yield package
    elif package.evidence is Evidence.INSTALLED and not _is_same(package, outer):
        yield replace(package, evidence=Evidence.BUNDLED)
    elif package.evidence in (Evidence.BUNDLED, Evidence.CONTENT):
        yield package


def _is_same(package: Package, outer: Package) -> bool:
    return (package.type, package.name) == (outer.type, outer.name)
