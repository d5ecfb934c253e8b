"""Which advisory ecosystems a release of a distribution belongs to.

Ecosystem names: https://ossf.github.io/osv-schema/#defined-ecosystems. What the schema says of
names and what the feeds do is not always the same: AlmaLinux's records name binary packages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lading.model.package import Release


class Naming(Enum):
    """Which of a package's names the records of an ecosystem use."""

    SOURCE = "source"
    BINARY = "binary"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystems:
    """Where advisories speak of a release, or why nowhere."""

    names: tuple[str, ...] = ()
    naming: Naming = Naming.SOURCE
    type: str = ""  # of the packages that the records are about: deb, apk, rpm
    reason: str | None = None  # why there are no names
    note: str | None = None  # what was assumed


@dataclass(frozen=True, slots=True)
class _Row:
    id: str  # of os-release
    type: str
    naming: Naming
    release: str  # pattern of VERSION_ID
    names: tuple[str, ...]  # with the pattern's groups for gaps


_SLE_15 = (
    "SUSE:Linux Enterprise Server {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Basesystem {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Server Applications {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Development Tools {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Web and Scripting {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Python 3 {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Containers {major} SP{pack}",
    "SUSE:Linux Enterprise Module for Legacy {major} SP{pack}",
)
_RHEL = ("baseos", "appstream", "crb", "supplementary", "highavailability", "nfv", "realtime")
_RHEL_TIERS = ("rhel_eus", "rhel_e4s", "rhel_aus", "rhel_tus", "rhel_els")  # of a minor release

_RED_HAT = (
    "Red Hat:enterprise_linux:{major}",
    *(f"Red Hat:enterprise_linux:{{major}}::{part}" for part in _RHEL),
    *(f"Red Hat:enterprise_linux:{{major}}::{part}" for part in ("server", "workstation")),
    *(f"Red Hat:{tier}:{{major}}{{minor}}" for tier in _RHEL_TIERS),
    *(f"Red Hat:{tier}:{{major}}{{minor}}::{part}" for tier in _RHEL_TIERS for part in _RHEL[:2]),
)

