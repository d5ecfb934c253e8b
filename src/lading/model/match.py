"""A package held against an advisory, answered."""

from dataclasses import dataclass
from enum import StrEnum

from lading.model.advisory import Candidate
from lading.model.package import Package


class Answer(StrEnum):
    """Three values: what could not be told is never a quiet no."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not-affected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One advisory held against one package."""

    package: Package
    candidate: Candidate
    answer: Answer
    rule: str  # why, in words: the versions compared, in which scheme, by which name
    fixed: tuple[str, ...] = ()  # versions that end the range the package is in
    elsewhere: bool = False  # the record is about other builds, and so says nothing of this one
