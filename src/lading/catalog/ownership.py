"""Which package's record lists a file, with the links in its path resolved."""

from collections.abc import Iterable

from lading.image.tree import Tree
from lading.model.package import Ownership, Package


class Owners:
    """Owned paths of the final image, as its package databases list them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._owners: dict[str, str] = {}
        self._real: dict[str, str] = {}

    def add(self, ownerships: Iterable[Ownership], packages: Iterable[Package]) -> None:
        """Record the files of the packages that are in the inventory; the first owner keeps a file.

        A list whose package is not installed any more owns nothing.
        """
        index = _index(packages)
        for ownership in ownerships:
            owner = _owner(ownership, index)
            if owner is None:
                continue
            for path in ownership.paths:
                self._owners.setdefault(self._place(path), owner)

    def of(self, path: str) -> str | None:
        """Return the id of the package that lists the file (an archive's, for a file inside it)."""
        return self._owners.get(path.partition("!")[0])

    def named(self, path: str) -> str | None:
        """Return the id of the package that lists a path, through whatever links it is named."""
        return self._owners.get(self._place(path))

    def _place(self, path: str) -> str:
        """Return the path with the links in its folder resolved."""
        folder, _, name = path.rpartition("/")
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = self._tree.real_path(folder)
        return f"{real}/{name}"


_Index = dict[tuple[str, str, str | None, str | None], str]


def _index(packages: Iterable[Package]) -> _Index:
    index: _Index = {}
    for package in packages:
        name = _folded(package.type, package.name)
        for version in (package.version, None):
            for arch in (package.arch, None):
                index.setdefault((package.type, name, version, arch), package.id)
    return index


def _owner(ownership: Ownership, index: _Index) -> str | None:
    name = _folded(ownership.type, ownership.name)
    found = index.get((ownership.type, name, ownership.version, ownership.arch))
    if found is None and ownership.arch == "all":
        found = index.get((ownership.type, name, ownership.version, None))
    return found


def _folded(type: str, name: str) -> str:
    """Return the name as wheels spell it in folder names, so that both spellings meet."""
    return name.lower().replace("-", "_").replace(".", "_") if type == "pypi" else name
