"""A result to SPDX 3.0.1 in JSON-LD, the flat form of its own serialisation rules.

Specification: https://spdx.github.io/spdx-spec/v3.0.1/. The target contains the packages, and an OS
package those of languages whose files it installed. What the format has no place for is in one
annotation of each element: `lading:` and a JSON list of names and values.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from lading.model.image import System
from lading.model.package import Package
from lading.model.result import Result
from lading.sbom.document import Pairs
from lading.sbom.identity import purl_with_source
from lading.sbom.licenses import expression
from lading.sbom.own import PREFIX, facts_of, facts_of_result
from lading.sbom.serial import serial
from lading.sbom.text import json_text

_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_VERSION = "3.0.1"
_CREATION = "_:creation"
_ALGORITHMS = frozenset(("md5", "sha1", "sha256", "sha384", "sha512"))
_PURPOSES = {"image": "container", "file": "file"}

Row = dict[str, Any]


def write(result: Result, now: datetime) -> str:
    """Return the JSON text, ending in a newline; the same result and time give the same bytes."""
    whole = facts_of_result(result)
    facts = {package.id: facts_of(package) for package in result.packages}
    edges = [(package.id, package.depends_on) for package in result.packages]
    writer = _Writer(f"urn:uuid:{serial([result.target, whole, list(facts.values()), edges])}")
    creation = {
        "type": "CreationInfo",
        "@id": _CREATION,
        "specVersion": _VERSION,
        "created": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "createdBy": [writer.id("Lading")],
    }
    writer.add("SoftwareAgent", "Lading", name=f"lading-{result.lading}")
    _frame(writer, result, whole)
    for package in result.packages:
        _package(writer, package, facts[package.id])
    _relations(writer, result)
    graph = [creation, *sorted(writer.rows.values(), key=lambda row: str(row["spdxId"]))]
    return json_text({"@context": _CONTEXT, "@graph": graph})


class _Writer:
    """Elements in the making, each once, by its id."""

    def __init__(self, base: str) -> None:
        self.rows: dict[str, Row] = {}
        self._base = base

    def id(self, name: str) -> str:
        return f"{self._base}#{name}"

    def add(self, type: str, name: str, /, **members: Any) -> str:
        """Add an element unless it is there, without the members that are empty; return its id."""
        id = self.id(name)
        if id not in self.rows:
            said = {member: value for member, value in members.items() if value}
            self.rows[id] = {"type": type, "spdxId": id, "creationInfo": _CREATION, **said}
        return id

    def relate(self, kind: str, origin: str, to: Iterable[str]) -> None:
        ends = sorted(set(to))
        if ends:
            name = f"{kind}-{_short(origin)}"
            self.add("Relationship", name, relationshipType=kind, **{"from": origin}, to=ends)

    def annotate(self, subject: str, pairs: Pairs) -> None:
        if pairs:
            text = PREFIX + msgspec.json.encode(pairs).decode()
            name = f"annotation-{_short(subject)}"
            self.add("Annotation", name, annotationType="other", subject=subject, statement=text)


def _frame(writer: _Writer, result: Result, whole: Pairs) -> None:
    """Add the document, the SBOM in it, what it is about, and the system."""
    image = result.image
    target = writer.add(
        "software_Package",
        "Target",
        name=image.reference or result.target or "unnamed",
        software_packageVersion=image.digest,
        software_primaryPurpose=_PURPOSES.get(result.target_kind, "application"),
        verifiedUsing=_hashes([image.digest] if image.digest else []),
    )
    bom = writer.add("software_Sbom", "Sbom", software_sbomType=["analyzed"], rootElement=[target])
    document = writer.add(
        "SpdxDocument",
        "Document",
        name=image.reference or result.target or "unnamed",
        profileConformance=["core", "simpleLicensing", "software"],
        rootElement=[bom],
    )
    writer.annotate(document, whole)
    if image.os is not None and image.os.id:
        _system(writer, image.os)


def _system(writer: _Writer, system: System) -> None:
    said = [(PREFIX + "idLike", like) for like in system.id_like]
    if system.codename:
        said.append((PREFIX + "codename", system.codename))
    id = writer.add(
        "software_Package",
        "System",
        name=system.id,
        software_packageVersion=system.version_id,
        software_primaryPurpose="operatingSystem",
        description=system.pretty_name,
    )
    writer.annotate(id, tuple(said))


def _package(writer: _Writer, package: Package, facts: Pairs) -> None:
    supplier = None
    if package.vendor:
        supplier = writer.add(
            "Organization", f"supplier-{_short(package.vendor)}", name=package.vendor
        )
    id = writer.add(
        "software_Package",
        _name(package.id),
        name=package.name or "unnamed",
        software_packageVersion=package.version,
        software_packageUrl=purl_with_source(package),
        software_sourceInfo=f"found at {', '.join(package.paths)}" if package.paths else None,
        suppliedBy=supplier,
        verifiedUsing=_hashes(package.hashes),
    )
    writer.annotate(id, facts)
    writer.relate("hasDeclaredLicense", id, _licenses(writer, package.licenses))


def _licenses(writer: _Writer, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if not text.strip():
            continue
        known = expression(text)
        if known is not None:
            yield writer.add(
                "simplelicensing_LicenseExpression",
                f"license-{_short(text)}",
                simplelicensing_licenseExpression=known,
            )
            continue
        ref = f"LicenseRef-{_short(text)}"
        said = writer.add(
            "simplelicensing_SimpleLicensingText",
            f"text-{_short(text)}",
            simplelicensing_licenseText=text,
        )
        yield writer.add(
            "simplelicensing_LicenseExpression",
            f"license-{_short(text)}",
            simplelicensing_licenseExpression=ref,
            simplelicensing_customIdToUri=[{"type": "DictionaryEntry", "key": ref, "value": said}],
        )


def _relations(writer: _Writer, result: Result) -> None:
    ids = {package.id: writer.id(_name(package.id)) for package in result.packages}
    held: dict[str, list[str]] = {writer.id("Target"): []}
    if writer.id("System") in writer.rows:
        held[writer.id("Target")].append(writer.id("System"))
    for package in result.packages:
        holder = ids.get(package.owner or "", writer.id("Target"))
        held.setdefault(holder, []).append(ids[package.id])
        needed = (ids[id] for id in package.depends_on if id in ids)
        writer.relate("dependsOn", ids[package.id], needed)
    for holder, members in held.items():
        writer.relate("contains", holder, members)
    elements = (id for id in writer.rows if not id.endswith(("#Document", "#Sbom")))
    writer.rows[writer.id("Sbom")]["element"] = sorted(elements)


def _hashes(texts: Iterable[str]) -> list[Row]:
    split = (text.partition(":") for text in texts)
    return [
        {"type": "Hash", "algorithm": algorithm, "hashValue": value}
        for algorithm, _, value in split
        if algorithm in _ALGORITHMS
    ]


def _name(id: str) -> str:
    return f"package-{_short(id)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
