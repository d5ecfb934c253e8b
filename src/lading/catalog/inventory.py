"""Facts and merged files into the inventory: packages with their layer, owner and identity.

A package is one (type, name, version, architecture, owner); its paths are all the files that
prove it. Its layer is the first of those that have held it without a break up to the last:
package sets of consecutive snapshots are compared, so that a rewritten database brings nothing
new.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lading.catalog.assemblies import without_listed
from lading.catalog.beside import joined, marked_as_brought
from lading.catalog.cataloger import Cataloger
from lading.catalog.contained import attributed, foreign, parts
from lading.catalog.dependencies import resolve
from lading.catalog.dependencies.python_versions import fold
from lading.catalog.dependencies.rule import Surroundings
from lading.catalog.insides import inside
from lading.catalog.listed import reconciled
from lading.catalog.locks import without_idle_locks
from lading.catalog.osrelease import PLACES
from lading.catalog.ownership import Owners
from lading.catalog.purl import purl_of
from lading.catalog.reading import Found
from lading.catalog.repositories import with_repositories
from lading.catalog.selection import Selection
from lading.errors import LimitExceeded
from lading.image.entry import Entry, LayerFiles
from lading.image.limits import Limits
from lading.image.problems import Problems, shown
from lading.image.tar import Kind
from lading.image.tree import Node, Tree
from lading.model.package import Certainty, Evidence, Ownership, Package, Release
from lading.model.problem import Problem
from lading.model.result import Deleted, DeletedFile, DeletedPackage, Modified

_STRENGTH = (Evidence.INSTALLED, Evidence.DECLARED, Evidence.BUNDLED, Evidence.CONTENT)
_EXECUTABLE = frozenset(("elf", "pe", "macho", "script"))

_Key = tuple[str, str, str | None, str | None]
_Presence = tuple[_Key, bool]
"""A package, and whether it is more than declared: a lock file may come long before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """A file of the final image that can run or be loaded."""

    paths: tuple[str, ...]  # all its names, sorted
    layer: int
    size: int
    kind: str  # elf, pe, macho, script, executable
    owner: str | None  # id of the package that explains it
    is_listed: bool = True  # the owner's record lists it; False: it is the package by its content


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What is in the image."""

    packages: tuple[Package, ...]  # by id
    release: Release | None
    files: int  # names that are not directories
    executables: tuple[Executable, ...]  # by path
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # what was left out on purpose
    modified: tuple[Modified, ...] | None = None  # None: nobody asked
    proven: frozenset[str] = frozenset()  # paths whose content is as a package recorded it
    deleted: Deleted | None = None  # None: nobody asked


class Assembly:
    """Takes layers, lowest first, and turns them into an inventory."""

    def __init__(
        self, selection: Selection, *, is_layered: bool, keep_deleted: bool = False
    ) -> None:
        self._selection = selection
        self._is_layered = is_layered
        self._keep_deleted = keep_deleted
        self._tree = Tree(keep_removed=keep_deleted)
        self._present: dict[_Presence, Package] = {}  # while deleted packages are kept
        self._gone: dict[_Presence, tuple[Package, int, int]] = {}  # with its first and last layer
        self._readings: list[dict[int, list[Found]]] = []
        self._since: dict[_Presence, int] = {}
        self._layer_problems: list[Problem] = []
        self._problems = Problems(Limits().problems)
        self._other_file_systems: list[str] = []

    def add(self, files: LayerFiles, found: dict[int, list[Found]]) -> None:
        """Put the next layer on top, with what catalogers found by visit."""
        self._readings.append(found)
        self._tree.apply(files)
        self._layer_problems += files.problems
        self._other_file_systems += map(shown, files.other_file_systems)
        layer = len(self._readings) - 1
        present = {
            _presence(found.fact): found.fact
            for node in self._tree.live
            for found in self._found(node)
            if isinstance(found.fact, Package)
        }
        if self._keep_deleted:
            for key in self._present.keys() - present.keys():
                self._gone[key] = self._present[key], self._since[key], layer
            self._present = present
        self._since = {key: self._since.get(key, layer) for key in present}

    def finish(self, release: Release | None = None) -> Inventory:
        """Return the inventory of the merged layers; `release` overrides what the image says."""
        packages: list[Package] = []
        ownerships: list[Ownership] = []
        releases: dict[str, Release] = {}
        files: dict[Node, list[str]] = {}
        links: list[str] = []
        for path, node in self._tree.names():
            if node.entry.kind is not Kind.FILE:
                if node.entry.kind is Kind.SYMLINK:
                    links.append(path)
                continue
            files.setdefault(node, []).append(path)
            for fact in self._facts(path, node):
                if isinstance(fact, Package):
                    packages.append(fact)
                elif isinstance(fact, Ownership):
                    ownerships.append(fact)
                else:
                    releases[path] = fact
        self._tell_unread(dict.fromkeys((*links, *self._selection.fixed)))
        chosen = release or _release(releases)
        owners = Owners(self._tree)
        finished = self._identify(reconciled(inside(joined(packages))), ownerships, owners, chosen)
        owners.add((one for one in ownerships if one.type not in OS_TYPES), finished)
        finished = marked_as_brought(finished, owners.of)
        around = Surroundings(
            packages=finished, owner_of=owners.named, real_path=self._tree.real_path
        )
        return Inventory(
            packages=attributed(resolve(finished, around), owners),
            release=chosen,
            files=self._tree.count(),
            executables=tuple(_executables(files, owners, finished, parts(packages))),
            problems=(*self._layer_problems, *self._tree.problems, *self._problems.all()),
            notes=self._notes(),
            deleted=self._deleted(chosen) if self._keep_deleted else None,
        )

    def _deleted(self, release: Release | None) -> Deleted:
        packages = [
            DeletedPackage(
                type=package.type,
                name=package.name,
                version=package.version,
                purl=purl_of(package, release),
                paths=tuple(map(shown, package.paths)),
                layer=since,
                deleted_in=layer,
            )
            for key, (package, since, layer) in self._gone.items()
            if key not in self._present and (key[0], True) not in self._present
        ]
        files = {
            one.path: DeletedFile(path=shown(one.path), layer=one.layer, deleted_in=one.by)
            for one in self._tree.removed
            if not self._tree.holds(one.path)
        }
        return Deleted(
            packages=tuple(sorted(packages, key=lambda one: (one.purl, one.paths))),
            files=tuple(files[path] for path in sorted(files)),
        )

    def _notes(self) -> tuple[str, ...]:
        mounts = self._other_file_systems
        if not mounts:
            return ()
        shown_few = ", ".join(mounts[:5]) + (f" and {len(mounts) - 5} more" if mounts[5:] else "")
        return (f"other file systems were not entered: {shown_few}",)

    def _found(self, node: Node) -> Sequence[Found]:
        visit = node.entry.visit
        return () if visit is None else self._readings[node.layer].get(visit, ())

    def _facts(self, path: str, node: Node) -> Iterable[Package | Ownership | Release]:
        """Yield the node's facts as seen under `path`, which may not be the name it was read by."""
        read_as = node.entry.link or node.entry.path
        if path == read_as or path == self._through_links(read_as):
            yield from (_shown(_renamed(fact, read_as, path)) for _, fact in self._found(node))
            return
        allowed = self._selection.by_path(path)
        for cataloger, fact in self._found(node):
            if cataloger in allowed or cataloger.content:
                yield _shown(_renamed(fact, read_as, path))
        known = self._selection.by_path(read_as) if node.entry.visit is not None else ()
        if unread := [one.name for one in allowed if one not in known]:
            self._problems.add(
                path,
                f"it was read as {shown(read_as)}, a name that says nothing to {', '.join(unread)}",
                "packages in it are not listed",
            )

    def _tell_unread(self, paths: Iterable[str]) -> None:
        """Add a problem where symbolic links lead from a wanted name to a file nobody wanted."""
        wanted = {path: allowed for path in paths if (allowed := self._selection.by_path(path))}
        try:
            for path, real, node in self._tree.files_at(wanted):
                if real != path:
                    self._tell_if_unread(path, wanted[path], real, node)
        except LimitExceeded as error:
            self._problems.add("", str(error), "packages that only links lead to may be missing")

    def _tell_if_unread(
        self, path: str, allowed: Sequence[Cataloger], real: str, node: Node | None
    ) -> None:
        names = {real}
        if node is not None and node.entry.visit is not None:
            names.add(node.entry.link or node.entry.path)
        known = {one.name for name in names for one in self._selection.by_path(name)}
        if unread := [one.name for one in allowed if one.name not in known]:
            self._problems.add(
                path,
                f"it leads to {shown(real)}, a name that says nothing to {', '.join(unread)}",
                "packages in it are not listed",
            )

    def _through_links(self, path: str) -> str:
        """Return the name that the file has where the links on the way to it lead."""
        folder, _, name = path.rpartition("/")
        return f"{self._tree.real_path(folder)}/{name}"

    def _identify(
        self,
        found: list[Package],
        ownerships: list[Ownership],
        owners: Owners,
        release: Release | None,
    ) -> tuple[Package, ...]:
        system = self._with_ids(_merged(p for p in found if p.type in OS_TYPES), release)
        system = with_repositories(system, ownerships)
        owners.add((one for one in ownerships if one.type in OS_TYPES), system)
        others = [
            package
            if (owner := owners.of(package.paths[0])) is None
            else replace(package, owner=owner)
            for package in found
            if package.type not in OS_TYPES
        ]
        others = without_listed(
            foreign(without_idle_locks(_owned_by_conda(others, ownerships, owners, release)))
        )
        packages = (*system, *self._with_ids(_merged(others), release))
        return tuple(sorted(packages, key=lambda package: package.id))

    def _with_ids(self, packages: list[Package], release: Release | None) -> tuple[Package, ...]:
        """Give each its purl, its id and its layer."""
        since = self._since if self._is_layered else {}
        return _with_ids(packages, release, since)


