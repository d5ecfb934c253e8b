"""Why a vulnerability is, or is not, reported for a target."""

from dataclasses import dataclass
from enum import StrEnum

from lading.model.finding import Finding
from lading.model.image import Image
from lading.model.match import Answer
from lading.model.package import Package


class Why(StrEnum):
    """Why something is not reported, or does not count."""

    NO_RECORD = "no-record"  # no feed knows the id
    WITHDRAWN = "withdrawn"  # the record was taken back
    NO_PACKAGE = "no-package"  # nothing here has the name that the records are about
    OTHER_PACKAGE = "other-package"  # something has the name, but is another kind of package
    NO_FEED = "no-feed"  # the package is here, and no feed covers it
    NOT_AFFECTED = "not-affected"  # the versions, or the distribution, say no
    SUPPRESSED = "suppressed"  # somebody decided so


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    why: Why
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One feed's record of the vulnerability."""

    id: str
    feed: str
    modified: str | None
    withdrawn: str | None
    title: str | None
    about: tuple[str, ...]  # "name (ecosystem)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One package held against one record."""

    package: Package
    answer: Answer
    record: str  # id
    feed: str
    rule: str  # the comparison, or whose word decided
    finding: Finding | None  # what is reported of it
    chain: tuple[str, ...]  # ids, from a package that nobody depends on down to this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    asked: str
    names: tuple[str, ...]  # other names of the same vulnerability
    records: tuple[Record, ...]
    answers: tuple[Answered, ...]  # affected ones first
    reasons: tuple[Reason, ...]  # empty where it is reported and counts
    image: Image  # for the layers and their instructions
