"""A package URL into the words of `lading.model.package`: the inverse of `lading.catalog.purl`.

Specification: https://github.com/package-url/purl-spec (types: PURL-TYPES). Beside its qualifiers
(`arch`, `distro`, `epoch`) `upstream` names the source package, as `name`, `name@version` or the
file name of a source rpm, and `rpmmod` the module.
"""

import re
from dataclasses import dataclass

from packageurl import PackageURL

from lading.model.package import Package, Release, SourcePackage
from lading.sbom.releases import release_in
from lading.sbom.text import word

SYSTEMS = frozenset(("deb", "rpm", "apk", "alpm", "opkg", "ebuild"))
_JOINTS = {"maven": ":"}  # between namespace and name; elsewhere a slash
_OURS = ("upstream", "rpmmod")
_SOURCE_RPM = re.compile(r"(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a package URL says."""

    type: str
    name: str
    version: str | None
    purl: str  # without what only says where the package was built from
    arch: str | None = None
    source: SourcePackage | None = None
    release: Release | None = None
    module: str | None = None


def identity(purl: str) -> Identity | None:
    """Return what the package URL says; None when it is none, or names nothing fit to be listed."""
    try:
        url = PackageURL.from_string(purl)
    except (ValueError, TypeError):
        return None
    name, version = word(_name(url)), word(url.version)
    if name is None or (url.version and version is None):
        return None
    qualifiers = url.qualifiers
    is_system = url.type in SYSTEMS
    epoch = word(qualifiers.get("epoch"))
    if is_system and epoch and epoch.isdecimal() and version and ":" not in version:
        version = f"{epoch}:{version}"
    return Identity(
        type=url.type,
        name=name,
        version=version,
        purl=_bare(url, qualifiers),
        arch=word(qualifiers.get("arch")) if is_system else None,
        source=_source(url.type, word(qualifiers.get("upstream"))) if is_system else None,
        release=release_in(
            word(qualifiers.get("distro")), word(url.namespace), "distro of its purl"
        )
        if is_system
        else None,
        module=word(qualifiers.get("rpmmod")),
    )


def purl_with_source(package: Package) -> str:
    """Return the package's purl with its source package and module, for others to read."""
    added = {}
    if package.type in SYSTEMS and package.source is not None:
        source = package.source
        added["upstream"] = f"{source.name}@{source.version}" if source.version else source.name
    if package.module is not None:
        added["rpmmod"] = package.module
    if not added:
        return package.purl
    try:
        url = PackageURL.from_string(package.purl)
    except ValueError:
        return package.purl
    return url._replace(qualifiers={**url.qualifiers, **added}).to_string()


def _name(url: PackageURL) -> str:
    if not url.namespace or (url.type in SYSTEMS and url.type != "ebuild"):
        return url.name
    return f"{url.namespace}{_JOINTS.get(url.type, '/')}{url.name}"


def _bare(url: PackageURL, qualifiers: dict[str, str]) -> str:
    kept = {key: value for key, value in qualifiers.items() if key not in _OURS}
    return url._replace(qualifiers=kept).to_string()


def _source(type: str, upstream: str | None) -> SourcePackage | None:
    if upstream is None:
        return None
    if type == "rpm" and (found := _SOURCE_RPM.fullmatch(upstream)):
        return SourcePackage(name=found[1], version=found[2])
    name, _, version = upstream.partition("@")
    return SourcePackage(name=name, version=version or None) if name else None
