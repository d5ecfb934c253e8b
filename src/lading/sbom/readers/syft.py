"""Syft's own JSON.

Format: https://github.com/anchore/syft/tree/main/schema/json
"""

from collections import defaultdict
from typing import Any

from lading.model.package import Release
from lading.sbom.document import Component, Draft
from lading.sbom.releases import release_of
from lading.sbom.text import digest, line, mapping, objects, rows, word


def read_syft(document: dict[str, Any]) -> Draft:
    """Return what the document lists."""
    damage: list[str] = []
    components = tuple(
        component
        for shown, row in rows(document.get("artifacts"), "artifact", damage)
        if (component := _component(row, shown, damage)) is not None
    )
    edges: defaultdict[str, list[str]] = defaultdict(list)
    holders: dict[str, str] = {}
    for row in objects(document.get("artifactRelationships")):
        parent, child, kind = row.get("parent"), row.get("child"), row.get("type")
        if not isinstance(parent, str) or not isinstance(child, str):
            continue
        if kind == "dependency-of":
            edges[child].append(parent)
        elif kind == "ownership-by-file-overlap":
            holders[child] = parent
    return Draft(
        format="Syft JSON",
        components=components,
        edges={ref: tuple(targets) for ref, targets in edges.items()},
        holders=holders,
        release=_release(mapping(document.get("distro"))),
        damage=tuple(damage),
    )


def _component(row: dict[str, Any], shown: str, damage: list[str]) -> Component | None:
    name = word(row.get("name"))
    if name is None:
        damage.append(f"{shown} has no fit name")
        return None
    version, purl, metadata = row.get("version"), row.get("purl"), mapping(row.get("metadata"))
    if version not in (None, "") and word(version) is None:
        damage.append(f"{shown} ({name}) has no fit version")
        return None
    paths = (line(one.get("path")) for one in objects(row.get("locations")))
    hashes = (digest(one.get("algorithm"), one.get("value")) for one in _digests(metadata))
    module = word(metadata.get("modularityLabel"))
    return Component(
        ref=row["id"] if isinstance(row.get("id"), str) else "",
        name=name,
        version=word(version),
        purl=purl if isinstance(purl, str) and purl else None,
        licenses=_licenses(row.get("licenses")),
        hashes=tuple(dict.fromkeys(text for text in hashes if text)),
        paths=tuple(dict.fromkeys(path for path in paths if path)),
        properties=(("syft:metadata:modularityLabel", module),) if module else (),
    )


def _digests(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    return list(objects(metadata.get("digest")))  # of a Java archive


def _licenses(value: object) -> tuple[str, ...]:
    rows_ = value if isinstance(value, list) else []
    stated = (word(one.get("value")) if isinstance(one, dict) else word(one) for one in rows_)
    return tuple(dict.fromkeys(text for text in stated if text))


def _release(distro: dict[str, Any]) -> Release | None:
    like = distro.get("idLike")
    found = (word(one) for one in (like if isinstance(like, list) else [like]))
    return release_of(
        word(distro.get("id")),
        word(distro.get("versionID")),
        "the distribution that Syft names",
        pretty_name=word(distro.get("prettyName")),
        id_like=tuple(one for one in found if one),
        codename=word(distro.get("versionCodename")),
    )