_ROWS = (
    _Row("debian", "deb", Naming.SOURCE, r"unstable", ("Debian:unstable",)),
    _Row("debian", "deb", Naming.SOURCE, r"(?P<major>\d{1,2})(\.\d+)*", ("Debian:{major}",)),
    _Row(
        "ubuntu",
        "deb",
        Naming.SOURCE,
        r"(?P<month>\d\d\.\d\d)(\.\d+)?",
        (
            "Ubuntu:{month}",
            "Ubuntu:{month}:LTS",
            "Ubuntu:Pro:{month}:LTS",
            "Ubuntu:Pro:FIPS:{month}:LTS",
            "Ubuntu:Pro:FIPS-updates:{month}:LTS",
            "Ubuntu:Pro:FIPS-preview:{month}:LTS",
        ),
    ),
    _Row("alpine", "apk", Naming.SOURCE, r"edge|\d+\.\d+.*_alpha.*", ("Alpine:edge",)),
    _Row("alpine", "apk", Naming.SOURCE, r"(?P<branch>\d+\.\d+)([._].*)?", ("Alpine:v{branch}",)),
    _Row("wolfi", "apk", Naming.EITHER, r".*", ("Wolfi",)),
    _Row("chainguard", "apk", Naming.EITHER, r".*", ("Chainguard",)),
    _Row("minimos", "apk", Naming.EITHER, r".*", ("MinimOS",)),
    _Row("alpaquita", "apk", Naming.SOURCE, r"(?P<name>stream|\d+)(\..*)?", ("Alpaquita:{name}",)),
    _Row("almalinux", "rpm", Naming.BINARY, r"(?P<major>\d{1,2})(\.\d+)*", ("AlmaLinux:{major}",)),
    _Row("rocky", "rpm", Naming.EITHER, r"(?P<major>\d{1,2})(\.\d+)*", ("Rocky Linux:{major}",)),
    _Row("rhel", "rpm", Naming.BINARY, r"(?P<major>[6-9]|\d\d)(?P<minor>\.\d+)?", _RED_HAT),
    _Row("amzn", "rpm", Naming.BINARY, r"2018\.03|1", ("Amazon Linux:1",)),
    _Row("amzn", "rpm", Naming.BINARY, r"(?P<major>\d+)(\..*)?", ("Amazon Linux:{major}",)),
    _Row("ol", "rpm", Naming.BINARY, r"(?P<major>\d{1,2})(\..*)?", ("Oracle Linux:{major}",)),
    _Row("fedora", "rpm", Naming.BINARY, r"(?P<major>\d{1,3})", ("Fedora:{major}",)),
    _Row("arch", "alpm", Naming.BINARY, r".*", ("Arch Linux",)),
    _Row(
        "opensuse-leap",
        "rpm",
        Naming.SOURCE,
        r"(?P<leap>\d+\.\d+)(\.\d+)?",
        ("openSUSE:Leap {leap}",),
    ),
    _Row("opensuse-tumbleweed", "rpm", Naming.SOURCE, r".*", ("openSUSE:Tumbleweed",)),
    _Row("sles", "rpm", Naming.SOURCE, r"(?P<major>15)\.(?P<pack>\d)", _SLE_15),
    _Row("sles", "rpm", Naming.SOURCE, r"(?P<major>\d\d)\.(?P<pack>\d)", _SLE_15[:1]),
    _Row(
        "sles",
        "rpm",
        Naming.SOURCE,
        r"(?P<major>\d\d)",
        tuple(name.removesuffix(" SP{pack}") for name in _SLE_15),
    ),
    _Row("azurelinux", "rpm", Naming.EITHER, r"(?P<major>\d+)(\..*)?", ("Azure Linux:{major}",)),
    _Row("mariner", "rpm", Naming.EITHER, r"(?P<major>\d+)(\..*)?", ("Azure Linux:{major}",)),
    _Row("photon", "rpm", Naming.EITHER, r"(?P<number>\d+\.\d+)", ("Photon OS:{number}",)),
    _Row(
        "openeuler",
        "rpm",
        Naming.SOURCE,
        r"(?P<name>\d\d\.\d\d(-LTS(-SP\d)?)?)",
        ("openEuler:{name}",),
    ),
    _Row("mageia", "rpm", Naming.SOURCE, r"(?P<number>\d+)", ("Mageia:{number}",)),
)

# Distributions that we know, and know no feed of.
_UNCOVERED = frozenset(("gentoo", "openwrt", "void"))

# The releases that os-release names by codename alone while they are prepared, or in derivatives.
_DEBIAN = {
    "wheezy": "7",
    "jessie": "8",
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
    "duke": "15",
    "sid": "unstable",
}
_TESTING = "14"  # that is being prepared, by the number that it will have

# Derivatives with numbers or names of their own: which release of the parent each is built on.
_PARENTS = ("ubuntu", "debian", "alpine", "rhel")  # of derivatives that keep the parent's numbers
_BUILT_ON: Mapping[str, tuple[tuple[str, str, str], ...]] = {  # pattern, parent, its release
    "linuxmint": (
        (r"19(\..*)?", "ubuntu", "18.04"),
        (r"20(\..*)?", "ubuntu", "20.04"),
        (r"21(\..*)?", "ubuntu", "22.04"),
        (r"22(\..*)?", "ubuntu", "24.04"),
        (r"4", "debian", "10"),  # Mint's edition on Debian itself
        (r"5", "debian", "11"),
        (r"6", "debian", "12"),
        (r"7", "debian", "13"),
    ),
    "elementary": (
        (r"5(\..*)?", "ubuntu", "18.04"),
        (r"6(\..*)?", "ubuntu", "20.04"),
        (r"7(\..*)?", "ubuntu", "22.04"),
        (r"8(\..*)?", "ubuntu", "24.04"),
    ),
    "zorin": (
        (r"15(\..*)?", "ubuntu", "18.04"),
        (r"16(\..*)?", "ubuntu", "20.04"),
        (r"17(\..*)?", "ubuntu", "22.04"),
        (r"18(\..*)?", "ubuntu", "24.04"),
    ),
    "devuan": (
        (r"ascii", "debian", "9"),
        (r"beowulf", "debian", "10"),
        (r"chimaera", "debian", "11"),
        (r"daedalus", "debian", "12"),
        (r"excalibur", "debian", "13"),
    ),
    "kali": ((r".*", "debian", _TESTING),),
    "centos": ((r"(\d{1,2})(\..*)?", "rhel", r"\1"),),
}


