"""Which lock files speak of the image: those of an application whose packages are not installed.

A lock file that a package brought along is its maintainers' affair, and one beside the installed
tree says again what is there, or speaks of what was left out on purpose.
"""

from collections.abc import Iterable

from lading.model.package import Evidence, Package

_TREES = (
    "/node_modules/",
    "/.yarn/cache/",
    "/vendor/",
    "/site-packages/",
    "/dist-packages/",
    "/gems/",
)


def without_idle_locks(packages: Iterable[Package]) -> list[Package]:
    """Return the packages but for those that only an idle lock file declares.

    `owner` must be set already: it tells what the packages of the operating system brought.
    """
    packages = list(packages)
    installed = {
        (package.type, folder)
        for package in packages
        if package.evidence is not Evidence.DECLARED
        for path in package.paths
        for folder in _above_trees(path)
    }
    return [
        package
        for package in packages
        if package.evidence is not Evidence.DECLARED or not _is_idle(package, installed)
    ]


def _above_trees(path: str) -> Iterable[str]:
    """Yield the folders that the installed tree of the path lies in: `/srv/app` for modules."""
    for tree in _TREES:
        at = path.find(tree)
        while at >= 0:
            yield path[:at]
            at = path.find(tree, at + 1)


def _is_idle(package: Package, installed: set[tuple[str, str]]) -> bool:
    if package.owner is not None:
        return True
    return all(
        any(tree in path for tree in _TREES) or (package.type, path.rpartition("/")[0]) in installed
        for path in package.paths
    )
