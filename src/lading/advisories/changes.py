"""What writing to the database changed, so that only what it concerns is looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from lading.model.coordinate import Coordinate


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The packages whose records are others than before, exactly.

    A record counts whole: when anything that is kept of it changed, so did each package that it
    named before or names now. What was written again as it was, with another date or not, is no
    change.
    """

    coordinates: frozenset[Coordinate] = frozenset()
    names: frozenset[str] = frozenset()  # vulnerabilities whose exploitation facts changed

    def __or__(self, other: Self) -> "Changes":
        return Changes(
            coordinates=self.coordinates | other.coordinates, names=self.names | other.names
        )

    def __bool__(self) -> bool:
        return bool(self.coordinates or self.names)


NOTHING = Changes()


class Tally:
    """Collects changes while a transaction runs; a part that is taken back takes its own along."""

    def __init__(self) -> None:
        self._coordinates: set[Coordinate] = set()
        self._names: set[str] = set()

    def touch(self, coordinates: Iterable[tuple[str, str]]) -> None:
        """Add packages, each as (ecosystem, name)."""
        self._coordinates.update(Coordinate(*one) for one in coordinates)

    def rename(
        self, before: Iterable[tuple[object, ...]], after: Iterable[tuple[object, ...]]
    ) -> None:
        """Add the vulnerabilities, first in each row, whose rows are not the same as before."""
        self._names.update(str(row[0]) for row in set(before) ^ set(after))

    def merge(self, part: Self) -> None:
        """Add all that a part collected."""
        self._coordinates |= part._coordinates
        self._names |= part._names

    def changes(self) -> Changes:
        """Return what was collected."""
        return Changes(coordinates=frozenset(self._coordinates), names=frozenset(self._names))
