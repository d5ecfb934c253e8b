"""The result of a scan: the finished value that policies judge and reports render.

Its JSON form, `lading.scan/1`, is written and read by `lading.report.json`.
"""

from dataclasses import dataclass

from lading import __version__
from lading.model.decision import Decision
from lading.model.finding import Finding
from lading.model.image import Image
from lading.model.package import Package
from lading.model.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAge:
    """A feed as it was when the scan used it."""

    name: str
    records: int
    as_of: str | None  # RFC 3339 UTC: the newest change in it
    age_hours: float | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisories:
    """The advisory database that the scan used."""

    built: str | None
    partial: bool  # True: the bundled snapshot, which holds a part of each feed
    feeds: tuple[FeedAge, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What its age leaves uncovered."""
        if not self.feeds:
            return ("the advisory database is empty",)
        stale = sum(feed.stale for feed in self.feeds)
        return (f"{stale} of {len(self.feeds)} feeds are stale",) if stale else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexplained:
    """An executable file that no package accounts for."""

    path: str
    layer: int | None
    size: int
    kind: str  # elf, pe, macho, script, executable


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A package that no advisory data was held against."""

    package: str  # id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Modified:
    """A file that is not as its package installed it."""

    path: str
    layer: int | None  # the one that it is from; None: of a directory, or the file is missing
    package: str  # id
    state: str  # changed, configuration (meant to be changed), missing
    expected: str  # "<algorithm>:<hex>", or "link:<target>"
    found: str | None  # the same, or "directory"; None: missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """By what the explained executables are explained, the strongest proof of each."""

    digest: int = 0  # as its package recorded it (--verify)
    list: int = 0  # a package's own record names it
    directory: int = 0  # a script in the folder of a language package
    content: int = 0  # it is a package itself, or was recognised by its bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedPackage:
    """A package that an upper layer took away or replaced, and that can still be extracted."""

    type: str
    name: str
    version: str | None
    purl: str
    paths: tuple[str, ...]
    layer: int  # the first that had it
    deleted_in: int  # the first that has it no more


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedFile:
    """A file that an upper layer took away, and that can still be extracted."""

    path: str
    layer: int
    deleted_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What lower layers hold and the final image does not."""

    packages: tuple[DeletedPackage, ...]  # by purl
    files: tuple[DeletedFile, ...]  # by path


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the image is accounted for."""

    files: int
    executables: int
    explained: int  # of the executables
    unexplained: tuple[Unexplained, ...]
    unmatched: tuple[Unmatched, ...]
    notes: tuple[str, ...] = ()  # what else is not covered: unknown distribution, stale feeds
    explained_by: Proofs = Proofs()
    modified: tuple[Modified, ...] | None = None  # by path; None: nobody asked (--verify)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that the policy does not accept."""

    finding: str | None  # "<finding id> <package id>"
    coverage: str | None  # the coverage item, where it is not a finding
    rule: str
    package: str | None = None  # its id, where the package itself is what is not accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    passed: bool
    breaches: tuple[Breach, ...]
    warnings: tuple[Breach, ...] = ()  # what a rule warns of, and lets pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything a report may show; nothing else is needed to render it."""

    target: str  # as the user gave it
    image: Image
    advisories: Advisories | None  # None for an inventory
    packages: tuple[Package, ...]  # by id
    findings: tuple[Finding, ...] | None  # by package, then id; None for an inventory
    problems: tuple[Problem, ...]
    coverage: Coverage
    verdict: Verdict | None  # None for an inventory
    deleted: Deleted | None = None  # None: nobody asked (--deleted)
    decisions: tuple[Decision, ...] | None = None  # None: nobody gave exceptions or VEX
    config: str | None = None  # the settings file that was read
    target_kind: str = "image"  # image, directory, sbom, file, purl
    lading: str = __version__  # the version of Lading that made it
