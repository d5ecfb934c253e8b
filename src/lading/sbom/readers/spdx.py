"""SPDX 2.2 and 2.3 in JSON.

Specification: https://spdx.github.io/spdx-spec/v2.3/
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lading.errors import UnreadableError
from lading.sbom.document import Component, Draft, Pairs
from lading.sbom.text import digest, line, objects, rows, word

VERSIONS = ("SPDX-2.2", "SPDX-2.3")
_NOTHING = frozenset(("NOASSERTION", "NONE"))
_FORWARD = frozenset(("DEPENDS_ON",))
_BACKWARD = frozenset((
    "DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF", "OPTIONAL_DEPENDENCY_OF", "PROVIDED_DEPENDENCY_OF",
))  # fmt: skip
_OWN = re.compile(r"(lading:[A-Za-z_:]+)=(.*)", re.DOTALL)
_BUILT_FROM = re.compile(r"built package from: (\S+) (\S+)")  # Trivy's word for the source package
_OVERLAP = "ownership-by-file-overlap"  # Syft's comment: the first installed the second's files


def read_spdx(document: dict[str, Any], what: str, notation: str = "JSON") -> Draft:
    """Return what the document lists; UnreadableError for a version that is not known."""
    version = document.get("spdxVersion")
    if version not in VERSIONS:
        raise UnreadableError(
            f"{what}: {str(version)[:20]} is not read; there are {', '.join(VERSIONS)} and SPDX 3.0"
        )
    damage: list[str] = []
    components = [
        component
        for shown, row in rows(document.get("packages"), "package", damage)
        if (component := _component(row, shown, damage)) is not None
    ]
    relations = tuple(_relations(document, damage))
    subject = _subject(document, relations, components)
    return Draft(
        format=f"{version.replace('-', ' ')} {notation}",
        subject=subject,
        components=tuple(one for one in components if one is not subject),
        edges=_edges(relations),
        holders=_holders(relations),
        properties=_annotations(document.get("annotations")),
        damage=tuple(damage),
    )


_Relation = tuple[str, str, str, str]  # from, kind, to, comment


def _relations(document: dict[str, Any], damage: list[str]) -> Iterator[_Relation]:
    for shown, row in rows(document.get("relationships"), "relationship", damage):
        parts = (row.get("spdxElementId"), row.get("relationshipType"))
        target, comment = row.get("relatedSpdxElement"), row.get("comment")
        if all(isinstance(one, str) for one in (*parts, target)):
            yield str(parts[0]), str(parts[1]), str(target), str(comment or "")
        else:
            damage.append(f"{shown} is not between two elements")


def _component(row: dict[str, Any], shown: str, damage: list[str]) -> Component | None:
    name = word(row.get("name"))
    if name is None:
        damage.append(f"{shown} has no fit name")
        return None
    version = row.get("versionInfo")
    if version not in (None, "") and word(version) is None:
        damage.append(f"{shown} ({name}) has no fit version")
        return None
    purpose = word(row.get("primaryPackagePurpose"))
    supplier = word(row.get("supplier")) or "NONE"
    return Component(
        ref=row["SPDXID"] if isinstance(row.get("SPDXID"), str) else "",
        name=name,
        version=word(version),
        purl=_purl(row),
        kind=purpose.lower().replace("_", "-") if purpose else None,
        licenses=_licenses(row),
        hashes=_hashes(row),
        paths=(),
        supplier=supplier.partition(": ")[2] or supplier if supplier not in _NOTHING else None,
        description=line(row.get("description")) or line(row.get("summary")),
        properties=(*_annotations(row.get("annotations")), *_source(row)),
    )


def _purl(row: dict[str, Any]) -> str | None:
    for reference in objects(row.get("externalRefs")):
        locator = reference.get("referenceLocator")
        if reference.get("referenceType") == "purl" and isinstance(locator, str):
            return locator
    return None


def _licenses(row: dict[str, Any]) -> tuple[str, ...]:
    stated = (word(row.get(key), 4096) for key in ("licenseDeclared", "licenseConcluded"))
    return tuple(dict.fromkeys(text for text in stated if text and text not in _NOTHING))


def _hashes(row: dict[str, Any]) -> tuple[str, ...]:
    rows_ = objects(row.get("checksums"))
    found = (digest(one.get("algorithm"), one.get("checksumValue")) for one in rows_)
    return tuple(dict.fromkeys(text for text in found if text))


def _source(row: dict[str, Any]) -> Pairs:
    found = _BUILT_FROM.search(str(row.get("sourceInfo") or ""))
    if found is None:
        return ()
    return ("aquasecurity:trivy:SrcName", found[1]), ("aquasecurity:trivy:SrcVersion", found[2])


def _annotations(value: object) -> Pairs:
    """Return what Lading wrote as annotations: `lading:name=value`."""
    comments = (one.get("comment") for one in objects(value))
    found = (_OWN.fullmatch(text) for text in comments if isinstance(text, str))
    return tuple((one[1], one[2]) for one in found if one)


def _subject(
    document: dict[str, Any], relations: tuple[_Relation, ...], components: list[Component]
) -> Component | None:
    """Return the only thing that the document describes, unless it is all that is listed."""
    listed = document.get("documentDescribes")
    described = (
        {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()
    )
    described |= {
        to
        for origin, kind, to, _ in relations
        if kind == "DESCRIBES" and origin.endswith("SPDXRef-DOCUMENT")
    }
    found = [one for one in components if one.ref and one.ref in described]
    if len(found) != 1 or (len(components) == 1 and found[0].purl is not None):
        return None
    return found[0]


def _edges(relations: tuple[_Relation, ...]) -> dict[str, tuple[str, ...]]:
    edges: defaultdict[str, list[str]] = defaultdict(list)
    for origin, kind, to, _ in relations:
        if kind in _FORWARD:
            edges[origin].append(to)
        elif kind in _BACKWARD:
            edges[to].append(origin)
    return {ref: tuple(targets) for ref, targets in edges.items()}


def _holders(relations: tuple[_Relation, ...]) -> dict[str, str]:
    contained = {to: origin for origin, kind, to, _ in relations if kind == "CONTAINS"}
    installed = {
        to: origin
        for origin, kind, to, comment in relations
        if kind == "OTHER" and comment.startswith(_OVERLAP)
    }
    return contained | installed
