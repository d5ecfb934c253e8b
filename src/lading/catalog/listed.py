"""What SBOMs in the image list, held against what the image has.

A package that another reader found too is one package, and the SBOM one more of its proofs. The
database of a package manager is the authority on its own packages: what an SBOM lists beside it is
of another time, or of another image.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from lading.catalog.dependencies.python_versions import fold
from lading.catalog.sbom_file import SBOM_FILE
from lading.catalog.selection import Selection
from lading.model.package import Evidence, Package

_SYSTEMS = frozenset(("deb", "rpm", "apk", "alpm", "opkg", "ebuild"))
_ENDS = (".json", ".xml", ".spdx")
_SELECTION = Selection([SBOM_FILE])

_Key = tuple[str, str, str | None]


def reconciled(packages: Iterable[Package]) -> list[Package]:
    """Return the packages with those that only SBOMs list, and none of them twice."""
    found: list[Package] = []
    listed: list[Package] = []
    for package in packages:
        (listed if _is_listed(package) else found).append(package)
    if not listed:
        return found
    places: defaultdict[_Key, list[int]] = defaultdict(list)
    for place, package in enumerate(found):
        places[_key(package)].append(place)
    managed = {package.type for package in found} & _SYSTEMS
    kept: list[Package] = []
    for package in listed:
        if known := places.get(_key(package)):
            place = next((one for one in known if found[one].arch == package.arch), known[0])
            found[place] = _also_at(found[place], package.paths)
        elif package.type not in managed:
            kept.append(package)
    return [*found, *kept]


def _is_listed(package: Package) -> bool:
    if package.evidence not in (Evidence.DECLARED, Evidence.BUNDLED):
        return False
    path = package.paths[0]
    return path.endswith(_ENDS) and bool(_SELECTION.by_path(path))


def _key(package: Package) -> _Key:
    name = fold(package.name) if package.type == "pypi" else package.name
    return package.type, name, package.version


def _also_at(package: Package, paths: Iterable[str]) -> Package:
    return replace(package, paths=tuple(dict.fromkeys((*package.paths, *paths))))
