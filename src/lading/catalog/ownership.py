"""Which package's record lists a file, with the links in its path resolved."""

from collections.abc import Collection, Iterable

from lading.image.tree import Tree
from lading.model.package import Ownership, Package


class Owners:
    """Owned paths of the final image, as its package databases list them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._owners: dict[str, str] = {}
        self._real: dict[str, str | None] = {}  # None: the folder is where it seems to be

    def add(self, ownerships: Iterable[Ownership], packages: Iterable[Package]) -> None:
        """Record the files of the packages that are in the inventory; the first owner keeps a file.

        A list whose package is not installed any more owns nothing.
        """
        index = package_index(packages)
        ownerships = tuple(ownerships)
        moved = Diversions(ownerships)
        for ownership in ownerships:
            owner = owner_id(
                ownership.type, ownership.name, ownership.version, ownership.arch, index
            )
            if owner is None:
                continue
            paths = moved.seen_by(ownership.type, ownership.name, ownership.paths)
            for path in map(self._place, paths):
                self._owners.setdefault(path, owner)

    def of(self, path: str) -> str | None:
        """Return the id of the package that lists the file (an archive's, for a file inside it)."""
        return self._owners.get(path.partition("!")[0])

    def named(self, path: str) -> str | None:
        """Return the id of the package that lists a path, through whatever links it is named."""
        return self._owners.get(self._place(path))

    def _place(self, path: str) -> str:
        """Return the path with the links in its folder resolved."""
        folder = path[: path.rfind("/")] if path.startswith("/") else ""
        try:
            real = self._real[folder]
        except KeyError:
            led = self._tree.real_path(folder)
            real = self._real[folder] = led if led != folder else None
        return path if real is None else real + path[len(folder) :]


class Diversions:
    """Where dpkg puts files whose place another package, or the administrator, asked for."""

    def __init__(self, ownerships: Iterable[Ownership]) -> None:
        self._moved = {
            old: (new, one.name) for one in ownerships for old, new in one.diverted if new
        }

    def seen_by(self, type: str, name: str, paths: Collection[str]) -> Iterable[str]:
        """Return where the files are that a package of that name lists as `paths`."""
        if type != "deb" or self._moved.keys().isdisjoint(paths):
            return paths
        return [self._place(path, name) for path in paths]

    def _place(self, path: str, name: str) -> str:
        new, by = self._moved.get(path, (path, name))
        return path if by == name else new


Index = dict[tuple[str, str, str | None, str | None], str]
"""Ids by type, name, version and architecture; None for those that a list need not say."""


def package_index(packages: Iterable[Package]) -> Index:
    """Return the packages' ids by what a list of files may say of its package."""
    index: Index = {}
    for package in packages:
        name = _folded(package.type, package.name)
        for version in (package.version, None):
            for arch in (package.arch, None):
                index.setdefault((package.type, name, version, arch), package.id)
    return index


def owner_id(
    type: str, name: str, version: str | None, arch: str | None, index: Index
) -> str | None:
    """Return the id of the package that a list is of, or None when it is not installed."""
    name = _folded(type, name)
    found = index.get((type, name, version, arch))
    if found is None and arch == "all":
        found = index.get((type, name, version, None))
    return found


def _folded(type: str, name: str) -> str:
    """Return the name as wheels spell it in folder names, so that both spellings meet."""
    return name.lower().replace("-", "_").replace(".", "_") if type == "pypi" else name
