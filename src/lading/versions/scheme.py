"""What every version scheme shares: the shape of its key function, and a bound on its work."""

from collections.abc import Callable, Hashable
from typing import Any, Protocol

from lading.errors import InvalidVersion

LONGEST = 4096
"""Characters; no real version comes near, and Python turns no longer run of digits into an int."""


class Sortable(Hashable, Protocol):
    """A key: it compares with the other keys of its scheme, and with nothing else."""

    def __lt__(self, other: Any, /) -> bool: ...


Key = Callable[[str], Sortable]
"""From a version as written to what sorts in its place; raises InvalidVersion."""


def bounded(scheme: str, text: str) -> str:
    """Return `text`, or raise InvalidVersion when it is empty or longer than LONGEST."""
    if not text:
        raise InvalidVersion(scheme, text, "it is empty")
    if len(text) > LONGEST:
        raise InvalidVersion(scheme, text, f"it is longer than {LONGEST} characters")
    return text
