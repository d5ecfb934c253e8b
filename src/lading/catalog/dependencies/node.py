"""What Node.js packages ask for, found as Node.js finds it: in the nearest node_modules.

Rule: https://nodejs.org/api/modules.html#loading-from-node_modules-folders. A requirement is the
name of a folder, which need not be the name of the package in it (`npm:` aliases). Folders may be
symbolic links, as pnpm and workspaces make them. Where a map of Yarn says what a package finds, the
requirement is a folder: https://yarnpkg.com/advanced/pnp-spec
"""

from collections.abc import Callable, Iterator, Sequence

from lading.catalog.dependencies.rule import Edges, Surroundings, is_absurd
from lading.model.package import Package

_FILE = "/package.json"
_MODULES = "/node_modules"
_NEAR = 8  # levels that are searched for a link of a name that no package has
_DEBIAN = ("/usr/share/nodejs", "/usr/lib/nodejs")  # where Debian's Node.js looks at last


def edges(packages: Sequence[Package], around: Surroundings) -> Edges:
    """Yield an edge to what each requirement leads to, from each place the package is in."""
    book = _Book(packages, around.real_path)
    for package in packages:
        if not package.requires or is_absurd(package):
            continue
        for path in package.paths:
            if not path.endswith(_FILE):
                continue
            search = book.search(path[: -len(_FILE)])
            for name in package.requires:
                found = book.at(name) if name.startswith("/") else search(name)
                if found is not None:
                    yield package.id, found


class _Book:
    def __init__(self, packages: Sequence[Package], real_path: Callable[[str], str]) -> None:
        self._by_folder = {
            path[: -len(_FILE)]: package.id
            for package in packages
            for path in package.paths
            if path.endswith(_FILE)
        }
        # Folders that packages stand in, scopes and all: no other needs a look.
        self._modules = {
            folder[: folder.rindex(_MODULES + "/") + len(_MODULES)]
            for folder in self._by_folder
            if _MODULES + "/" in folder
        }
        self._names = {folder.rpartition("/")[2] for folder in self._by_folder}
        self._real_path = real_path
        self._links: dict[str, str | None] = {}

    def at(self, folder: str) -> str | None:
        """Return the package in a folder."""
        return self._by_folder.get(folder)

    def search(self, start: str) -> Callable[[str], str | None]:
        """Return how a name is looked up from a folder."""
        levels = list(_levels(start))
        known = [folder for folder in levels if folder in self._modules]

        def find(name: str) -> str | None:
            for folder in known:
                found = self._by_folder.get(f"{folder}/{name}") or self._linked(folder, name)
                if found is not None:
                    return found
            is_folder = name.rpartition("/")[2] in self._names
            for folder in levels if is_folder else levels[:_NEAR]:
                found = self._linked(folder, name)
                if found is not None:
                    return found
            if not is_folder:
                return None
            debian = (self._by_folder.get(f"{folder}/{name}") for folder in _DEBIAN)
            return next((one for one in debian if one is not None), None)

        return find

    def _linked(self, folder: str, name: str) -> str | None:
        path = f"{folder}/{name}"
        if path not in self._links:
            self._links[path] = self._by_folder.get(self._real_path(path))
        return self._links[path]


def _levels(folder: str) -> Iterator[str]:
    """Yield the node_modules from the folder's own to the root's; none is in another directly."""
    while True:
        if not folder.endswith(_MODULES):
            yield folder + _MODULES
        if not folder:
            return
        folder = folder.rpartition("/")[0]
