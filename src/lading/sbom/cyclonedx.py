"""A result to CycloneDX 1.6 in JSON.

Specification: https://cyclonedx.org/docs/1.6/json/. References are the ids of packages; a package
whose files an OS package installed stands inside that one. What the format has no place for is in
properties, with names that begin with `lading:`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from lading.model.image import System
from lading.model.package import Package
from lading.model.result import Result
from lading.sbom.identity import SYSTEMS, purl_with_source
from lading.sbom.licenses import expression
from lading.sbom.own import PREFIX, facts_of, facts_of_result
from lading.sbom.serial import serial
from lading.sbom.text import json_text

_ALGORITHMS = {
    "md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512",
}  # fmt: skip
_KINDS = {"image": "container", "file": "file"}
_GROUPED = {"maven": ":", "npm": "/"}
_SUBJECT = "lading:target"


def write(result: Result, now: datetime) -> str:
    """Return the JSON text, ending in a newline; the same result and time give the same bytes."""
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": _subject(result),
            "properties": _properties(facts_of_result(result)),
            "tools": {
                "components": [{"type": "application", "name": "lading", "version": result.lading}]
            },
        },
        "components": [*_system(result.image.os), *_components(result.packages)],
        "dependencies": _dependencies(result.packages),
    }
    document["serialNumber"] = f"urn:uuid:{serial(document)}"
    document["metadata"]["timestamp"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")  # type: ignore[index]  # the object above
    return json_text(document)


def _subject(result: Result) -> dict[str, Any]:
    image = result.image
    subject: dict[str, Any] = {
        "type": _KINDS.get(result.target_kind, "application"),
        "bom-ref": _SUBJECT,
        "name": image.reference or result.target,
    }
    if image.digest is not None:
        subject |= {"version": image.digest, "hashes": _hashes([image.digest])}
    return subject


def _system(system: System | None) -> list[dict[str, Any]]:
    if system is None or not system.id:
        return []
    said = [(PREFIX + "idLike", like) for like in system.id_like]
    if system.codename:
        said.append((PREFIX + "codename", system.codename))
    component = {
        "type": "operating-system",
        "bom-ref": f"lading:os/{system.id}",
        "name": system.id,
        "version": system.version_id,
        "description": system.pretty_name,
        "properties": _properties(said),
    }
    return [_without_gaps(component)]


def _components(packages: Sequence[Package]) -> list[dict[str, Any]]:
    """Return components, those that an OS package installed inside of it."""
    systems = {package.id for package in packages if package.type in SYSTEMS}
    inside: defaultdict[str | None, list[Package]] = defaultdict(list)
    outside = []
    for package in packages:
        if package.owner in systems and package.type not in SYSTEMS:
            inside[package.owner].append(package)
        else:
            outside.append(package)
    return [_component(package, inside) for package in outside]


def _component(package: Package, inside: Mapping[str | None, Sequence[Package]]) -> dict[str, Any]:
    joint = _GROUPED.get(package.type)
    group, _, name = package.name.rpartition(joint) if joint else ("", "", package.name)
    component = {
        "type": "library",
        "bom-ref": package.id,
        "group": group,
        "name": name or package.name,
        "version": package.version,
        "purl": purl_with_source(package),
        "licenses": _licenses(package.licenses),
        "hashes": _hashes(package.hashes),
        "supplier": {"name": package.vendor} if package.vendor else None,
        "evidence": {"occurrences": [{"location": path} for path in package.paths]}
        if package.paths
        else None,
        "components": [_component(one, inside) for one in inside.get(package.id, ())],
        "properties": _properties(facts_of(package)),
    }
    return _without_gaps(component)


def _without_gaps(component: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in component.items() if value}


def _licenses(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return one expression, or else all by name: the format allows no mixture."""
    if len(texts) == 1 and (found := expression(texts[0])) is not None:
        return [{"expression": found}]
    return [{"license": {"name": text}} for text in texts]


def _hashes(texts: Iterable[str]) -> list[dict[str, str]]:
    split = (text.partition(":") for text in texts)
    return [
        {"alg": _ALGORITHMS[algorithm], "content": value}
        for algorithm, _, value in split
        if algorithm in _ALGORITHMS
    ]


def _properties(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _dependencies(packages: Sequence[Package]) -> list[dict[str, Any]]:
    ids = {package.id for package in packages}
    rows = []
    for package in packages:
        targets = [id for id in package.depends_on if id in ids]
        if targets:
            rows.append({"ref": package.id, "dependsOn": targets})
    return rows
