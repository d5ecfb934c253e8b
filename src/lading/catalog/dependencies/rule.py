"""What a rule is: packages of one ecosystem in, pairs of ids out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lading.model.package import Package


def _nobody(_path: str) -> str | None:
    return None


def _as_given(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a rule may ask about the rest of the image."""

    packages: tuple[Package, ...]  # of all types
    owner_of: Callable[[str], str | None] = _nobody  # id of the package that lists the file
    real_path: Callable[[str], str] = _as_given  # of a folder, without symbolic links


Edges = Iterator[tuple[str, str]]
"""Ids: of the package that asks, and of one that answers. May repeat, and may name itself."""

Rule = Callable[[Sequence[Package], Surroundings], Edges]


_MOST_PAIRS = 100_000  # of a package's places and requirements; real ones have a few thousand


def is_absurd(package: Package) -> bool:
    """Return whether looking up each requirement in each place would take longer than is sane."""
    return len(package.paths) * len(package.requires) > _MOST_PAIRS


def both(first: Rule, second: Rule) -> Rule:
    """Return the rule that gives the edges of the two."""

    def edges(packages: Sequence[Package], around: Surroundings) -> Edges:
        yield from first(packages, around)
        yield from second(packages, around)

    return edges


def commonest_arch(packages: Sequence[Package]) -> str | None:
    """Return the architecture that most packages are built for; None when none says."""
    counted = Counter(one.arch for one in packages if one.arch and one.arch not in NEUTRAL)
    return min(counted, key=lambda arch: (-counted[arch], arch)) if counted else None


NEUTRAL = frozenset(("all", "noarch", "any"))
"""Architectures that are none."""