def _owned_by_conda(
    packages: list[Package],
    ownerships: Iterable[Ownership],
    owners: Owners,
    release: Release | None,
) -> list[Package]:
    """Return the packages, those with the owner that a conda environment's records say.

    What is recognised in conda's files stays without: nobody else looks after it.
    """
    managers = _with_ids(_merged(one for one in packages if one.type == "conda"), release, {})
    if not managers:
        return packages
    owners.add((one for one in ownerships if one.type == "conda"), managers)
    return [
        replace(one, owner=owners.of(one.paths[0]))
        if one.owner is None and one.proof is None and one.type != "conda"
        else one
        for one in packages
    ]


OS_TYPES = frozenset(("deb", "apk", "rpm", "opkg", "alpm", "ebuild"))


def _key(package: Package) -> _Key:
    """Return what makes it one package; Python's names are one in all their spellings."""
    name = fold(package.name) if package.type == "pypi" else package.name
    return package.type, name, package.version, package.arch


def _presence(package: Package) -> _Presence:
    return _key(package), package.evidence is not Evidence.DECLARED


def _shown(fact: Package | Ownership | Release) -> Package | Ownership | Release:
    """Return the fact with paths that are valid Unicode."""
    if isinstance(fact, Package) and not all(path.isascii() for path in fact.paths):
        return replace(fact, paths=tuple(map(shown, fact.paths)))
    return fact


