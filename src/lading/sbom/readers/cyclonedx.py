"""CycloneDX 1.2 to 1.6 in JSON.

Specification: https://cyclonedx.org/docs/1.6/json/
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lading.errors import UnreadableError
from lading.sbom.document import Component, Draft, Pairs
from lading.sbom.text import digest, line, mapping, objects, rows, word

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6")
_MOST = 1_000_000  # components
_LOCATIONS = ("syft:location:", ":path")


def read_cyclonedx(document: dict[str, Any], what: str, notation: str = "JSON") -> Draft:
    """Return what the document lists; UnreadableError for a version that is not known."""
    version = document.get("specVersion")
    if version not in VERSIONS:
        raise UnreadableError(
            f"{what}: CycloneDX {str(version)[:20]} is not read; there are {', '.join(VERSIONS)}"
        )
    damage: list[str] = []
    metadata = mapping(document.get("metadata"))
    subject = metadata.get("component")
    return Draft(
        format=f"CycloneDX {version} {notation}",
        subject=_component(subject, None, "its subject", damage)
        if isinstance(subject, dict)
        else None,
        components=tuple(_components(document, subject, what, damage)),
        edges=_edges(document.get("dependencies"), damage),
        properties=_properties(metadata.get("properties")),
        damage=tuple(damage),
    )


def _components(
    document: dict[str, Any], subject: object, what: str, damage: list[str]
) -> Iterator[Component]:
    """Yield components, those inside others too, without recursion: depth is the document's."""
    waiting: list[tuple[str, dict[str, Any], str | None]] = [
        (shown, row, None) for shown, row in rows(document.get("components"), "component", damage)
    ]
    waiting += [
        (shown, row, None)
        for shown, row in rows(mapping(subject).get("components"), "component of it", damage)
    ]
    waiting.reverse()
    taken = 0
    while waiting:
        shown, row, parent = waiting.pop()
        taken += 1
        if taken > _MOST:
            raise UnreadableError(f"{what}: it lists more than {_MOST} components")
        component = _component(row, parent, shown, damage)
        if component is not None:
            yield component
        ref = component.ref if component is not None and component.ref else parent
        inner = rows(row.get("components"), f"{shown}, part", damage)
        waiting += ((below, one, ref) for below, one in inner)


def _component(
    row: dict[str, Any], parent: str | None, shown: str, damage: list[str]
) -> Component | None:
    name = word(row.get("name"))
    if name is None:
        damage.append(f"{shown} has no fit name")
        return None
    version, purl = row.get("version"), row.get("purl")
    if version not in (None, "") and word(version) is None:
        damage.append(f"{shown} ({name}) has no fit version")
        return None
    if purl is not None and not isinstance(purl, str):
        damage.append(f"{shown} ({name}) has a package URL that is no text")
        return None
    properties = _properties(row.get("properties"))
    return Component(
        ref=row["bom-ref"] if isinstance(row.get("bom-ref"), str) else "",
        name=name,
        version=word(version),
        group=word(row.get("group")),
        purl=purl or None,
        kind=word(row.get("type")),
        licenses=_licenses(row.get("licenses")),
        hashes=_hashes(row.get("hashes")),
        paths=_paths(row, properties),
        supplier=word(mapping(row.get("supplier")).get("name")) or word(row.get("publisher")),
        description=line(row.get("description")),
        properties=properties,
        parent=parent,
    )


def _properties(value: object) -> Pairs:
    return tuple(
        (one["name"], one["value"])
        for one in objects(value)
        if isinstance(one.get("name"), str) and isinstance(one.get("value"), str)
    )


def _licenses(value: object) -> tuple[str, ...]:
    found = []
    for one in objects(value):
        license = mapping(one.get("license"))
        stated = word(one.get("expression")) or word(license.get("id")) or word(license.get("name"))
        found.append(stated)
    return tuple(dict.fromkeys(text for text in found if text))


def _hashes(value: object) -> tuple[str, ...]:
    found = (digest(one.get("alg"), one.get("content")) for one in objects(value))
    return tuple(dict.fromkeys(text for text in found if text))


def _paths(row: dict[str, Any], properties: Pairs) -> tuple[str, ...]:
    """Return where it was found: occurrences, or what Syft and Trivy write instead."""
    occurrences = objects(mapping(row.get("evidence")).get("occurrences"))
    found = [line(one.get("location")) for one in occurrences]
    start, end = _LOCATIONS
    found += [
        line(value)
        for name, value in properties
        if (name.startswith(start) and name.endswith(end)) or name == "aquasecurity:trivy:FilePath"
    ]
    return tuple(dict.fromkeys(path for path in found if path))


def _edges(value: object, damage: list[str]) -> dict[str, tuple[str, ...]]:
    edges: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for shown, row in rows(value, "dependency", damage):
        ref, targets = row.get("ref"), row.get("dependsOn")
        if not isinstance(ref, str):
            damage.append(f"{shown} does not say of what")
        elif isinstance(targets, list):
            edges[ref] += tuple(target for target in targets if isinstance(target, str))
        elif targets is not None:
            damage.append(f"{shown} has no list of what it depends on")
    return dict(edges)
