"""Bitnami components, from the lists that Bitnami's images carry, and what those were built with.

Formats: https://spdx.github.io/spdx-spec/v2.3/ as JSON (/opt/bitnami/NAME/.spdx-NAME.spdx; packages
with a `purl` reference) and .bitnami_components.json (an object by name, with `version`).
"""

from collections.abc import Iterator
from typing import Any

from packageurl import PackageURL

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Evidence, Fact, Package

_JOINTS = {"maven": ":"}  # between namespace and name; elsewhere a slash
_SYSTEMS = frozenset(("deb", "rpm", "apk", "alpm"))  # their namespace is the distribution
_NO_LICENSE = frozenset(("NOASSERTION", "NONE"))


def read_bitnami(file: ImageFile) -> Iterator[Fact]:
    """Yield the components, and as bundled the packages they were built with.

    Raises CatalogError for another document, and, after the others were yielded, for rows without
    name and version.
    """
    name = file.path.rpartition("/")[2]
    if name == ".bitnami_components.json":
        yield from _components(file.path, read_object(file.path, file.data))
    elif name.startswith(".spdx-"):
        yield from _described(file.path, read_object(file.path, file.data))


def _components(path: str, document: dict[str, Any]) -> Iterator[Package]:
    unfit = 0
    for key, row in document.items():
        name, version = word(key), word(row.get("version")) if isinstance(row, dict) else None
        if name is None or version is None:
            unfit += 1
            continue
        yield Package(
            type="bitnami", name=name, version=version, paths=(path,), arch=word(row.get("arch"))
        )
    if unfit:
        raise CatalogError(f"{path}: {unfit} of its components have no fit name and version")


def _described(path: str, document: dict[str, Any]) -> Iterator[Package]:
    rows = document.get("packages")
    if not isinstance(rows, list):
        raise CatalogError(f"{path}: it has no list of packages")
    unfit = 0
    for row in rows:
        package = _package(path, row) if isinstance(row, dict) else None
        if package is None:
            unfit += 1
        else:
            yield package
    if unfit:
        raise CatalogError(f"{path}: {unfit} of its packages have no fit name and version")


def _package(path: str, row: dict[str, Any]) -> Package | None:
    purl = _purl(row)
    type, name, version = "generic", word(row.get("name")), word(row.get("versionInfo"))
    arch = None
    if purl is not None:
        type, name, version = purl.type, word(_name(purl)), word(purl.version) or version
        arch = word(purl.qualifiers.get("arch"))
    if name is None or version is None:
        return None
    stated = words([row.get("licenseConcluded"), row.get("licenseDeclared")])
    return Package(
        type=type,
        name=name,
        version=version,
        paths=(path,),
        arch=arch,
        evidence=Evidence.INSTALLED if type == "bitnami" else Evidence.BUNDLED,
        licenses=tuple(text for text in stated if text not in _NO_LICENSE),
    )


def _purl(row: dict[str, Any]) -> PackageURL | None:
    references = row.get("externalRefs")
    for reference in references if isinstance(references, list) else []:
        if isinstance(reference, dict) and reference.get("referenceType") == "purl":
            try:
                return PackageURL.from_string(str(reference.get("referenceLocator")))
            except ValueError:
                return None
    return None


def _name(purl: PackageURL) -> str:
    if not purl.namespace or purl.type in _SYSTEMS:
        return purl.name
    return f"{purl.namespace}{_JOINTS.get(purl.type, '/')}{purl.name}"


BITNAMI = Cataloger(
    name="bitnami",
    revision=1,
    wants=("/opt/bitnami/**/*.spdx", "/opt/bitnami/.bitnami_components.json"),
    max_size=32 << 20,
    read=read_bitnami,
)
