"""Why a feed keeps an older state: kept in the database, so that `status` can say it."""

from dataclasses import dataclass

import msgspec

KEY = "error:"  # before the feed's name, in the table `meta`
_LONGEST = 500  # characters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The last try to make a feed newer, which failed."""

    at: str  # RFC 3339 UTC
    reason: str


def to_text(failure: Failure) -> str:
    """Return the failure for the database."""
    reason = failure.reason.encode("utf-8", "replace").decode()[:_LONGEST]
    return msgspec.json.encode(Failure(at=failure.at, reason=reason)).decode()


def from_text(text: str) -> Failure | None:
    """Return what `to_text` was given; None for what it did not write."""
    try:
        return msgspec.json.decode(text, type=Failure)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
