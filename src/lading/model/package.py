"""Packages, and the files they own, as catalogers find them."""

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """How we know the package is there."""

    INSTALLED = "installed"  # its package manager's own record
    DECLARED = "declared"  # a lock file asks for it
    BUNDLED = "bundled"  # inside another package
    CONTENT = "content"  # recognised by its bytes


class Certainty(StrEnum):
    """Whether name and version were read or concluded."""

    EXACT = "exact"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SourcePackage:
    """The source package that a distribution builds a binary package from."""

    name: str
    version: str | None  # None: the record does not say; for rpm the epoch is absent, not zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package as the image has it installed.

    Catalogers fill what their file says and leave `id`, `purl`, `layer`, `owner` and `depends_on`
    to the inventory, which sees the whole image.
    """

    type: str  # a purl type: deb, apk, rpm, pypi, npm, maven, golang, …
    name: str  # what its ecosystem calls it: group:artifact, @scope/name, module path
    version: str | None  # exactly as written in the image, never normalised; None: it does not say
    paths: tuple[str, ...]  # absolute; the files that prove it; in archives /outer.jar!/inner.jar
    arch: str | None = None
    source: SourcePackage | None = None
    evidence: Evidence = Evidence.INSTALLED
    certainty: Certainty = Certainty.EXACT
    licenses: tuple[str, ...] = ()  # as written in the image
    hashes: tuple[str, ...] = ()  # "sha256:<hex>", of the file at paths[0] where it is the package
    proof: str | None = None  # the text in the file that it was recognised by, printable
    requires: tuple[str, ...] = ()  # names it asks for, as its record writes them
    provides: tuple[str, ...] = ()  # further names that satisfy a `requires`
    vendor: str | None = None  # who built it: rpm vendor, deb maintainer
    module: str | None = None  # rpm modularity label name:stream:version:context
    built_using: tuple[SourcePackage, ...] = ()  # sources whose code was linked or copied into it
    repository: str | None = None  # where its package manager says it came from: a dnf repository
    key_id: str | None = None  # of the key that signed it, 16 lower-case hex digits
    namespace: str | None = None  # the distribution's id for deb, apk and rpm purls
    id: str = ""  # unique in one result, stable across runs; "" until the inventory sets it
    purl: str = ""
    layer: int | None = None  # index of the layer that first brought this version
    owner: str | None = None  # id of the OS package that installed its files
    parent: str | None = None  # id of the package whose files it lies in
    depends_on: tuple[str, ...] = ()  # ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Files that a package manager says a package installed."""

    type: str  # the package's purl type
    name: str
    version: str | None = None  # None where the list does not say: a dpkg .list file
    arch: str | None = None
    paths: tuple[str, ...]  # absolute, as the database writes them, through links or not
    diverted: tuple[tuple[str, str], ...] = ()  # (from, to): where it moves other packages' files
    repository: str | None = None  # where the package came from, when this record is what knows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The operating system, from os-release or what stands for it.

    Fields: https://www.freedesktop.org/software/systemd/man/os-release.html
    """

    id: str  # "debian"; "" when the file does not say
    version_id: str | None = None  # "12"
    pretty_name: str | None = None
    id_like: tuple[str, ...] = ()
    codename: str | None = None  # "bookworm"
    path: str


Fact = Package | Ownership | Release
"""What a cataloger may yield."""
