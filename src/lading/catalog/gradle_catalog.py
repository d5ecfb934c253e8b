"""What Gradle and Ivy declare beside Gradle's lock file.

Formats: https://docs.gradle.org/current/userguide/version_catalogs.html (libs.versions.toml),
https://docs.gradle.org/current/userguide/dependency_verification.html (verification-metadata.xml),
https://ant.apache.org/ivy/history/latest-milestone/ivyfile.html (ivy.xml). Versions that are ranges
are not read.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.toml_document import read_toml
from lading.catalog.xml_document import Element, read_elements
from lading.model.package import Fact

Rows = Iterator[tuple[object, ...]]

_RANGE = frozenset("[](),*${}")
_COMPONENT = ("verification-metadata", "components", "component")
_IVY = ("ivy-module", "dependencies", "dependency")


def read_gradle_catalog(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file lists; raises CatalogError for what is no TOML or no XML."""
    if not is_own(file.path):
        return
    if file.path.endswith(".toml"):
        rows = _libraries(read_toml(file.path, file.data))
    elif file.path.endswith("/ivy.xml"):
        rows = _ivy(read_elements(file.path, file.data))
    else:
        rows = _verified(read_elements(file.path, file.data))
    yield from declare("maven", file.path, rows)


def _libraries(document: dict[str, Any]) -> Rows:
    versions = document.get("versions")
    libraries = document.get("libraries")
    for terms in libraries.values() if isinstance(libraries, dict) else ():
        version: str | None = None
        if isinstance(terms, str):
            name, _, version = terms.rpartition(":")
        elif isinstance(terms, dict):
            name = terms.get("module") or f"{terms.get('group')}:{terms.get('name')}"
            version = _version(terms.get("version"), versions)
        if version is not None and not set(version) & _RANGE:
            yield name, version


def _version(stated: object, versions: object) -> str | None:
    """Return a version that is stated, referred to, or rich with one that holds."""
    if isinstance(stated, dict) and isinstance(versions, dict) and "ref" in stated:
        reference = stated["ref"]
        stated = versions.get(reference) if isinstance(reference, str) else None
    if isinstance(stated, dict):
        stated = stated.get("strictly") or stated.get("require") or stated.get("prefer")
    return stated if isinstance(stated, str) and stated else None


def _verified(elements: list[Element]) -> Rows:
    for one in elements:
        if one.place == _COMPONENT:
            terms = one.attributes
            yield f"{terms.get('group')}:{terms.get('name')}", terms.get("version")


def _ivy(elements: list[Element]) -> Rows:
    for one in elements:
        version = one.attributes.get("rev", "")
        is_one = version[:1].isalnum() and not set(version) & _RANGE and version[-1] != "+"
        if one.place == _IVY and is_one and not version.startswith("latest."):
            yield f"{one.attributes.get('org')}:{one.attributes.get('name')}", version


GRADLE_CATALOG = Cataloger(
    name="gradle-catalog",
    revision=1,
    wants=("**/*.versions.toml", "**/gradle/verification-metadata.xml", "**/ivy.xml"),
    max_size=16 << 20,
    read=read_gradle_catalog,
)
