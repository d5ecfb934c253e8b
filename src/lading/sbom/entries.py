"""One component as written into a package.

It is known by its package URL (https://github.com/package-url/purl-spec); one without is kept as
`generic`, which no advisory feed covers. What Lading wrote itself says more, and is taken at its
word.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from packageurl import PackageURL

from lading.model.package import Certainty, Evidence, Package, Release, SourcePackage
from lading.sbom.document import Component
from lading.sbom.identity import Identity, identity
from lading.sbom.own import package_from
from lading.sbom.text import word

SYSTEM_KIND = "operating-system"
_IMAGES = frozenset(("oci", "docker"))  # purl types of what holds packages and is none
_NO_PACKAGES = frozenset((
    SYSTEM_KIND, "file", "container", "data", "device", "device-driver", "machine-learning-model",
    "cryptographic-asset", "source", "archive", "install",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A component that is a package."""

    component: Component
    package: Package  # its id is "" until all are known, but for what Lading wrote
    release: Release | None  # that its package URL names
    is_ours: bool  # written by Lading, with all it knew


def is_no_package(component: Component) -> bool:
    """Say whether the component is a file, a system, an image, or a list that packages stand in."""
    if component.kind == SYSTEM_KIND:
        return True
    if component.purl is not None:
        return component.purl.removeprefix("pkg:").partition("/")[0] in _IMAGES
    return component.kind in _NO_PACKAGES or any(
        name == "aquasecurity:trivy:Class" for name, _ in component.properties
    )


def entry_of(component: Component, damage: list[str]) -> Entry:
    """Return the package; what of it could not be understood goes to `damage`."""
    shown = f"component {component.name!r}"
    found = identity(component.purl) if component.purl is not None else None
    release = found.release if found is not None else None
    try:
        own = package_from(component.properties)
    except ValueError as error:
        damage.append(f"{shown}: what Lading wrote of it is damaged: {error}")
        own = None
    if own is not None:
        return Entry(component=component, package=own, release=release, is_ours=True)
    if component.purl is not None and found is None:
        damage.append(f"{shown}: its package URL is none: {component.purl[:200]!r}")
    package = _package(component, found) if found is not None else _generic(component)
    return Entry(component=component, package=package, release=release, is_ours=False)


def _generic(component: Component) -> Package:
    name = f"{component.group}/{component.name}" if component.group else component.name
    return Package(
        type="generic",
        name=name,
        version=_known(component.version),
        purl=_generic_purl(name, component.version),
        paths=component.paths,
        evidence=Evidence.DECLARED,
        certainty=Certainty.EXACT,
        licenses=component.licenses,
        hashes=component.hashes,
        vendor=component.supplier,
    )


def _known(version: str | None) -> str | None:
    """Return the version; Syft writes a word where it has none."""
    return None if version == "UNKNOWN" else version


def _generic_purl(name: str, version: str | None) -> str:
    namespace, _, last = name.rpartition("/")
    try:
        return PackageURL("generic", namespace or None, last or name, version).to_string()
    except ValueError:
        return PackageURL("generic", None, name.replace("/", "-"), version).to_string()


def _package(component: Component, found: Identity) -> Package:
    said = dict(component.properties)
    return Package(
        type=found.type,
        name=_name(component, found),
        version=found.version or _known(component.version),
        arch=found.arch,
        source=found.source or _stated_source(said),
        module=found.module or word(said.get("syft:metadata:modularityLabel")),
        purl=found.purl,
        paths=component.paths,
        evidence=Evidence.DECLARED,
        certainty=Certainty.EXACT,
        licenses=component.licenses,
        hashes=component.hashes,
        vendor=component.supplier,
    )


def _name(component: Component, found: Identity) -> str:
    """Return the name as written where the package URL only folds it."""
    folded = component.name.lower().replace("_", "-").replace(".", "-")
    if found.type == "pypi" and folded == found.name.replace(".", "-"):
        return component.name
    return found.name


def _stated_source(said: Mapping[str, str]) -> SourcePackage | None:
    """Return the source package as Trivy writes it beside the package URL."""
    name = word(said.get("aquasecurity:trivy:SrcName"))
    if name is None:
        return None
    version = word(said.get("aquasecurity:trivy:SrcVersion"))
    if version and (release := word(said.get("aquasecurity:trivy:SrcRelease"))):
        version = f"{version}-{release}"
    epoch = word(said.get("aquasecurity:trivy:SrcEpoch"))
    if version and epoch and epoch != "0":
        version = f"{epoch}:{version}"
    return SourcePackage(name=name, version=version)
