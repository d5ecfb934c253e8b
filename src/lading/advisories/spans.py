"""The versions of a package that a record can be about at all, as bytes that sort as they do.

From the lowest beginning to the highest end over all that the record says of the package: outside
of it the answer is `not affected` whatever stands in between, so that the database can leave such
records where they are. Inside, `lading.matching` decides. What cannot be read, or is without an
order, has no bounds: it is always looked at.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.model.advisory import Affected, EventKind, Range, tier_of
from lading.versions.ecosystems import scheme_of_ecosystem
from lading.versions.packed import after, pack


class Span(NamedTuple):
    """From `low`, as far as below `high`."""

    low: bytes
    high: bytes

    def holds(self, version: bytes) -> bool:
        """Say whether a packed version lies inside."""
        return self.low <= version < self.high


_ENDLESS = b"\xff"  # no version's bytes are that high
EVERY = Span(b"", _ENDLESS)
NONE = Span(b"", b"")


class _Unbounded(Exception):
    """A boundary without bytes: nothing can be left out."""


def span_of(affected: Affected) -> Span:
    """Return the span of what a record says of one package."""
    if affected.withdrawn or affected.state == "not-affected":
        return NONE
    if tier_of(affected) is not None:
        return EVERY  # what it mends counts where others of the record hold
    scheme = scheme_of_ecosystem(affected.ecosystem)
    ranges = [one for one in affected.ranges if one.type != "GIT"]
    if scheme is None or not (ranges or affected.versions):
        return EVERY
    try:
        spans = [_of_range(one, scheme) for one in ranges]
        spans += (Span(at, after(at)) for at in _listed(affected, scheme))
    except _Unbounded:
        return EVERY
    return Span(min(one.low for one in spans), max(one.high for one in spans))


def _listed(affected: Affected, scheme: str) -> Iterator[bytes]:
    return (_packed(scheme, text) for text in affected.versions)


def _packed(scheme: str, text: str) -> bytes:
    try:
        found = pack(scheme, text)
    except InvalidVersion as error:
        raise _Unbounded from error
    if found is None:
        raise _Unbounded
    return found


def _of_range(one: Range, scheme: str) -> Span:
    lows: list[bytes] = []
    ends: list[tuple[bytes, EventKind]] = []
    limits: list[bytes] = []
    is_endless = False
    for event in one.events:
        kind, version = event.kind, event.version
        if kind is EventKind.INTRODUCED:
            lows.append(b"" if version == "0" else _packed(scheme, version))
        elif kind is not EventKind.LIMIT:
            ends.append((_packed(scheme, version), kind))
        elif version == "*":
            is_endless = True
        else:
            limits.append(_packed(scheme, version))
    if not lows:
        raise _Unbounded  # a range without a beginning says nothing that could be relied on
    high = _end(max(lows), ends)
    if limits and not is_endless:
        high = min(high, max(limits))
    return Span(min(lows), high)


def _end(begins: bytes, ends: list[tuple[bytes, EventKind]]) -> bytes:
    """Return what all of a range is below; without end where its last beginning may have none."""
    last = max((at for at, _ in ends), default=None)
    if last is None or begins >= last:
        return _ENDLESS
    return max(after(at) if kind is EventKind.LAST_AFFECTED else at for at, kind in ends)
