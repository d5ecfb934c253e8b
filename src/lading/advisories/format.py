"""What a feed's format is: a recognition and a pure `parse`, the same for every feed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from lading.model.advisory import Advisory, Epss, Kev, Support

_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_LONGEST_TIME = 40  # characters
HEAD = 4096  # bytes of a document that tell what it is


class Extent(StrEnum):
    """What one document stands for."""

    RECORD = "record"  # one advisory of a feed
    PART = "part"  # some advisories of a feed: what it does not name stays
    FEED = "feed"  # the whole feed: what it does not name is no longer said


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one document says."""

    feed: str  # the feed that it belongs to
    advisories: tuple[Advisory, ...] = ()
    kev: tuple[tuple[str, Kev], ...] = ()  # (CVE, entry)
    epss: tuple[tuple[str, Epss], ...] = ()  # (CVE, estimate)
    support: tuple[Support, ...] = ()  # of the releases of one system
    as_of: str | None = None  # RFC 3339 UTC; None where the document does not say
    rejected: tuple[tuple[str, str], ...] = ()  # (which part, why): the others stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of document.

    `recognises` gets the names of the members of a JSON object; `claims`, which is asked first, the
    first bytes (`HEAD`) of any document. `parse` gets the bytes, the name of the feed where it is
    known, and the time of the document where it is known; it raises `InvalidRecord` for what it
    cannot understand at all.
    """

    name: str
    extent: Extent
    parse: Callable[[bytes, str | None, str | None], Parsed]
    recognises: Callable[[frozenset[str]], bool] = lambda _: False
    claims: Callable[[bytes], bool] = lambda _: False


def utc(value: object) -> str | None:
    """Return a time as RFC 3339 UTC, to whatever fraction it was given; None for what is none."""
    if not isinstance(value, str) or len(value) > _LONGEST_TIME:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if _USUAL.fullmatch(value):
            return value
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def is_older(one: str | None, other: str | None) -> bool:
    """Tell whether a time of `utc` comes before another; one that is not known comes first.

    Fractions are of any length, so the times are compared without the Z behind them.
    """
    return (one or "").rstrip("Z") < (other or "").rstrip("Z")
