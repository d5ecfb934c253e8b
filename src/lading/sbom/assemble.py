"""A draft into a document: packages with ids, owners and dependencies, and what could not be told.

Entries that say the same package become one with the paths of all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lading.model.package import Package
from lading.model.problem import Problem, Stage
from lading.sbom.document import Component, Document, Draft
from lading.sbom.entries import SYSTEM_KIND, Entry, entry_of, is_no_package
from lading.sbom.identity import SYSTEMS
from lading.sbom.own import Whole, whole_from
from lading.sbom.system import system_of

_MOST_PROBLEMS = 100
_EFFECT = "packages that this entry lists may be missing"


def assemble(draft: Draft, what: str) -> Document:
    """Return the document; `what` names it in problems."""
    damage = list(draft.damage)
    entries: list[Entry] = []
    apart: Counter[str] = Counter()
    for component in _candidates(draft):
        if is_no_package(component):
            apart[component.kind or "container"] += component is not draft.subject
        else:
            entries.append(entry_of(component, damage))
    release = system_of(draft, entries, damage)
    packages, ids = _packages(entries, draft.holders)
    try:
        whole = whole_from(draft.properties)
    except ValueError as error:
        damage.append(f"what Lading wrote of the image is damaged: {error}")
        whole = Whole()
    return Document(
        format=draft.format,
        packages=_with_edges(packages, ids, draft.edges),
        release=release,
        problems=(*whole.problems, *_problems(damage, what)),
        notes=tuple(_notes(apart, entries)) if whole.coverage is None else (),
        subject=ids.get(draft.subject.ref) if draft.subject is not None else None,
        image=whole.image,
        coverage=whole.coverage,
        deleted=whole.deleted,
    )


def _candidates(draft: Draft) -> Iterator[Component]:
    """Yield what may be packages: the subject counts where it has a package URL."""
    if draft.subject is not None and draft.subject.purl is not None:
        yield draft.subject
    yield from draft.components


def _packages(
    entries: Sequence[Entry], holders: Mapping[str, str]
) -> tuple[list[Package], dict[str, str]]:
    """Return packages with ids and owners, and the ids by the refs of their entries."""
    systems = {one.component.ref for one in entries if one.package.type in SYSTEMS} - {""}
    groups: defaultdict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_key(entry, _home(entry, holders, systems))].append(entry)
    seen: Counter[str] = Counter()
    ids: dict[str, str] = {}
    found: list[tuple[Package, str | None]] = []
    for group in groups.values():
        package = _joined([entry.package for entry in group])
        if not group[0].is_ours:
            seen[package.purl] += 1
            number = seen[package.purl]
            id = package.purl if number == 1 else f"{package.purl}#{number}"
            package = replace(package, id=id)
        found.append((package, _home(group[0], holders, systems)))
        ids |= {entry.component.ref: package.id for entry in group if entry.component.ref}
    owned = (
        package if home is None or package.owner else replace(package, owner=ids.get(home))
        for package, home in found
    )
    return list(owned), ids


def _key(entry: Entry, home: str | None) -> tuple[object, ...]:
    package = entry.package
    if entry.is_ours:
        return (package.id,)
    return package.type, package.name, package.version, package.arch, home


def _home(entry: Entry, holders: Mapping[str, str], systems: set[str]) -> str | None:
    """Return the ref of the OS package that installed the files of a package of a language."""
    if entry.package.type in SYSTEMS:
        return None
    home = entry.component.parent or holders.get(entry.component.ref)
    return home if home in systems else None


def _joined(packages: Sequence[Package]) -> Package:
    if len(packages) == 1:
        return packages[0]
    return replace(
        packages[0],
        paths=tuple(sorted({path for one in packages for path in one.paths})),
        licenses=tuple(dict.fromkeys(text for one in packages for text in one.licenses)),
        hashes=tuple(dict.fromkeys(text for one in packages for text in one.hashes)),
    )


def _with_edges(
    packages: Iterable[Package], ids: Mapping[str, str], edges: Mapping[str, tuple[str, ...]]
) -> tuple[Package, ...]:
    """Return the packages by id, each with the ids of what it depends on."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for ref, targets in edges.items():
        if (id := ids.get(ref)) is not None:
            wanted[id].update(ids[target] for target in targets if target in ids)
    finished = (
        replace(package, depends_on=tuple(sorted(wanted[package.id] - {package.id})))
        if package.id in wanted and not package.depends_on
        else package
        for package in packages
    )
    return tuple(sorted(finished, key=lambda package: package.id))


def _problems(damage: Sequence[str], what: str) -> Iterator[Problem]:
    more = len(damage) - _MOST_PROBLEMS
    shown = [*damage[:_MOST_PROBLEMS], *([f"{more} more entries are damaged"] if more > 0 else [])]
    for reason in shown:
        yield Problem(stage=Stage.CATALOG, path=what, reason=reason, effect=_EFFECT)


def _notes(apart: Mapping[str, int], entries: Iterable[Entry]) -> Iterator[str]:
    unnamed = sum(entry.component.purl is None and not entry.is_ours for entry in entries)
    if unnamed:
        yield f"components of the SBOM without a package URL, so without advisories: {unnamed}"
    listed = {kind: n for kind, n in apart.items() if n and kind != SYSTEM_KIND}
    if listed:
        shown = ", ".join(f"{number} of kind {kind}" for kind, number in sorted(listed.items()))
        yield f"the SBOM also lists what is no package: {shown}"
