"""What packages ask for where each is found in a place: a gem home, an environment, a binary.

A name is answered from the same place first. Where that has none, ecosystems that search several
places take the one package of that name in the image; the others take nothing.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence

from lading.catalog.dependencies.python_versions import fold
from lading.catalog.dependencies.rule import Edges, Rule, Surroundings
from lading.model.package import Evidence, Package

_LOCKS = (".lock", "/Manifest.toml")
_OWN_FILES = ("/package.json", "/METADATA", "/PKG-INFO", ".egg-info")

Place = Callable[[str], str | None]
"""From a package's path to the place it is in; None when it is in none."""


def by_place(
    place: Place,
    *,
    names: Callable[[Package], Iterable[str]] = lambda package: (package.name, *package.provides),
    asked: Callable[[str], str] = lambda requirement: requirement,
    elsewhere: bool = False,
) -> Rule:
    """Return the rule for packages in places.

    `names` are those a package answers to, `asked` is what a requirement asks for.
    """

    def edges(packages: Sequence[Package], _around: Surroundings) -> Edges:
        if not any(package.requires for package in packages):
            return
        placed = [(package, _homes(package, place)) for package in packages]
        homes: dict[str, _Ids] = {}
        everywhere: _Ids = {}
        for package, own in placed:
            is_seen_elsewhere = elsewhere and package.evidence is not Evidence.DECLARED
            seen = [homes.setdefault(home, {}) for home in own]
            _enter(package, names, [*seen, everywhere] if is_seen_elsewhere else seen)
        for package, own in placed:
            if not package.requires or not (own or elsewhere):
                continue
            wanted = dict.fromkeys(asked(one) for one in package.requires)
            near = [homes.get(home, {}) for home in own]
            for answering in _answering(wanted, near, everywhere):
                yield package.id, answering

    return edges


_Ids = dict[str, set[str]]  # by name


def _enter(package: Package, names: Callable[[Package], Iterable[str]], seen: list[_Ids]) -> None:
    if seen:
        for name in names(package):
            for ids in seen:
                ids.setdefault(name, set()).add(package.id)


def _homes(package: Package, place: Place) -> Iterable[str]:
    if len(package.paths) == 1:
        home = place(package.paths[0])
        return () if home is None else (home,)
    return dict.fromkeys(home for path in package.paths if (home := place(path)) is not None)


def _answering(wanted: dict[str, None], near: list[_Ids], everywhere: _Ids) -> Iterator[str]:
    missing = dict(wanted)
    for home in near:
        # The smaller of the two is walked: a package in many places may ask for much.
        for name in wanted if len(wanted) < len(home) else home:
            if name in wanted and (ids := home.get(name)):
                missing.pop(name, None)
                if len(ids) == 1:
                    yield from ids
    for name in missing:
        ids = everywhere.get(name, set())
        if len(ids) == 1:
            yield from ids


def _same_file(path: str) -> str:
    return path


def _none(_path: str) -> None:
    return None


def _before(part: str) -> Place:
    def place(path: str) -> str | None:
        before, found, _ = path.rpartition(part)
        return before if found else None

    return place


def _above(levels: int, suffix: str) -> Place:
    def place(path: str) -> str | None:
        if not path.endswith(suffix):
            return None
        for _ in range(levels):
            path = posixpath.dirname(path)
        return path

    return place


def _lock_file(path: str) -> str | None:
    """Return the path, unless an installed package's own file is there."""
    return None if path.endswith(_OWN_FILES) else path


def _or_lock(home: Place) -> Place:
    """Return the place for what is in a home; a lock file is a place of its own."""
    return lambda path: home(path) or (path if path.endswith(_LOCKS) else None)


def _folded(package: Package) -> Iterable[str]:
    return (fold(package.name),)


def _exact(package: Package) -> Iterable[str]:
    return (package.name, f"{package.name} {package.version}")


def _lower(package: Package) -> Iterable[str]:
    return [name.lower() for name in (package.name, *package.provides)]


ANYWHERE = by_place(_none, elsewhere=True)
COMPOSER = by_place(_same_file, names=_lower, asked=str.lower)  # a vendor folder has one list
NUGET = by_place(_same_file, names=_lower, asked=str.lower)  # an application, one manifest
GOLANG = by_place(_same_file)  # one binary
CARGO = by_place(_same_file, names=_exact)  # one binary, or one lock file
NPM_LOCK = by_place(_lock_file, names=_exact)  # one lock file
PYTHON_LOCK = by_place(_lock_file, names=_folded, asked=fold)  # one lock file
CONAN = by_place(_lock_file, names=_exact, elsewhere=True)  # a lock file, or a cache
CONDA = by_place(_before("/conda-meta/"))  # one environment
# .libPaths() has several libraries, ERL_LIBS several folders, DEPOT_PATH several depots
CRAN = by_place(_or_lock(_above(2, "/DESCRIPTION")), elsewhere=True)
ERLANG = by_place(_or_lock(_above(3, ".app")), elsewhere=True)  # lib/NAME-VERSION/ebin/NAME.app
JULIA = by_place(_or_lock(_above(3, "/Project.toml")), elsewhere=True)  # packages/NAME/SLUG
LUA = by_place(_above(3, ".rockspec"), elsewhere=True)  # a tree, and those behind it
OPAM = by_place(_before("/.opam-switch/"))  # one switch
