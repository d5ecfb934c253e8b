"""Packages found in several files of one folder into one that has what all of them say.

Some managers write a package's requirements, or where it came from, into a file beside its record.
A reader sees one file at a time, so it takes what it has of the package from the folder's name: a
package whose version is not known and whose name was concluded.
"""

from collections.abc import Iterable
from dataclasses import replace

from lading.catalog.dependencies.python_versions import fold
from lading.catalog.dependencies.vendored import Owner, bringers
from lading.model.package import Certainty, Evidence, Package

_Place = tuple[str, str, str]  # type, name, folder


def joined(packages: Iterable[Package]) -> list[Package]:
    """Return the packages without those whose folder holds the record of the same package.

    What these say is added to that one. A map that declares what may lie in a folder declares
    nothing where the folder has no record.
    """
    packages = list(packages)
    said: dict[_Place, list[Package]] = {}
    for package in packages:
        if _is_partial(package):
            said.setdefault(_place(package), []).append(package)
    if not said:
        return packages
    recorded = {
        place for one in packages if not _is_partial(one) and (place := _place(one)) in said
    }
    return [
        package if _is_partial(package) else _with(package, said.get(_place(package), []))
        for package in packages
        if not (_is_partial(package) and (_place(package) in recorded or _is_map(package)))
    ]


def _is_partial(package: Package) -> bool:
    return package.version is None and package.certainty is Certainty.INFERRED


def _is_map(package: Package) -> bool:
    return package.evidence is Evidence.DECLARED


def _place(package: Package) -> _Place:
    return package.type, fold(package.name), package.paths[0].rpartition("/")[0]


def _with(package: Package, more: list[Package]) -> Package:
    if not more:
        return package
    asked = (text for one in (package, *more) for text in one.requires)
    places = (one.repository for one in (package, *more) if one.repository is not None)
    return replace(package, requires=tuple(dict.fromkeys(asked)), repository=next(places, None))


def marked_as_brought(packages: Iterable[Package], owner_of: Owner) -> tuple[Package, ...]:
    """Return the packages, those of Python inside of others as bundled, and with their parent.

    Test data of setuptools are such: distributions in all but that anybody installed them.
    """
    packages = tuple(packages)
    brought = {
        one.id: outer
        for one, outer in bringers(packages, owner_of)
        if all(outer) and not one.parent
    }
    return tuple(
        replace(
            one,
            evidence=Evidence.BUNDLED if one.evidence is Evidence.INSTALLED else one.evidence,
            parent=outer[0] if len(set(outer)) == 1 else None,
        )
        if (outer := brought.get(one.id))
        else one
        for one in packages
    )
