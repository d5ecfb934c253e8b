"""A result to SPDX 2.3 in JSON.

Specification: https://spdx.github.io/spdx-spec/v2.3/. The target contains the packages, and an OS
package those of languages whose files it installed. What the format has no place for is in
annotations, `lading:name=value`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from lading.model.image import System
from lading.model.package import Package
from lading.model.result import Result
from lading.sbom.document import Pairs
from lading.sbom.identity import purl_with_source
from lading.sbom.licenses import expression
from lading.sbom.own import PREFIX, facts_of, facts_of_result
from lading.sbom.serial import serial
from lading.sbom.text import json_text

_DOCUMENT = "SPDXRef-DOCUMENT"
_SUBJECT = "SPDXRef-Target"
_SYSTEM = "SPDXRef-OperatingSystem"
_NOTHING = "NOASSERTION"
_ALGORITHMS = frozenset(("md5", "sha1", "sha256", "sha384", "sha512"))
_PURPOSES = {"image": "CONTAINER", "file": "FILE"}


def write(result: Result, now: datetime) -> str:
    """Return the JSON text, ending in a newline; the same result and time give the same bytes."""
    unknown: dict[str, str] = {}
    writer = _Writer(now.strftime("%Y-%m-%dT%H:%M:%SZ"), f"Tool: lading-{result.lading}", unknown)
    document: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": result.image.reference or result.target,
        "packages": [
            _subject(result),
            *writer.system(result.image.os),
            *map(writer.package, result.packages),
        ],
        "relationships": list(_relationships(result)),
        "annotations": writer.annotations(facts_of_result(result)),
    }
    if unknown:
        document["hasExtractedLicensingInfos"] = [
            {"licenseId": id, "name": text, "extractedText": text}
            for id, text in sorted(unknown.items())
        ]
    document["documentNamespace"] = f"urn:uuid:{serial(_undated(document))}"
    document["creationInfo"] = {"created": writer.date, "creators": [writer.tool]}
    return json_text(document)


class _Writer:
    """Packages as SPDX has them; texts of licences that SPDX does not know go to `unknown`."""

    def __init__(self, date: str, tool: str, unknown: dict[str, str]) -> None:
        self.date = date
        self.tool = tool
        self._unknown = unknown

    def package(self, package: Package) -> dict[str, Any]:
        row = _row(_ref(package.id), package.name, package.version)
        row["licenseDeclared"] = self._license(package.licenses)
        row["annotations"] = self.annotations(facts_of(package))
        if purl := purl_with_source(package):
            row["externalRefs"] = [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": purl,
                }
            ]
        if checksums := _checksums(package.hashes):
            row["checksums"] = checksums
        if package.vendor:
            row["supplier"] = f"Organization: {package.vendor}"
        if package.paths:
            row["sourceInfo"] = "found at " + ", ".join(package.paths)
        return row

    def system(self, system: System | None) -> Iterator[dict[str, Any]]:
        if system is None or not system.id:
            return
        said = [(PREFIX + "idLike", like) for like in system.id_like]
        if system.codename:
            said.append((PREFIX + "codename", system.codename))
        row = _row(_SYSTEM, system.id, system.version_id)
        row["primaryPackagePurpose"] = "OPERATING-SYSTEM"
        if system.pretty_name:
            row["description"] = system.pretty_name
        if said:
            row["annotations"] = self.annotations(tuple(said))
        yield row

    def annotations(self, pairs: Pairs) -> list[dict[str, str]]:
        return [
            {
                "annotationDate": self.date,
                "annotationType": "OTHER",
                "annotator": self.tool,
                "comment": f"{name}={value}",
            }
            for name, value in pairs
        ]

    def _license(self, texts: Sequence[str]) -> str:
        """Return all that is stated, since all of it may hold."""
        stated = list(dict.fromkeys(filter(None, map(self._one_license, texts))))
        if len(stated) < 2:
            return stated[0] if stated else _NOTHING
        return " AND ".join(f"({one})" if " " in one else one for one in stated)

    def _one_license(self, text: str) -> str | None:
        if (found := expression(text)) is not None:
            return found
        if not text.strip():
            return None
        id = f"LicenseRef-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        self._unknown[id] = text
        return id


def _row(ref: str, name: str, version: str | None) -> dict[str, Any]:
    row = {
        "SPDXID": ref,
        "name": name,
        "downloadLocation": _NOTHING,
        "filesAnalyzed": False,
        "licenseConcluded": _NOTHING,
        "licenseDeclared": _NOTHING,
        "copyrightText": _NOTHING,
    }
    return row if not version else row | {"versionInfo": version}


def _subject(result: Result) -> dict[str, Any]:
    image = result.image
    row = _row(_SUBJECT, image.reference or result.target, image.digest)
    row["primaryPackagePurpose"] = _PURPOSES.get(result.target_kind, "APPLICATION")
    if image.digest is not None and (checksums := _checksums([image.digest])):
        row["checksums"] = checksums
    return row


def _checksums(texts: Iterable[str]) -> list[dict[str, str]]:
    split = (text.partition(":") for text in texts)
    return [
        {"algorithm": algorithm.upper(), "checksumValue": value}
        for algorithm, _, value in split
        if algorithm in _ALGORITHMS
    ]


def _ref(id: str) -> str:
    return f"SPDXRef-Package-{hashlib.sha256(id.encode()).hexdigest()[:24]}"


def _relationships(result: Result) -> Iterator[dict[str, str]]:
    yield _relation(_DOCUMENT, "DESCRIBES", _SUBJECT)
    if result.image.os is not None and result.image.os.id:
        yield _relation(_SUBJECT, "CONTAINS", _SYSTEM)
    ids = {package.id for package in result.packages}
    for package in result.packages:
        holder = _ref(package.owner) if package.owner and package.owner in ids else _SUBJECT
        yield _relation(holder, "CONTAINS", _ref(package.id))
        for id in package.depends_on:
            if id in ids:
                yield _relation(_ref(package.id), "DEPENDS_ON", _ref(id))


def _relation(origin: str, kind: str, to: str) -> dict[str, str]:
    return {"spdxElementId": origin, "relationshipType": kind, "relatedSpdxElement": to}


def _undated(value: Any) -> Any:
    """Return the value without the dates of annotations, which are not content."""
    if isinstance(value, dict):
        return {name: _undated(one) for name, one in value.items() if name != "annotationDate"}
    return [_undated(one) for one in value] if isinstance(value, list) else value
