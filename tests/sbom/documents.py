"""Documents that say only what a test is about, one maker for each format."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lading.model.package import Package
from lading.sbom import read
from lading.sbom.document import Document

Edges = Mapping[str, Sequence[str]]
"""purl → the purls that it depends on; the purl is the reference too."""


def cyclonedx(*purls: str, edges: Edges | None = None, version: str = "1.6", **more: Any) -> bytes:
    rows: list[Any] = [
        {"type": "library", "name": "x", "purl": purl, "bom-ref": purl} for purl in purls
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "components": [*rows, *more.pop("also", [])],
        "dependencies": [{"ref": ref, "dependsOn": list(to)} for ref, to in (edges or {}).items()],
    }
    return json.dumps(document | more).encode()


def cyclonedx_xml(*purls: str, edges: Edges | None = None, version: str = "1.6") -> bytes:
    rows = "".join(
        f'<component type="library" bom-ref="{purl}"><name>x</name><purl>{purl}</purl></component>'
        for purl in purls
    )
    asked = "".join(
        f'<dependency ref="{ref}">{"".join(f"""<dependency ref="{one}"/>""" for one in to)}'
        "</dependency>"
        for ref, to in (edges or {}).items()
    )
    return (
        f'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/{version}">'
        f"<components>{rows}</components><dependencies>{asked}</dependencies></bom>"
    ).encode()


def spdx(*purls: str, edges: Edges | None = None, version: str = "2.3", **more: Any) -> bytes:
    refs = {purl: f"SPDXRef-{number}" for number, purl in enumerate(purls)}
    document = {
        "spdxVersion": f"SPDX-{version}",
        "packages": [
            {
                "name": "x",
                "SPDXID": ref,
                "externalRefs": [{"referenceType": "purl", "referenceLocator": purl}],
            }
            for purl, ref in refs.items()
        ],
        "relationships": [
            {
                "spdxElementId": refs[ref],
                "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": refs[one],
            }
            for ref, to in (edges or {}).items()
            for one in to
        ],
    }
    return json.dumps(document | more).encode()


def spdx_tags(*purls: str, edges: Edges | None = None, version: str = "2.3") -> bytes:
    refs = {purl: f"SPDXRef-{number}" for number, purl in enumerate(purls)}
    lines = [f"SPDXVersion: SPDX-{version}", "DocumentComment: <text>several\nlines</text>"]
    for purl, ref in refs.items():
        lines += ["", "PackageName: x", f"SPDXID: {ref}"]
        lines.append(f"ExternalRef: PACKAGE-MANAGER purl {purl}")
    for ref, to in (edges or {}).items():
        lines += [f"Relationship: {refs[ref]} DEPENDS_ON {refs[one]}" for one in to]
    return "\n".join(lines).encode()


def spdx3(*purls: str, edges: Edges | None = None) -> bytes:
    graph: list[Any] = [
        {"type": "software_Package", "spdxId": purl, "name": "x", "software_packageUrl": purl}
        for purl in purls
    ]
    graph += [
        {"type": "Relationship", "from": ref, "relationshipType": "dependsOn", "to": list(to)}
        for ref, to in (edges or {}).items()
    ]
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    return json.dumps({"@context": context, "@graph": graph}).encode()


def syft(*purls: str, edges: Edges | None = None, **more: Any) -> bytes:
    artifacts = [{"id": purl, "name": "x", "version": "0", "purl": purl} for purl in purls]
    relations = [
        {"parent": one, "child": ref, "type": "dependency-of"}
        for ref, to in (edges or {}).items()
        for one in to
    ]
    document = {
        "artifacts": artifacts,
        "artifactRelationships": relations,
        "schema": {"version": "16.0.0"},
    }
    return json.dumps(document | more).encode()


def statement(data: bytes) -> bytes:
    """In an in-toto statement."""
    kind = "https://in-toto.io/Statement/v1"
    return json.dumps({"_type": kind, "subject": [], "predicate": json.loads(data)}).encode()


def envelope(data: bytes) -> bytes:
    """In a DSSE envelope."""
    payload = base64.b64encode(data).decode()
    kind = "application/vnd.in-toto+json"
    return json.dumps({"payloadType": kind, "payload": payload, "signatures": []}).encode()


def bundle(data: bytes) -> bytes:
    """In a bundle of Sigstore."""
    return json.dumps({"dsseEnvelope": json.loads(envelope(data))}).encode()


def understood(data: bytes) -> Document:
    """The document, which must be without a problem."""
    document = read(data, "it")
    assert document.problems == ()
    return document


def only(data: bytes) -> Package:
    """The one package of the document."""
    (package,) = understood(data).packages
    return package