def _renamed(
    fact: Package | Ownership | Release, old: str, new: str
) -> Package | Ownership | Release:
    if isinstance(fact, Package) and old != new:
        paths = (new + path[len(old) :] if path.startswith(old) else path for path in fact.paths)
        return replace(fact, paths=tuple(paths))
    return fact


def _release(found: dict[str, Release]) -> Release | None:
    for path in PLACES:
        if path in found and found[path].id:
            return found[path]
    return None


def _merged(packages: Iterable[Package]) -> list[Package]:
    """Return one package per identity, with the paths and the best evidence of all of it.

    A name that was only concluded, without a version, adds nothing to one with a version.
    """
    groups: dict[tuple[_Key, str | None], list[Package]] = {}
    for package in packages:
        groups.setdefault((_key(package), package.owner), []).append(package)
    stated = {(key[:2], owner) for key, owner in groups if key[2] is not None}
    return [
        _one(group)
        for (key, owner), group in groups.items()
        if key[2] is not None
        or (key[:2], owner) not in stated
        or group[0].certainty is Certainty.EXACT
    ]


def _one(group: list[Package]) -> Package:
    best = min(group, key=lambda package: (_STRENGTH.index(package.evidence), package.paths))
    if len(group) == 1:
        return best
    exact = any(package.certainty is Certainty.EXACT for package in group)
    return replace(
        best,
        paths=tuple(sorted({path for package in group for path in package.paths})),
        certainty=Certainty.EXACT if exact else Certainty.INFERRED,
        licenses=tuple(dict.fromkeys(text for package in group for text in package.licenses)),
        hashes=tuple(sorted({text for package in group for text in package.hashes})),
        requires=tuple(dict.fromkeys(text for package in group for text in package.requires)),
        provides=tuple(dict.fromkeys(text for package in group for text in package.provides)),
    )


