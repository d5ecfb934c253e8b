"""Rows of a lock file into packages that are declared, not known to be installed."""

from collections.abc import Iterable, Iterator

from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Evidence, Package

_INSTALLED = (
    "/node_modules/",
    "/site-packages/",
    "/dist-packages/",
    "/vendor/",
    "/gems/",
    "/pkg/mod/",
    "/.cargo/registry/",
    "/.julia/packages/",
    "/META-INF/",
)


def is_own(path: str) -> bool:
    """Return whether a lock file belongs to the application itself.

    That of an installed package says what its authors worked with, and nothing was installed by it.
    """
    return not any(folder in path for folder in _INSTALLED)


def declare(type: str, path: str, rows: Iterable[tuple[object, ...]]) -> Iterator[Package]:
    """Yield a package for each name and version, once.

    A third member of a row lists, or has as keys, what the package asks for: names, or
    `name version` where the file says which.
    Raises CatalogError, after the others were yielded, when names or versions are unfit.
    """
    seen: set[tuple[str, str]] = set()
    unfit = 0
    for stated_name, stated_version, *asked in rows:
        name, version = word(stated_name), word(stated_version)
        if name is None or version is None:
            unfit += 1
        elif (name, version) not in seen:
            seen.add((name, version))
            yield Package(
                type=type,
                name=name,
                version=version,
                paths=(path,),
                evidence=Evidence.DECLARED,
                requires=words(asked[0]) if asked else (),
            )
    if unfit:
        raise CatalogError(f"{path}: {unfit} of its packages have no fit name and version")
