"""The pipeline: an opened image in, a finished result out.

image → files → packages, then with advisories → matches → findings → verdict. Everything from
outside (image, database, clock, progress) comes in as an argument.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from lading import ledger
from lading.cache import Cache
from lading.catalog import CATALOGERS, assembled
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.inventory import OS_TYPES, Assembly, Inventory
from lading.catalog.printable import one_line, printable
from lading.catalog.reading import Reading
from lading.catalog.remembered import Remembered, from_bytes, readers, to_bytes
from lading.catalog.selection import Selection
from lading.errors import CatalogError
from lading.image.source import LayerSource, Opened
from lading.model.advisory import Feed
from lading.model.finding import Finding
from lading.model.image import NO_IMAGE, Image, System
from lading.model.match import Match
from lading.model.package import Fact, Release
from lading.model.problem import Problem, Stage
from lading.model.result import Advisories, Coverage, FeedAge, Result

if TYPE_CHECKING:
    from lading.advisories.database import Database
    from lading.findings.deciding import Decisions
    from lading.policy import Policy
    from lading.sbom.document import Document

Progress = Callable[[int, int], None]
"""Called with (layers read, layers in all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What of the image is read, and how."""

    catalogers: Sequence[Cataloger] = CATALOGERS
    exclude: tuple[str, ...] = ()  # globs of paths that no cataloger sees
    release: Release | None = None  # instead of what the image says
    workers: int = 2  # layers read at once
    cache: Cache | None = None  # of what layers hold
    keep_deleted: bool = False  # what upper layers took away from lower ones


def inventory(opened: Opened, choices: Choices, progress: Progress) -> Inventory:
    """Return what is in the image; ImageError when a layer is damaged."""
    cache, key = choices.cache, _key(opened, choices)
    if cache is not None and key is not None and (data := cache.get(key)) is not None:
        known = assembled.from_bytes(data)
        if known is not None:
            progress(len(opened.layers), len(opened.layers))
            return known
    found, is_cut = _assembled(opened, choices, progress)
    if cache is not None and key is not None and not is_cut:
        data = assembled.to_bytes(found)
        if data is not None:
            cache.put(key, data)
    return found


def _key(opened: Opened, choices: Choices) -> str | None:
    """Return what the inventory is known by in the cache; None where it can change."""
    keys = [layer.key for layer in opened.layers if layer.key is not None]
    if choices.exclude or len(keys) < len(opened.layers):
        return None
    return assembled.key_of(
        keys,
        choices.catalogers,
        choices.release,
        is_layered=opened.is_layered,
        keep_deleted=choices.keep_deleted,
    )


def _assembled(opened: Opened, choices: Choices, progress: Progress) -> tuple[Inventory, bool]:
    """Return the layers' inventory, and whether a limit kept any of it out."""
    selection = Selection(choices.catalogers)
    assembly = Assembly(selection, is_layered=opened.is_layered, keep_deleted=choices.keep_deleted)
    total = len(opened.layers)

    def read(layer: LayerSource) -> Remembered:
        return _read(layer, selection, choices)

    problems: list[Problem] = []
    pool = ThreadPoolExecutor(max_workers=choices.workers)
    is_interrupted = is_cut = False
    try:
        for done, layer in enumerate(pool.map(read, opened.layers), 1):
            assembly.add(layer.files, layer.found)
            problems += layer.problems
            is_cut |= layer.files.is_cut
            progress(done, total)
    except KeyboardInterrupt:
        is_interrupted = True  # a layer that is being fetched may take as long as a stalled server
        raise
    finally:
        pool.shutdown(wait=not is_interrupted, cancel_futures=True)
    found = assembly.finish(choices.release)
    return replace(found, problems=tuple(sorted({*found.problems, *problems}))), is_cut


def verified(opened: Opened, found: Inventory) -> Inventory:
    """Return the inventory with the files that are not as their package installed them."""
    from lading.ledger.verify import verify  # here, so that other scans start sooner

    seen = verify(opened.layers, found.packages, is_layered=opened.is_layered)
    return replace(
        found,
        modified=seen.modified,
        proven=seen.proven,
        problems=tuple(sorted({*found.problems, *seen.problems})),
        notes=(*found.notes, *seen.notes),
    )


def _read(layer: LayerSource, selection: Selection, choices: Choices) -> Remembered:
    """Return what the layer holds: from the cache, or read and then kept there."""
    cache = choices.cache if layer.key is not None and not choices.exclude else None
    key = f"{layer.key} {readers(choices.catalogers)}"
    if cache is not None and (data := cache.get(key)) is not None:
        known = from_bytes(data, choices.catalogers)
        if known is not None:
            return known
    problems: list[Problem] = []
    reading = Reading(selection, _careful(problems), choices.exclude)
    result = Remembered(layer.read(reading), reading.found, problems)
    if cache is not None and not result.files.is_cut:
        cache.put(key, to_bytes(result))
    return result


def _careful(problems: list[Problem]) -> Callable[[Cataloger, ImageFile], tuple[Fact, ...]]:
    """Run catalogers so that a failing one becomes a Problem and keeps the facts it gave before."""

    def read(cataloger: Cataloger, file: ImageFile) -> tuple[Fact, ...]:
        facts: list[Fact] = []
        try:
            facts.extend(map(printable, cataloger.read(file)))
        except CatalogError as error:
            problems.append(_problem(cataloger, file, str(error)))
        except Exception as error:  # noqa: BLE001 - one broken file must not hide the rest
            problems.append(_problem(cataloger, file, f"{type(error).__name__}: {error}"))
        return tuple(facts)

    return read


def _problem(cataloger: Cataloger, file: ImageFile, reason: str) -> Problem:
    return Problem(
        stage=Stage.CATALOG,
        path=file.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"),
        reason=f"{cataloger.name}: {one_line(reason)}",
        effect="packages that this file lists may be missing",
    )


def packages(opened: Opened, target: str, found: Inventory) -> Result:
    """Return the inventory as a result without findings or verdict."""
    return Result(
        target=target,
        target_kind=opened.kind,
        image=_image(opened.image, found.release),
        advisories=None,
        packages=found.packages,
        findings=None,
        problems=found.problems,
        coverage=_coverage(opened, found),
        deleted=found.deleted,
        verdict=None,
    )


def described(document: "Document", target: str, kind: str, release: Release | None) -> Result:
    """Return what an SBOM lists as a result without findings or verdict."""
    coverage = document.coverage
    if coverage is None:
        unlisted = "only what the SBOM lists is known" if kind == "sbom" else None
        is_open = release is None and any(one.type in OS_TYPES for one in document.packages)
        unknown = "no operating system recognised" if is_open else None
        said = (*document.notes, unlisted, unknown)
        notes = tuple(note for note in said if note is not None)
        coverage = Coverage(
            files=0, executables=0, explained=0, unexplained=(), unmatched=(), notes=notes
        )
    return Result(
        target=target,
        target_kind=kind,
        image=_image(document.image or NO_IMAGE, release),
        advisories=None,
        packages=document.packages,
        deleted=document.deleted,
        findings=None,
        problems=document.problems,
        coverage=coverage,
        verdict=None,
    )


def judged(
    inventory: Result,
    release: Release | None,
    database: "Database",
    *,
    rules: "Sequence[Policy]",
    now: datetime,
    stale_after_hours: float,
    decisions: "Decisions | None" = None,
) -> Result:
    """Return the inventory with what the advisories say of it, and the verdict."""
    from lading import matching, policy  # here, so that an inventory starts sooner

    matched = matching.match(
        inventory.packages, release, database.candidates_for, database.ecosystems()
    )
    feeds = Advisories(
        built=database.built,
        partial=database.partial,
        feeds=tuple(_aged(feed, now, stale_after_hours) for feed in database.feeds()),
    )
    merged = _findings(matched.matches, database)
    coverage = inventory.coverage
    found = replace(
        inventory,
        image=_dated(inventory.image, release, database, now),
        advisories=feeds,
        findings=merged,
        coverage=replace(
            coverage, unmatched=matched.unmatched, notes=(*coverage.notes, *feeds.remarks)
        ),
    )
    if decisions is not None:
        from lading.findings.deciding import decide

        found = decide(found, decisions, now)
    return replace(found, verdict=policy.judge(found, rules, now))


def _findings(matches: Sequence[Match], database: "Database") -> tuple[Finding, ...]:
    from lading import findings

    advisories = database.advisories({match.candidate.advisory for match in matches})
    names = findings.vulnerability_names(advisories.values())
    return findings.merge(
        matches,
        advisories=advisories,
        related=database.naming(names),
        kev=database.kev(names),
        epss=database.epss(names),
    )


def _image(image: Image, release: Release | None) -> Image:
    if release is None:
        return image
    system = System(
        id=release.id,
        version_id=release.version_id,
        pretty_name=release.pretty_name,
        end_of_life=None,
        supported=None,
        id_like=release.id_like,
        codename=release.codename,
    )
    return replace(image, os=system)


def _dated(image: Image, release: Release | None, database: "Database", now: datetime) -> Image:
    """Return the image with how long its system is supported."""
    from lading.advisories.support import is_supported, support_of

    known = support_of(release, database.support(release.id)) if release is not None else None
    if image.os is None or known is None:
        return image
    system = replace(image.os, end_of_life=known.ends, supported=is_supported(known, now.date()))
    return replace(image, os=system)


def _aged(feed: Feed, now: datetime, stale_after_hours: float) -> FeedAge:
    age = 0.0 if feed.is_own else None
    if feed.as_of is not None and not feed.is_own:
        age = round((now - datetime.fromisoformat(feed.as_of)).total_seconds() / 3600, 1)
    return FeedAge(
        name=feed.name,
        records=feed.records,
        as_of=feed.as_of,
        age_hours=age,
        stale=age is None or age > stale_after_hours,
    )


def _coverage(opened: Opened, found: Inventory) -> Coverage:
    proofs, unexplained = ledger.explain(
        found.executables,
        found.packages,
        is_layered=opened.is_layered,
        proven=found.proven,
        changed=frozenset(one.path for one in found.modified or () if one.state == "changed"),
    )
    unknown = () if found.release is not None else ("no operating system recognised",)
    return Coverage(
        files=found.files,
        executables=len(found.executables),
        explained=len(found.executables) - len(unexplained),
        explained_by=proofs,
        unexplained=unexplained,
        unmatched=(),
        notes=(*opened.notes, *found.notes, *unknown),
        modified=found.modified,
    )
