"""SPDX 3.0 in JSON-LD, in the form that its own serialisation rules give: a flat `@graph`.

Specification: https://spdx.github.io/spdx-spec/v3.0.1/
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from lading.sbom.document import Component, Draft, Pairs
from lading.sbom.own import PREFIX
from lading.sbom.text import digest, line, objects, rows, word

CONTEXT = "https://spdx.org/rdf/3.0"
_RELATIONSHIPS = frozenset(("Relationship", "LifecycleScopedRelationship"))
_LICENSES = frozenset(("hasDeclaredLicense", "hasConcludedLicense"))

_PAIRS = msgspec.json.Decoder(Pairs)

_Relation = tuple[str, str, tuple[str, ...]]  # from, kind, to


def read_spdx3(document: dict[str, Any]) -> Draft:
    """Return what the document lists."""
    damage: list[str] = []
    graph = [row for _, row in rows(document.get("@graph"), "element", damage)]
    relations = tuple(_relations(graph))
    named = {
        str(row["spdxId"]): text
        for row in graph
        if isinstance(row.get("spdxId"), str)
        and (text := word(row.get("simplelicensing_licenseExpression")))
    }
    licenses = _licenses(relations, named)
    own = _annotations(graph)
    packages = [row for row in graph if row.get("type") == "software_Package"]
    components = [
        replace(component, properties=own.get(component.ref, ()))
        for number, row in enumerate(packages, 1)
        if (component := _component(row, f"package {number}", licenses, damage)) is not None
    ]
    documents = [row.get("spdxId") for row in graph if row.get("type") == "SpdxDocument"]
    edges: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for origin, kind, to in relations:
        if kind == "dependsOn":
            edges[origin] += to
    roots = {
        root
        for row in graph
        if row.get("type") in ("SpdxDocument", "software_Sbom", "Bom")
        for root in _texts(row.get("rootElement"))
    }
    found = [one for one in components if one.ref in roots]
    subject = found[0] if len(found) == 1 and len(components) > 1 else None
    return Draft(
        format="SPDX 3.0 JSON-LD",
        subject=subject,
        components=tuple(one for one in components if one is not subject),
        edges=dict(edges),
        holders={
            child: origin for origin, kind, to in relations if kind == "contains" for child in to
        },
        properties=own.get(str(documents[0]), ()) if documents else (),
        damage=tuple(damage),
    )


def _annotations(graph: list[dict[str, Any]]) -> dict[str, Pairs]:
    """Return what Lading wrote as annotations, by the element that each is about."""
    found: dict[str, Pairs] = {}
    for row in graph:
        subject, text = row.get("subject"), row.get("statement")
        if row.get("type") != "Annotation" or not isinstance(subject, str):
            continue
        if isinstance(text, str) and text.startswith(f"{PREFIX}["):
            try:
                found[subject] = _PAIRS.decode(text.removeprefix(PREFIX))
            except (msgspec.DecodeError, RecursionError):
                continue  # somebody else's, or damaged: the element itself still counts
    return found


def _component(
    row: dict[str, Any], shown: str, licenses: Mapping[str, tuple[str, ...]], damage: list[str]
) -> Component | None:
    name = word(row.get("name"))
    if name is None:
        damage.append(f"{shown} has no fit name")
        return None
    version = row.get("software_packageVersion")
    if version not in (None, "") and word(version) is None:
        damage.append(f"{shown} ({name}) has no fit version")
        return None
    ref = row["spdxId"] if isinstance(row.get("spdxId"), str) else ""
    purpose = row.get("software_primaryPurpose")
    hashes = (
        digest(one.get("algorithm"), one.get("hashValue"))
        for one in objects(row.get("verifiedUsing"))
    )
    return Component(
        ref=ref,
        name=name,
        version=word(version),
        purl=_purl(row),
        kind=_PURPOSES.get(purpose, purpose) if isinstance(purpose, str) else None,
        licenses=licenses.get(ref, ()),
        hashes=tuple(dict.fromkeys(text for text in hashes if text)),
        description=line(row.get("description")) or line(row.get("summary")),
    )


_PURPOSES = {"operatingSystem": "operating-system", "deviceDriver": "device-driver"}


def _purl(row: dict[str, Any]) -> str | None:
    if isinstance(stated := row.get("software_packageUrl"), str):
        return stated
    for one in objects(row.get("externalIdentifier")):
        identifier = one.get("identifier")
        if one.get("externalIdentifierType") == "packageUrl" and isinstance(identifier, str):
            return identifier
    return None


def _relations(graph: list[dict[str, Any]]) -> Iterator[_Relation]:
    for row in graph:
        origin, kind = row.get("from"), row.get("relationshipType")
        if row.get("type") in _RELATIONSHIPS and isinstance(origin, str) and isinstance(kind, str):
            yield origin, kind, tuple(_texts(row.get("to")))


def _licenses(
    relations: tuple[_Relation, ...], named: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for origin, kind, to in relations:
        if kind in _LICENSES:
            found[origin].update(dict.fromkeys(named[one] for one in to if one in named))
    return {ref: tuple(texts) for ref, texts in found.items()}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))