def _with_ids(
    packages: list[Package], release: Release | None, since: Mapping[_Presence, int]
) -> tuple[Package, ...]:
    """Give each its purl, an id, and the layer that it is in since then."""
    purls = [purl_of(package, release) for package in packages]
    namespace = release.id if release is not None else None
    return tuple(
        replace(
            package,
            purl=purl,
            id=id,
            layer=_first(package, since),
            namespace=namespace if package.type in OS_TYPES else package.namespace,
        )
        for package, purl, id in zip(packages, purls, _ids(packages, purls), strict=True)
    )


def _first(package: Package, since: Mapping[_Presence, int]) -> int | None:
    key, is_there = _presence(package)
    return since.get((key, is_there), since.get((key, not is_there)))


def _ids(packages: list[Package], purls: list[str]) -> Iterable[str]:
    """Yield the purl, with the first path where two share it, and numbered where even these do."""
    shared = Counter(purls)
    seen: Counter[str] = Counter()
    for package, purl in zip(packages, purls, strict=True):
        id = f"{purl}#{package.paths[0]}" if shared[purl] > 1 else purl
        seen[id] += 1
        yield id if seen[id] == 1 else f"{id}#{seen[id]}"


def _executables(
    files: dict[Node, list[str]],
    owners: Owners,
    packages: tuple[Package, ...],
    only_parts: frozenset[str],
) -> Iterable[Executable]:
    proven = {
        path.partition("!")[0]: package.id
        for package in packages
        for path in package.paths
        if path not in only_parts
    }
    for node, paths in sorted(files.items(), key=lambda item: item[1][0]):
        kind = _kind(node.entry)
        if kind is None:
            continue
        named = [shown(path) for path in paths]
        owner = next((found for path in paths if (found := owners.of(path))), None)
        yield Executable(
            paths=tuple(named),
            layer=node.layer,
            size=node.entry.size,
            kind=kind,
            owner=owner or next((proven[path] for path in named if path in proven), None),
            is_listed=owner is not None,
        )


def _kind(entry: Entry) -> str | None:
    if entry.content in _EXECUTABLE:
        return entry.content
    return "executable" if entry.mode & 0o111 else None
