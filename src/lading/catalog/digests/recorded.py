"""The values that readers of digests yield: files as their package installed them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from typing import NamedTuple

from lading.catalog.cataloger import ImageFile
from lading.errors import CatalogError
from lading.model.package import Ownership


class Recorded(NamedTuple):
    """One file, as its package installed it."""

    path: str  # absolute, as the database writes it, through links or not
    expected: str  # "<algorithm>:<lower-case hex>", or "link:<target>"
    is_configuration: bool = False  # meant to be changed
    is_optional: bool = False  # its absence is no fault
    is_compared: bool = True  # False: only that it is there matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Files of one package."""

    type: str  # the package's purl type
    name: str
    version: str | None = None  # None where the record does not say
    arch: str | None = None
    files: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Files that a package manager was told not to install; of several rules the last holds."""

    type: str
    path: str  # of the settings, whose order counts
    rules: tuple[tuple[bool, str], ...]  # (whether it is left out, glob over absolute paths)


Kept = Records | LeftOut | Ownership
"""An Ownership says which of the recorded files are the package's still, or what was diverted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReader:
    """A reader of one package manager's digests: see `lading.catalog.cataloger.Cataloger`."""

    name: str
    wants: tuple[str, ...]  # globs over absolute paths
    max_size: int = 64 << 20  # bytes
    read: Callable[[ImageFile], Iterator[Kept]]


_MOST_SETTINGS = 1 << 16  # bytes of one file; real ones have a few hundred
_MOST_LOOKS = 2_000_000  # of a rule at a path


def left_out(file: ImageFile, type: str, rules: Iterable[tuple[bool, str]]) -> LeftOut:
    """Return the rules of a settings file; CatalogError when it is absurdly long."""
    if len(file.data) > _MOST_SETTINGS:
        raise CatalogError(f"settings of more than {_MOST_SETTINGS} bytes")
    return LeftOut(type=type, path=file.path, rules=tuple(rules))


class Absences:
    """Whether a missing file was left out on purpose.

    Rules that are absurdly many for the files that are missing are not all asked; what remains is
    called missing.
    """

    def __init__(self, settings: list[LeftOut]) -> None:
        self._looks_left = _MOST_LOOKS
        ordered = sorted(settings, key=lambda one: (one.type, one.path))
        # A star matches slashes too, as in the package managers' own settings.
        self._rules = [
            (one.type, is_out, re.compile(translate(glob)))
            for one in ordered
            for is_out, glob in one.rules
        ]

    def explain(self, type: str, path: str) -> bool:
        """Return whether a package manager was told not to install the file."""
        is_out = False
        self._looks_left -= len(self._rules)
        if self._looks_left < 0:
            return False
        for of, answer, glob in self._rules:
            if of == type and answer is not is_out and glob.match(path):
                is_out = answer
        return is_out