@lru_cache(maxsize=64)  # asked for each package of an image
def ecosystems_of(release: Release | None) -> Ecosystems:
    """Return the ecosystems of a release; for a derivative those of the distribution it is like.

    A derivative counts as its parent only where it names the parent's release, and `note` says so.
    """
    if release is None:
        return Ecosystems(reason="unknown distribution: the image does not name one")
    known = any(row.id == release.id for row in _ROWS)
    if (found := _find(release.id, release)) is not None:
        return found
    shown = _shown(release)
    if known:
        return Ecosystems(reason=f"unknown release {shown}: no advisory feed is known for it")
    if release.id in _UNCOVERED:
        return Ecosystems(reason=f"no advisory feed covers {shown}")
    parents = (_derived(one, release) for one in _PARENTS if one in release.id_like)
    read = next((one for one in (_built_on(release), *parents) if one is not None), None)
    return read if read is not None else Ecosystems(reason=f"unknown distribution {shown}")


def _shown(release: Release) -> str:
    number = release.version_id or release.codename or "without a version"
    return f"{(release.id or 'without a name')[:80]} {number[:80]}"


def _find(id: str, release: Release) -> Ecosystems | None:
    for row in _ROWS:
        if row.id == id and (found := re.fullmatch(row.release, _number(id, release))):
            names = tuple(name.format(**found.groupdict(default="")) for name in row.names)
            return Ecosystems(names=names, naming=row.naming, type=row.type)
    return None


def _number(id: str, release: Release) -> str:
    """Return what tells the releases of the distribution apart."""
    version = release.version_id or ""
    if id == "debian" and (not version or not version[0].isdigit()):  # testing and unstable
        return _DEBIAN.get(release.codename or version.partition("/")[0], "")
    if id == "openeuler":  # PRETTY_NAME="openEuler 22.03 (LTS-SP3)"
        pack = re.search(r"\((LTS(?:-SP\d)?)\)", release.pretty_name or "")
        return f"{version}-{pack[1]}" if pack else version
    return version


def _built_on(release: Release) -> Ecosystems | None:
    for number in filter(None, (release.codename, release.version_id)):
        for pattern, parent, parents in _BUILT_ON.get(release.id, ()):
            if matched := re.fullmatch(pattern, number):
                found = _find(
                    parent, Release(id=parent, version_id=matched.expand(parents), path="")
                )
                why = f"{release.id} {number[:80]} is built on it"
                return None if found is None else _read_as(found, why)
    return None


def _derived(parent: str, release: Release) -> Ecosystems | None:
    if parent == "debian":  # their own numbers look like Debian's and are not
        release = Release(id=release.id, codename=release.codename, path=release.path)
    found = _find(parent, release)
    why = f"{release.id} says that it is like {parent}"
    return None if found is None else _read_as(found, why)


def _read_as(found: Ecosystems, why: str) -> Ecosystems:
    return Ecosystems(
        names=found.names,
        naming=found.naming,
        type=found.type,
        note=f"read as {found.names[0]}, since {why}",
    )
