"""Ranges in npm's syntax to intervals of versions, for what is compared by numbers alone.

Syntax: https://github.com/npm/node-semver#ranges, without hyphens and pre-releases.
"""

import re

from lading.errors import InvalidRecord

_LONGEST = 1024  # characters of a range
_NUMBER = r"(?:\d{1,9}|[xX*])"
_TERM = re.compile(
    rf"(?P<sign>\^|~|>=|<=|>|<|=|)\s*v?(?P<version>{_NUMBER}(?:\.{_NUMBER}){{0,2}})(?:\s+|$)"
)

Version = tuple[int, int, int]
Interval = tuple[Version, Version | None]  # from, and up to but without; None: for ever
ZERO: Version = (0, 0, 0)


def intervals(text: str) -> list[Interval]:
    """Return the versions that satisfy a range; InvalidRecord for other syntax than we read."""
    if len(text) > _LONGEST:
        raise InvalidRecord("a range without end")
    found = []
    for part in text.split("||"):
        low, high = _set(part.strip())
        if high is None or low < high:
            found.append((low, high))
    return found


def without(whole: list[Interval], taken: list[Interval]) -> list[Interval]:
    """Return what is left of the intervals, rising and apart."""
    left = _joined(whole)
    for start, end in taken:
        rest: list[Interval] = []
        for low, high in left:
            if (end is not None and end <= low) or (high is not None and high <= start):
                rest.append((low, high))
                continue
            if low < start:
                rest.append((low, start))
            if end is not None and (high is None or end < high):
                rest.append((end, high))
        left = rest
    return left


def _set(text: str) -> Interval:
    """Return the versions that satisfy all terms at once."""
    low: Version = ZERO
    high: Version | None = None
    place = 0
    while place < len(text):
        term = _TERM.match(text, place)
        if term is None:
            raise InvalidRecord(f"no range of versions: {text[:80]!r}")
        start, end = _term(term["sign"], term["version"])
        low = max(low, start)
        high = end if high is None else high if end is None else min(high, end)
        place = term.end()
    if not text:
        raise InvalidRecord("no range of versions: an empty one")
    return low, high


def _term(sign: str, version: str) -> Interval:
    parts: list[int] = []
    for part in version.split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    if not parts:
        return ZERO, None
    major, minor, patch, *_ = [*parts, 0, 0]
    low = major, minor, patch
    first = next((place for place, number in enumerate(parts) if number), len(parts) - 1)
    after = _after(parts)  # the first version beyond all that the term names
    found: dict[str, Interval] = {
        "^": (low, _after(parts[: first + 1])),
        "~": (low, _after(parts[:2])),
        ">=": (low, None),
        ">": (after, None),
        "<": (ZERO, low),
        "<=": (ZERO, after),
    }
    return found.get(sign, (low, after))


def _after(parts: list[int]) -> Version:
    major, minor, patch, *_ = [*parts[:-1], parts[-1] + 1, 0, 0]
    return major, minor, patch


def _joined(intervals: list[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for low, high in sorted(intervals, key=lambda one: one[0]):
        if found and (found[-1][1] is None or low <= found[-1][1]):
            before, end = found[-1]
            found[-1] = before, None if end is None or high is None else max(end, high)
        else:
            found.append((low, high))
    return found
