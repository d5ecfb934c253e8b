"""Under which names advisories file a package, and in which version order they speak of it.

Ecosystem names: https://ossf.github.io/osv-schema/#defined-ecosystems
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from lading.matching.origins import third_party
from lading.matching.programs import places_of, scheme_of_program
from lading.matching.releases import Naming, ecosystems_of
from lading.model.coordinate import Coordinate, coordinate
from lading.model.ecosystem import GENERIC, OF_TYPE
from lading.model.package import Package, Release
from lading.model.product import ECOSYSTEM as NVD
from lading.versions import scheme_of


class By(Enum):
    """What a name is to the package."""

    NAME = "name"  # its own, and its source package's where that has the same
    BINARY = "binary"  # its own; its source package has another
    SOURCE = "source"  # its source package's
    PRODUCT = "product"  # what NVD calls a program that is known by its bytes
    MODULE = "module"  # its module's and stream's; the version is the number of the module's build
    INSIDE = "inside"  # of a source package whose code was linked or copied into it


class Place(NamedTuple):
    """One name that records may use, and the version that they speak of under it."""

    coordinate: Coordinate
    version: str
    is_epoch_known: bool = True  # False: a source rpm's file name leaves it out
    by: By = By.NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Where to look for one package, or why there is nowhere."""

    places: tuple[Place, ...] = ()
    scheme: str | None = None  # a key of lading.versions.SCHEMES
    reason: str | None = None  # why there are no places
    note: str | None = None  # what was assumed: a derivative read as its parent
    naming: Naming = Naming.EITHER  # of records that do not say what their names are


_SYSTEMS = frozenset(("alpm", "apk", "deb", "opkg", "rpm"))

# What Go calls its standard library and its commands; their versions are written `go1.20.1`.
_OF_GO = frozenset(("stdlib", "toolchain"))

# Foreign SBOMs write a gem's platform behind its version: 1.13.0-x86_64-linux, 1.13.0-java.
# https://guides.rubygems.org/specification-reference/#platform=
_PLATFORM = re.compile(
    r"-(?:java|jruby|ruby|universal|x86_64|x86|x64|i[3-6]86|aarch64|arm64|arm|mswin\d*|mingw\d*)"
    r"(?:-[0-9A-Za-z_.-]+)?$"
)


def is_system(package: Package) -> bool:
    """Say whether a distribution built the package."""
    return package.type in _SYSTEMS


def coordinates(package: Package, release: Release | None) -> Lookup:
    """Return where advisories speak of the package, or the reason why nowhere.

    OS packages are filed under the release of the distribution, by the name of the source package,
    of the binary package, or of either, as its feed does; language packages under their ecosystem.
    """
    if is_system(package):
        return _system(package, release)
    if package.type == GENERIC:
        return _program(package)
    ecosystem = OF_TYPE.get(package.type)
    if ecosystem is None:
        return Lookup(reason=f"no advisory feed covers packages of type {package.type}")
    if package.version is None:
        return Lookup(reason="the image does not say its version")
    if package.type == "maven" and not all(package.name.partition(":")):
        return Lookup(reason="its group is not known, and advisories name group and artifact")
    version = package.version
    if package.type == "golang" and package.name in _OF_GO:
        version = _of_go(version)
    elif package.type == "gem":
        version = _PLATFORM.sub("", version)
    place = Place(coordinate(ecosystem, package.name), version)
    return Lookup(places=(place,), scheme=scheme_of(package.type))


def _of_go(version: str) -> str:
    """Return a toolchain's version without its name, and without a vendor's mark behind it.

    The mark counts only behind the name: 1.21.0-rc.1 is a pre-release.
    """
    text = version.partition(" ")[0]
    if text.startswith("go"):
        text = text.partition("-")[0].removeprefix("go")
    return text or version


def _program(package: Package) -> Lookup:
    if package.version is None:
        return Lookup(reason="the image does not say its version")
    places = (
        Place(where, package.version, by=By.PRODUCT if where.ecosystem == NVD else By.NAME)
        for where in places_of(package)
    )
    return Lookup(places=tuple(places), scheme=scheme_of_program(package.name))


def _system(package: Package, release: Release | None) -> Lookup:
    found = ecosystems_of(release)
    if found.reason is not None:
        return Lookup(reason=found.reason)
    if package.type != found.type:
        return Lookup(
            reason=f"advisories for {found.names[0]} are about {found.type} packages, not "
            f"{package.type}"
        )
    if package.version is None:
        return Lookup(reason="the image does not say its version")
    origin = third_party(package, found)
    if origin.reason is not None:
        return Lookup(reason=origin.reason)
    places = {
        (name, version): tuple(
            Place(coordinate(ecosystem, name), version, is_epoch_known, by)
            for ecosystem in origin.ecosystems or found.names
        )
        for name, version, is_epoch_known, by in _names(package, package.version, found.naming)
    }
    return Lookup(
        places=tuple(place for some in places.values() for place in some),
        scheme=scheme_of(package.type),
        note=found.note,
        naming=Naming.EITHER if origin.ecosystems else found.naming,
    )


_Name = tuple[str, str, bool, By]


def _names(package: Package, version: str, naming: Naming) -> Iterator[_Name]:
    """Yield the names that records may use, with their versions.

    Records of rpms say themselves what their names are, or follow the custom of their feed; those
    of debs name source packages, and those of apks what their feed names.
    """
    name, of_source, is_epoch_known = _source(package, version)
    if name == package.name:
        yield name, of_source, is_epoch_known, By.NAME
    else:
        if naming is not Naming.BINARY or package.type == "rpm":
            yield name, of_source, is_epoch_known, By.SOURCE
        if naming is not Naming.SOURCE or package.type == "rpm":
            yield package.name, version, True, By.BINARY
    module, stream, build, *_ = (*(package.module or "").split(":"), "", "")
    if package.type == "rpm" and module and stream and build:
        yield f"{module}:{stream}", build, True, By.MODULE
    for one in package.built_using:
        if one.version is not None and one.name != name:
            yield one.name, one.version, package.type != "rpm" or ":" in one.version, By.INSIDE


def _source(package: Package, version: str) -> tuple[str, str, bool]:
    """Return name and version of the source package, and whether the version has its epoch."""
    source = package.source
    if source is None or source.name == package.name:
        exact = source.version if source is not None and package.type != "rpm" else None
        return package.name, exact or version, True
    if source.version is None:
        return source.name, version, True
    if package.type != "rpm" or ":" in source.version:
        return source.name, source.version, True
    epoch, colon, _ = version.rpartition(":")
    return source.name, f"{epoch}{colon}{source.version}", False
