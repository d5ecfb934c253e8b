"""What a product of a CSAF document is called where packages are looked up.

Red Hat's are named in `redhat`. SUSE's by the product's name, as osv.dev has it (`SUSE Linux
Enterprise Server 15 SP6` is `SUSE:Linux Enterprise Server 15 SP6`), and `name-version-release`.
Everybody else's by package URL (https://github.com/package-url/purl-spec): language packages, and
those of a distribution that the URL names.
What is no package (a container image, a product as a whole) has no name there.
"""

import re

from lading.advisories.csaf.document import Installed, Product
from lading.advisories.csaf.named import ARCHES, NAME, SOURCES, Named, Purl, stream_of
from lading.advisories.csaf.redhat import is_red_hats, red_hat

_NVR = re.compile(
    rf"(?P<name>\S+)-(?P<version>[^-\s]+)-(?P<release>[^-\s]+?)(?:\.(?P<arch>{ARCHES}))?"
)
_LANGUAGES = {
    "bitnami": "Bitnami", "cargo": "crates.io", "composer": "Packagist", "conan": "ConanCenter",
    "cran": "CRAN", "gem": "RubyGems", "golang": "Go", "hackage": "Hackage", "hex": "Hex",
    "julia": "Julia", "maven": "Maven", "npm": "npm", "nuget": "NuGet", "pub": "Pub",
    "pypi": "PyPI", "swift": "SwiftURL",
}  # fmt: skip
_DISTROS = {
    "almalinux": "AlmaLinux:{major}", "alpine": "Alpine:v{minor}", "amzn": "Amazon Linux:{major}",
    "azurelinux": "Azure Linux:{major}", "debian": "Debian:{major}", "fedora": "Fedora:{major}",
    "mageia": "Mageia:{major}", "ol": "Oracle Linux:{major}",
    "opensuse-leap": "openSUSE:Leap {minor}", "photon": "Photon OS:{minor}",
    "rhel": "Red Hat:enterprise_linux:{major}", "rocky": "Rocky Linux:{major}",
    "ubuntu": "Ubuntu:{minor}", "wolfi": "Wolfi", "chainguard": "Chainguard",
}  # fmt: skip
_DISTRO = re.compile(r"(?P<id>[a-z][a-z-]*?)(?:-(?P<minor>(?P<major>\d+)(?:\.\d+)?)(?:\.\d+)*)?")


def named(product: Installed, *, versioned: bool) -> Named | None:
    """Return what the product is called; None where it is no package.

    `versioned` tells that a version is to be expected: SUSE's names do not show it.
    """
    platform = product.platform
    if len(product.chain) > 1:
        if is_red_hats(product):
            return red_hat(product)
        if platform.name.startswith(("SUSE ", "openSUSE ")):
            return _suse(product, versioned=versioned)
    return _by_purl(product.component)


def _suse(product: Installed, *, versioned: bool) -> Named | None:
    vendor, _, release = product.platform.name.partition(" ")
    component = product.component
    purl = Purl.read(component.purl)
    if purl is not None and purl.type != "rpm":
        return None
    found = _NVR.fullmatch(component.name or component.id) if versioned else None
    if versioned and found is None and purl is None:
        return None
    arch = (found and found["arch"]) or (purl and purl.qualifiers.get("arch"))
    name = found["name"] if found else purl.name if purl is not None else component.name
    if not name or not re.fullmatch(NAME, name):
        return None
    version = f"{found['version']}-{found['release']}" if found else None
    return Named(
        ecosystem=f"{vendor}:{release}",
        name=name,
        version=version or (purl.full_version() if purl is not None else None),
        arch=None if arch in SOURCES else arch or None,
        of="source" if arch in SOURCES else "binary" if versioned else None,
        is_rpm=True,
    )


def _by_purl(component: Product) -> Named | None:
    purl = Purl.read(component.purl)
    if purl is None:
        return None
    version = purl.full_version() or component.version or None
    if ecosystem := _LANGUAGES.get(purl.type):
        joint = ":" if purl.type == "maven" else "/"
        name = f"{purl.namespace}{joint}{purl.name}" if purl.namespace else purl.name
        return Named(ecosystem=ecosystem, name=name, version=version)
    distro = _DISTRO.fullmatch(purl.qualifiers.get("distro", "") or purl.namespace)
    pattern = _DISTROS.get(distro["id"]) if distro else None
    if distro is None or pattern is None or ("{" in pattern and distro["major"] is None):
        return None
    arch = purl.qualifiers.get("arch")
    return Named(
        ecosystem=pattern.format(major=distro["major"], minor=distro["minor"]),
        name=purl.name,
        version=version,
        arch=None if arch in (*SOURCES, "source") else arch,
        of="source" if arch in (*SOURCES, "source") else None,
        module=stream_of(purl.qualifiers.get("rpmmod", "")),
    )
