"""What could not be done, and what may be missing because of it."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The part of the pipeline that met the problem."""

    IMAGE = "image"
    CATALOG = "catalog"
    MATCHING = "matching"
    ADVISORIES = "advisories"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that was skipped; the rest of the result stands."""

    stage: Stage
    path: str  # the file, layer or record concerned; "" when it is the whole image
    reason: str  # what was wrong with it
    effect: str  # what may be missing now, in words a user understands
