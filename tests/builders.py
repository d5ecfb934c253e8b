"""Builders that say only what matters to a test; everything else has a dull default."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.dependencies import resolve
from lading.catalog.dependencies.rule import Surroundings
from lading.catalog.inventory import Inventory
from lading.catalog.selection import Selection
from lading.errors import CatalogError
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.model.finding import Finding, Fix, FixState, Kind, Severity, Status
from lading.model.image import Image
from lading.model.package import Evidence, Fact, Ownership, Package
from lading.model.result import Advisories, Coverage, FeedAge, Result, Verdict
from lading.scan import Choices, inventory

LIMITS = Limits()


def a_package(version: str | None = "1.0", *, name: str = "thing", type: str = "deb") -> Package:
    return Package(type=type, name=name, version=version, paths=("/where/it/is",))


def a_finding(
    id: str = "CVE-2024-1000",
    *,
    package: str = "thing",
    severity: Severity = Severity.HIGH,
    score: float | None = 7.5,
    fixed: tuple[str, ...] = ("2.0",),
    **facts: Any,
) -> Finding:
    state = FixState.FIXED if fixed else FixState.NOT_FIXED
    dull: dict[str, Any] = {
        "aliases": (), "installed": "1.0", "vectors": (), "kind": Kind.VULNERABILITY,
        "status": Status.AFFECTED, "fix": Fix(state=state, versions=fixed), "advisories": (),
        "kev": None, "epss": None, "published": None, "cwes": (), "references": (), "layer": 0,
        "rule": "1.0 is below 2.0", "suppressed": None, "title": None,
    }  # fmt: skip
    return Finding(id=id, package=package, severity=severity, score=score, **(dull | facts))


def a_result(
    *, packages: tuple[Package, ...] = (), findings: tuple[Finding, ...] | None = (), **facts: Any
) -> Result:
    """A scan in which nothing went wrong; with findings=None, an inventory."""
    scanned = findings is not None
    feed = FeedAge(
        name="osv/PyPI", records=1000, as_of="2026-01-01T00:00:00Z", age_hours=24.0, stale=False
    )
    dull: dict[str, Any] = {
        "target": "example:1",
        "image": Image(
            reference=None, digest=None, config_digest=None, platform=None, created=None, os=None,
            base=None, layers=(),
        ),
        "advisories": Advisories(built=None, partial=False, feeds=(feed,)) if scanned else None,
        "problems": (),
        "coverage": Coverage(files=9, executables=2, explained=2, unexplained=(), unmatched=()),
        "verdict": Verdict(passed=True, breaches=()) if scanned else None,
    }  # fmt: skip
    return Result(packages=packages, findings=findings, **(dull | facts))


def reading(cataloger: Cataloger, path: str, data: bytes) -> tuple[list[Fact], str]:
    """What a cataloger finds in one file, and the message of the error it ends with, or ""."""
    facts: list[Fact] = []
    try:
        facts.extend(cataloger.read(ImageFile(path=path, data=memoryview(data), mode=0o644)))
    except CatalogError as error:
        return facts, str(error)
    return facts, ""


def packages_of(cataloger: Cataloger, path: str, data: bytes) -> list[Package]:
    """The packages of a file that must be read without an error."""
    facts, error = reading(cataloger, path, data)
    assert error == ""
    return [fact for fact in facts if isinstance(fact, Package)]


def damaged(data: bytes, *, times: int = 300) -> Iterator[bytes]:
    """Truncations and random changes of a file, the same in every run."""
    chance = random.Random(data)
    for _ in range(times):
        yield data[: chance.randrange(len(data) + 1)]
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 8)):
            changed[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0xFF, 0x22, 0x0A))
        yield bytes(changed)


def a_zip(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these members, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def packages_below(
    root: Path, cataloger: Cataloger, *, prefix: str = ""
) -> tuple[dict[str, Package], list[Ownership]]:
    """What a cataloger finds in those files below a folder that it wants, none with an error."""
    selection = Selection([cataloger])
    packages: dict[str, Package] = {}
    owned: list[Ownership] = []
    for file in sorted(root.rglob("*")):
        path = f"{prefix}/{file.relative_to(root)}"
        if not file.is_file() or not selection.by_path(path):
            continue
        facts, error = reading(cataloger, path, file.read_bytes())
        assert error == ""
        packages |= {fact.name: fact for fact in facts if isinstance(fact, Package)}
        owned += (fact for fact in facts if isinstance(fact, Ownership))
    return packages, owned


def declared_by(cataloger: Cataloger, path: str, data: bytes | str) -> list[tuple[str, str | None]]:
    """Names and versions that a lock file declares, all of one type and none as installed."""
    text = data.encode() if isinstance(data, str) else data
    packages = packages_of(cataloger, path, text)
    assert {one.evidence for one in packages} <= {Evidence.DECLARED}
    assert len({one.type for one in packages}) <= 1
    return [(one.name, one.version) for one in packages]


def asking(
    name: str, *requires: str, type: str, at: str | tuple[str, ...] = "/db", **facts: Any
) -> Package:
    """A package with its requirements; its id is `name`, or `name version` where one is given."""
    version = facts.pop("version", None)
    id = facts.pop("id", f"{name} {version}" if version else name)
    paths = (at,) if isinstance(at, str) else at
    dull: dict[str, Any] = {
        "id": id, "version": version or "1.0", "paths": paths, "requires": requires,
    }  # fmt: skip
    return Package(type=type, name=name, **(dull | facts))


def edges_among(*packages: Package, **around: Any) -> dict[str, list[str]]:
    """The edges found among packages, by the asking one's id; those without any left out."""
    surroundings = Surroundings(packages=packages, **around)
    return {
        one.id: list(one.depends_on) for one in resolve(packages, surroundings) if one.depends_on
    }


def file_inventory(path: Path, limits: Limits = LIMITS) -> Inventory:
    """What is in one file, as the command line reads it."""
    choices = Choices(catalogers=(*CATALOGERS, *ARCHIVE_CATALOGERS))
    return inventory(open_target(parse(f"file:{path}"), None, limits), choices, lambda *_: None)
