"""Under which names advisories file a package, and in which version order they speak of it.

Ecosystem names: https://ossf.github.io/osv-schema/#defined-ecosystems
"""

import re
from dataclasses import dataclass

from lading.model.coordinate import Coordinate, coordinate
from lading.model.package import Package, Release
from lading.versions import scheme_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Where to look for one package, or why there is nowhere."""

    coordinates: tuple[Coordinate, ...] = ()
    scheme: str | None = None  # a key of lading.versions.SCHEMES
    version: str | None = None  # the text to compare, of the source package where it is asked for
    reason: str | None = None  # why there are no coordinates


_LANGUAGES: dict[str, str] = {
    "pypi": "PyPI",
    "npm": "npm",
    "maven": "Maven",
    "golang": "Go",
    "cargo": "crates.io",
    "gem": "RubyGems",
    "composer": "Packagist",
    "nuget": "NuGet",
    "hex": "Hex",
    "pub": "Pub",
    "cran": "CRAN",
    "hackage": "Hackage",
    "bitnami": "Bitnami",
}
_SYSTEMS = frozenset(("deb", "apk", "rpm", "opkg"))

# Feeds of these name the packages that are installed; the others name source packages.
_BINARY_NAMED = frozenset(("almalinux", "rocky", "rhel", "centos", "mageia", "opensuse", "sles"))


def lookup(package: Package, release: Release | None) -> Lookup:
    """Return where advisories speak of the package."""
    if package.type in _SYSTEMS:
        return _system(package, release)
    ecosystem = _LANGUAGES.get(package.type)
    if ecosystem is None:
        return Lookup(reason=f"no advisory feed covers packages of type {package.type}")
    if package.type == "maven" and ":" not in package.name:
        return Lookup(reason="its group is not known, and advisories name group and artifact")
    name, version = package.name, package.version
    if package.type == "golang" and name == "stdlib":
        version = _go_version(version)
    if version is None:
        return Lookup(reason="the image does not say its version")
    return Lookup(
        coordinates=(coordinate(ecosystem, name),), scheme=scheme_of(package.type), version=version
    )


def _go_version(version: str | None) -> str | None:
    """Return `go1.20.1 X:boringcrypto` as advisories write it, `1.20.1`."""
    return version.split()[0].removeprefix("go") if version else None


def _system(package: Package, release: Release | None) -> Lookup:
    if release is None:
        return Lookup(reason="unknown distribution: the image does not name one")
    ecosystems = ecosystems_of(release)
    if not ecosystems:
        version = f" {release.version_id}" if release.version_id else ""
        return Lookup(reason=f"unknown distribution {release.id}{version}")
    if package.version is None:
        return Lookup(reason="the image does not say its version")
    name, version = package.name, package.version
    if release.id not in _BINARY_NAMED and package.source is not None:
        name, version = package.source.name, package.source.version or version
    return Lookup(
        coordinates=tuple(coordinate(one, name) for one in ecosystems),
        scheme=scheme_of(package.type),
        version=version,
    )


def ecosystems_of(release: Release) -> tuple[str, ...]:
    """Return the OSV ecosystems of a release, none for one that no feed is known for."""
    version = release.version_id or ""
    major = version.partition(".")[0]
    major = major if major.isdigit() else ""
    templates = _RELEASES.get(release.id, ())
    if release.id == "alpine":
        version = _alpine(version)
    found = (text.format(version=version, major=major) for text in templates)
    return tuple(text for text in found if not text.endswith((":", ":v", "Leap ")))


_RELEASES: dict[str, tuple[str, ...]] = {
    "debian": ("Debian:{major}",),
    "ubuntu": ("Ubuntu:{version}", "Ubuntu:{version}:LTS"),
    "alpine": ("Alpine:{version}",),
    "wolfi": ("Wolfi",),
    "chainguard": ("Chainguard",),
    "almalinux": ("AlmaLinux:{major}",),
    "rocky": ("Rocky Linux:{major}",),
    "azurelinux": ("Azure Linux:{major}",),
    "mariner": ("Azure Linux:{major}",),
    "opensuse-leap": ("openSUSE:Leap {version}",),
    "mageia": ("Mageia:{major}",),
    "openeuler": ("openEuler:{version}",),
}


def _alpine(version: str) -> str:
    """Return `v3.19` for 3.19.1, `edge` for what is not yet a release."""
    if "edge" in version or "_alpha" in version:
        return "edge"
    found = re.match(r"\d+\.\d+", version)
    return f"v{found[0]}" if found else ""
