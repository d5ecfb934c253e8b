"""Advisories: one form for every feed, after the OSV schema.

Schema: https://ossf.github.io/osv-schema/
"""

from dataclasses import dataclass
from enum import StrEnum

OWN = "own"
"""The feed of the user's own advisories."""


class EventKind(StrEnum):
    """What happens at a version of a range."""

    INTRODUCED = "introduced"
    FIXED = "fixed"
    LAST_AFFECTED = "last_affected"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One boundary; "0" as `introduced` sorts before every version."""

    kind: EventKind
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Events in one version order, as the feed lists them."""

    type: str  # ECOSYSTEM, SEMVER, GIT
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A severity as its source states it."""

    source: str  # the record's id
    vector: str | None  # CVSS vector string
    score: float | None  # 0.0 to 10.0, computed from the vector or as stated
    rating: str | None = None  # the source's own word, lower case, when it gives one


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """The versions of one package that an advisory speaks of."""

    ecosystem: str  # OSV ecosystem with its suffix: "Debian:12", "PyPI"
    name: str  # as the ecosystem compares names (PyPI: PEP 503)
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()  # affected one by one
    rating: str | None = None  # severity of this package alone, when it differs
    state: str | None = None  # instead of a fix: FixState, not-affected or under-investigation
    symbols: tuple[str, ...] = ()  # vulnerable functions, for reachability
    withdrawn: bool = False  # the record was taken back
    module: str | None = None  # "name:stream": only rpms of builds of that module
    arches: tuple[str, ...] = ()  # only packages of these architectures; none: of all
    of: str | None = None  # what `name` names: "binary", "source", "module"; None: it is not said
    tier: str | None = None  # who gets the fix: "esm-infra", "fips-updates", "eus"; None: all
    statement: str | None = None  # why the state is what it is, as the feed says it


_OF_RED_HAT = "Red Hat:rhel_"
_OF_UBUNTU = "Ubuntu:Pro:"


def tier_of(affected: Affected) -> str | None:
    """Return who gets the fix, as the feed says it or as the name of its ecosystem does."""
    ecosystem = affected.ecosystem
    if affected.tier is not None:
        return affected.tier
    if ecosystem.startswith(_OF_RED_HAT):  # Red Hat:rhel_eus:9.2::baseos
        return ecosystem.removeprefix(_OF_RED_HAT).partition(":")[0]
    if ecosystem.startswith(_OF_UBUNTU):  # Ubuntu:Pro:16.04:LTS, Ubuntu:Pro:FIPS-updates:18.04:LTS
        tier = ecosystem.removeprefix(_OF_UBUNTU).partition(":")[0]
        return "esm" if tier[:1].isdigit() else tier.lower()
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One record's word on one package: what matching needs of it, and no more."""

    advisory: str  # the record's id
    feed: str
    affected: Affected


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One record of one feed."""

    id: str
    feed: str  # "osv/PyPI", "alpine-secdb/v3.19"
    modified: str | None
    published: str | None = None
    withdrawn: str | None = None
    aliases: tuple[str, ...] = ()  # other names of the same vulnerability
    upstream: tuple[str, ...] = ()  # the vulnerabilities that this record carries on
    related: tuple[str, ...] = ()
    title: str | None = None
    rating: str | None = None  # the record's own word for its severity, lower case
    vectors: tuple[Vector, ...] = ()
    cwes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    malicious: bool = False  # the package itself is the attack
    affected: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kev:
    """A row of CISA's catalogue of known exploited vulnerabilities."""

    added: str  # date
    due: str | None
    ransomware: bool | None  # None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Epss:
    """FIRST's estimate of exploitation within 30 days."""

    score: float
    percentile: float
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How long a release of a system gets security fixes."""

    system: str  # the id of os-release: "debian"
    release: str  # as much of VERSION_ID as tells releases apart: "12", "22.04", "15.6"
    ends: str | None  # date of the last fixes for everybody; None: no date is set or known
    extended: str | None = None  # date of the last fixes for those who pay or ask for more
    ended: bool | None = None  # where no date is known: whether it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed in the database."""

    name: str
    records: int
    as_of: str | None  # newest change in it, RFC 3339 UTC

    @property
    def is_own(self) -> bool:
        """Whether the user, or who exports for all, wrote it: then it is as new as it can be."""
        return self.name == OWN or self.name.startswith(f"{OWN}/")
