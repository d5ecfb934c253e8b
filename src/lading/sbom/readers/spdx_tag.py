"""SPDX 2.2 and 2.3 as tags and values, turned into the shape of its JSON.

Specification: https://spdx.github.io/spdx-spec/v2.3/ (chapters name the tag of each field)
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.errors import UnreadableError
from lading.sbom.document import Draft
from lading.sbom.readers.spdx import read_spdx
from lading.sbom.text import decoded

_TAG = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
_FIELDS = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageSourceInfo": "sourceInfo",
    "PackageSummary": "summary",
    "PackageDescription": "description",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
_OTHERS = frozenset(("FileName", "SnippetSPDXID", "LicenseID"))  # each starts what is no package


def read_spdx_tags(data: bytes, what: str) -> Draft:
    """Return what the document lists; UnreadableError when it is damaged or of another version."""
    reader = _Reader(what)
    for tag, value in _pairs(decoded(data, what), what):
        reader.take(tag, value)
    return read_spdx(reader.document(), what, "tag-value")


def _pairs(text: str, what: str) -> Iterator[tuple[str, str]]:
    """Yield tags with their values; a value in <text> may go over several lines."""
    lines = iter(text.splitlines())
    for number, line in enumerate(lines, 1):
        found = _TAG.fullmatch(line.strip())
        if found is None or line.lstrip().startswith("#"):
            continue
        tag, value = found[1], found[2]
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while "</text>" not in parts[-1]:
                following = next(lines, None)
                if following is None:
                    raise UnreadableError(f"{what}: the <text> of line {number} does not end")
                parts.append(following)
            value = "\n".join(parts).partition("</text>")[0]
        yield tag, value


class _Reader:
    """Tags in their order, into packages, relationships and annotations."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._version: str | None = None
        self._packages: list[dict[str, Any]] = []
        self._relationships: list[dict[str, str]] = []
        self._comments: list[tuple[str, str]] = []
        self._about = ""
        self._package: dict[str, Any] | None = None

    def take(self, tag: str, value: str) -> None:
        if tag == "SPDXVersion":
            self._version = value
        elif tag == "PackageName":
            self._package = {"name": value, "externalRefs": [], "checksums": []}
            self._packages.append(self._package)
        elif tag in _OTHERS:
            self._package = None
        elif tag == "Relationship":
            self._relate(value)
        elif tag == "SPDXREF":
            self._about = value
        elif tag == "AnnotationComment":
            self._comments.append((self._about, value))
        elif self._package is not None:
            self._describe(self._package, tag, value)

    def _describe(self, package: dict[str, Any], tag: str, value: str) -> None:
        if (name := _FIELDS.get(tag)) is not None:
            package.setdefault(name, value)
        elif tag == "ExternalRef" and len(parts := value.split(None, 2)) == 3:
            package["externalRefs"].append(
                {"referenceType": parts[1], "referenceLocator": parts[2].strip()}
            )
        elif tag == "PackageChecksum":
            algorithm, _, checksum = value.partition(":")
            package["checksums"].append(
                {"algorithm": algorithm.strip(), "checksumValue": checksum.strip()}
            )

    def _relate(self, value: str) -> None:
        if len(parts := value.split()) == 3:
            self._relationships.append(
                {
                    "spdxElementId": parts[0],
                    "relationshipType": parts[1],
                    "relatedSpdxElement": parts[2],
                }
            )

    def document(self) -> dict[str, Any]:
        """Return the document as its JSON would be."""
        by_ref = {package["SPDXID"]: package for package in self._packages if "SPDXID" in package}
        annotations: list[dict[str, Any]] = []
        for about, comment in self._comments:
            package = by_ref.get(about)
            listed = annotations if package is None else package.setdefault("annotations", [])
            listed.append({"comment": comment})
        return {
            "spdxVersion": self._version,
            "packages": self._packages,
            "relationships": self._relationships,
            "annotations": annotations,
        }
