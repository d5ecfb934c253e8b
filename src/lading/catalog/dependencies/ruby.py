"""What Ruby gems ask for: names with bounds, answered as RubyGems and Bundler do.

Rules: https://guides.rubygems.org/patterns/#declaring-dependencies. RubyGems takes the latest
version within the bounds that is installed; a lock file of Bundler has one version of each gem.
"""

import operator as compared
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lading.catalog.dependencies.rule import Edges, Surroundings, is_absurd
from lading.errors import InvalidVersion
from lading.model.package import Evidence, Package
from lading.versions.gem import key

_WISH = re.compile(r"([^\s(]+)(?: \((.*)\))?", re.DOTALL)
_BOUND = re.compile(r"\s*(=|!=|>=|<=|~>|>|<)?\s*([0-9A-Za-z.-]+)\s*")
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+")
_HOME = re.compile(r"(.*)/(?:specifications|bundler/gems|vendor/gems)/.*", re.DOTALL)
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": compared.eq, "!=": compared.ne, ">": compared.gt, "<": compared.lt,
    ">=": compared.ge, "<=": compared.le,
}  # fmt: skip


class _Wish(NamedTuple):
    """A requirement."""

    name: str
    bounds: tuple[tuple[str, str], ...]  # operator, version


_Shelf = dict[str, list[Package]]  # by name


def edges(packages: Sequence[Package], _around: Surroundings) -> Edges:
    """Yield an edge for each requirement, from each place that the gem is in.

    A lock file that names the gem decides; then the gem home, where the latest version within the
    bounds answers; then the one gem within the bounds of all other homes.
    """
    shelves: dict[str, _Shelf] = {}
    everywhere: _Shelf = {}
    for package in packages:
        for home in _homes(package):
            shelves.setdefault(home, {}).setdefault(package.name, []).append(package)
        if package.evidence is not Evidence.DECLARED:
            everywhere.setdefault(package.name, []).append(package)
    for package in packages:
        if package.requires and not is_absurd(package):
            near = [shelves[home] for home in _homes(package)]
            for wish in map(_wish, package.requires):
                for answer in _answers(wish, near, everywhere):
                    yield package.id, answer.id


def _homes(package: Package) -> list[str]:
    """Return the lock files and, behind those, the gem homes that it is in."""
    homes = {path: _HOME.fullmatch(path) for path in package.paths}
    locks = [path for path, found in homes.items() if found is None]
    return [*locks, *dict.fromkeys(found[1] for found in homes.values() if found)]


def _answers(wish: _Wish, near: list[_Shelf], everywhere: _Shelf) -> Iterator[Package]:
    is_answered = False
    for shelf in near:
        fit = [one for one in shelf.get(wish.name, ()) if _is_within(one.version, wish.bounds)]
        if fit and not is_answered:
            is_answered = True
            yield max(fit, key=_rank)
    if not is_answered:
        fit = [one for one in everywhere.get(wish.name, ()) if _is_within(one.version, wish.bounds)]
        if len(fit) == 1:
            yield fit[0]


def _rank(package: Package) -> tuple[object, ...]:
    try:
        return (1, key(package.version or ""), package.id)
    except InvalidVersion:
        return (0, (), package.id)


@lru_cache(maxsize=16384)
def _wish(text: str) -> _Wish:
    found = _WISH.fullmatch(text)
    if found is None:
        return _Wish(text, ())
    parts = (_BOUND.fullmatch(part) for part in (found[2] or "").split(","))
    return _Wish(found[1], tuple((part[1] or "=", part[2]) for part in parts if part))


def _is_within(version: str | None, bounds: tuple[tuple[str, str], ...]) -> bool:
    """Return whether a version is in the bounds; one that cannot be read is in none."""
    try:
        return all(_meets(version or "", operator, bound) for operator, bound in bounds)
    except InvalidVersion:
        return False


def _meets(version: str, operator: str, bound: str) -> bool:
    if operator != "~>":
        return _ORDER[operator](key(version), key(bound))
    above = key(version) >= key(bound)
    return above and key(_numbers(version)) < key(_next(bound))


def _numbers(version: str) -> str:
    """Return the release that a pre-release comes before."""
    segments = []
    for segment in _SEGMENT.findall(version.replace("-", ".pre.")):
        if not segment.isdecimal():
            break
        segments.append(segment)
    return ".".join(segments) or "0"


def _next(bound: str) -> str:
    """Return `3` for `2.4` and `2.5` for `2.4.1`."""
    segments = _numbers(bound).split(".")
    kept = segments[:-1] if len(segments) > 1 else segments
    return ".".join([*kept[:-1], str(int(kept[-1]) + 1)])
