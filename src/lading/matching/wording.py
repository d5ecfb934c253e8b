"""Answers to words: the rule that a user reads beside a match."""

from collections.abc import Sequence

from lading.model.advisory import Affected, Event, EventKind

DENIED = {True: "the record was withdrawn", False: "the record says that it is not affected"}

_MOST = 3  # of several rules; a record can have thousands


def some(rules: Sequence[str]) -> str:
    """Join the first rules, and say how many more there are."""
    shown = dict.fromkeys(rules)
    more = len(shown) - _MOST
    return "; ".join([*shown][:_MOST]) + (f"; and {more} more" if more > 0 else "")


def within(version: str, opened: Event, end: Event | None, scheme: str) -> str:
    """Say which range the version lies in: `2.14.1 is at or above 2.4 and below 2.15.0 (maven)`."""
    parts = [] if opened.version == "0" else [f"at or above {opened.version}"]
    if end is not None and end.kind is EventKind.LAST_AFFECTED:
        parts.append(f"not above {end.version}, the last affected")
    elif end is not None:
        parts.append(f"below {end.version}")
    return f"{version} is {' and '.join(parts) or 'affected like every version'} ({scheme})"


def outside(version: str, passed: Event | None, ahead: Event | None, scheme: str) -> str:
    """Say what lies between the version and the range: `1.2-3 is not below 1.2-1 (deb)`."""
    parts = []
    if passed is not None and passed.kind is EventKind.LAST_AFFECTED:
        parts.append(f"above {passed.version}, the last affected")
    elif passed is not None:
        parts.append(f"not below {passed.version}")
    if ahead is not None:
        parts.append(f"below {ahead.version}")
    return f"{version} is {' and '.join(parts)} ({scheme})"


def unlisted(version: str) -> str:
    """Say that a record which lists versions does not list this one."""
    return f"{version} is not among the versions listed as affected"


_STATES = {
    "not-fixed": "not fixed yet",
    "wont-fix": "it will not be fixed",
    "deferred": "its fix is put off",
    "end-of-life": "the package is no longer supported in this release",
    "under-investigation": "whether it is affected is being looked into",
    "informational": "advice, no vulnerability",
}
_LONGEST = 200  # characters of a statement


def state_of(affected: Affected) -> str:
    """Say what the record says instead of a fix, and its reason: `; it will not be fixed (…)`."""
    said = _STATES.get(affected.state or "")
    if said is None:
        return ""
    statement = " ".join((affected.statement or "").split())[:_LONGEST]
    return f"; {said} ({statement})" if statement else f"; {said}"
