"""Packages from SBOMs that lie in an image: of an application, of a wheel, of a distribution.

Formats: those of `lading.sbom`. Places: https://peps.python.org/pep-0770/ (what a wheel brings
along), /var/lib/db/sbom (melange's, one for each apk of Wolfi and Chainguard), and names that tools
agree on. What is taken here is held against what other readers found in `lading.catalog.listed`.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.errors import CatalogError, UnreadableError
from lading.model.package import Evidence, Fact, Package

_OF_WHEEL = re.compile(r"\.dist-info/sboms/")
_OF_APK = "/var/lib/db/sbom/"
_OTHERS_READ = "/opt/bitnami/"  # by the reader of Bitnami's images
_SHARED_NAMES = ("/bom.json", "/sbom.json", "/bom.xml", "/sbom.xml")  # of other things too
_SOURCES = frozenset(("generic", "github", "gitlab", "bitbucket"))
_SYSTEMS = frozenset(("deb", "rpm", "apk", "alpm", "opkg", "ebuild"))


def read_sbom_file(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages listed: bundled in a wheel, or else declared.

    Raise CatalogError for what is no SBOM, and after the others for entries that are damaged. A
    file whose name other things have too, and that is no SBOM, lists nothing.
    """
    if file.path.startswith(_OTHERS_READ):
        return
    from lading.image.sbom_format import PEEKED, is_sbom

    head, tail = bytes(file.data[:PEEKED]), bytes(file.data[-PEEKED:])
    if file.path.endswith(_SHARED_NAMES) and not is_sbom(head, tail):
        return
    from lading.sbom import read

    try:
        document = read(bytes(file.data), file.path)
    except UnreadableError as error:
        raise CatalogError(str(error)) from error
    is_of_wheel = _OF_WHEEL.search(file.path) is not None
    for package in document.packages:
        if is_of_wheel and package.id == document.subject:
            continue
        if file.path.startswith(_OF_APK) and package.type in _SOURCES:
            continue  # where the apk was built from, not what is in it
        yield _part(package, file.path) if is_of_wheel else _listed(package, file.path)
    if document.problems:
        raise CatalogError(
            f"{file.path}: {len(document.problems)} of its entries are damaged; the first: "
            f"{document.problems[0].reason}"
        )


def _listed(package: Package, path: str) -> Package:
    """Return what the SBOM says of the package, without what it says of the place it was made."""
    return Package(
        type=package.type,
        name=package.name,
        version=package.version,
        paths=(path,),
        arch=package.arch,
        source=package.source,
        module=package.module,
        evidence=Evidence.DECLARED,
        licenses=package.licenses,
        vendor=package.vendor,
    )


def _part(package: Package, path: str) -> Package:
    """Return a library inside of a wheel; one copied from a distribution is not of the image's."""
    return Package(
        type="generic" if package.type in _SYSTEMS else package.type,
        name=package.name,
        version=package.version,
        paths=(path,),
        evidence=Evidence.BUNDLED,
        licenses=package.licenses,
        proof=package.purl,
    )


SBOM_FILE = Cataloger(
    name="sbom",
    revision=1,
    wants=(
        "**/*.cdx.json",
        "**/*.cdx.xml",
        "**/*.spdx",
        "**/*.spdx.json",
        "**/*.dist-info/sboms/*.json",
        "**/*.dist-info/sboms/*.xml",
        "/var/lib/db/sbom/*.json",
        "**/bom.json",
        "**/bom.xml",
        "**/sbom.json",
        "**/sbom.xml",
    ),
    read=read_sbom_file,
)
