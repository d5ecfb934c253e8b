"""Whether a version is affected, by the versions and events of a record.

Rule: https://ossf.github.io/osv-schema/#evaluation. Versions are put in order by the scheme of
their ecosystem, also where the record calls a range SEMVER; ranges of commits are passed over. What
cannot be read is `unknown`, never a quiet no.
"""

from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter
from typing import Any, NamedTuple

from lading.errors import InvalidVersion, UsageError
from lading.matching import wording
from lading.model.advisory import Affected, Event, EventKind, Range
from lading.model.match import Answer
from lading.versions import key

_START = "0"  # as `introduced`: before every version
_ENDLESS = "*"  # as `limit`: after every version
_ONE_RANGE = 2  # events
_MOST_BRANCHES = 64

# Looked up some 100 000 times in a scan.
_INTRODUCED, _FIXED, _LIMIT = EventKind.INTRODUCED, EventKind.FIXED, EventKind.LIMIT
_place = itemgetter(0)


class Verdict(NamedTuple):
    """The answer, why, and the versions that end the range the version lies in."""

    answer: Answer
    rule: str
    fixed: tuple[str, ...] = ()


def affects(
    affected: Affected, version: str | None, scheme: str | None, *, explained: bool = True
) -> Verdict:
    """Answer for one version; `scheme` is a key of SCHEMES, None where the order is not known.

    Without `explained` the answer `not affected` has no rule: it takes most of the time.
    """
    if affected.withdrawn or affected.state == "not-affected":
        return Verdict(Answer.NOT_AFFECTED, wording.DENIED[affected.withdrawn])
    if version is None:
        return Verdict(Answer.UNKNOWN, "the image does not say its version")
    ranges = [one for one in affected.ranges if one.type != "GIT"]
    here, doubt = _read(scheme, version)
    if version in affected.versions:
        fixed = () if scheme is None or here is None else _next_fixes(ranges, here, scheme)
        return Verdict(Answer.AFFECTED, f"{version} is listed as affected", fixed)
    if not ranges and not affected.versions:
        count = len(affected.ranges)
        given = f"ranges of commits only ({count})" if count else "no versions"
        return Verdict(Answer.UNKNOWN, f"the record gives {given}")
    if scheme is None or here is None:
        return Verdict(Answer.UNKNOWN, doubt)
    return _held(affected, ranges, version, here, scheme, explained=explained)


def _read(scheme: str | None, version: str) -> tuple[Any, str]:
    """Return the key of the version, or None and why there is none."""
    if scheme is None:
        return None, "the order of its versions is not known"
    try:
        return key(scheme, version), ""
    except (InvalidVersion, UsageError) as error:
        return None, str(error)


def _held(
    affected: Affected,
    ranges: list[Range],
    version: str,
    here: Any,
    scheme: str,
    *,
    explained: bool,
) -> Verdict:
    doubts: list[str] = []
    outside: list[_Stand] = []
    for one in ranges:
        try:
            stand = _stand(one, here, scheme)
        except InvalidVersion as error:
            doubts.append(str(error))
            continue
        if stand.opened is not None:
            rule = wording.within(version, stand.opened, stand.end, scheme)
            return Verdict(Answer.AFFECTED, rule, _fixed(stand.end, ranges, scheme))
        if not stand.begins:
            doubts.append("the record has a range without a beginning")
        outside.append(stand)
    for text in affected.versions:
        there, doubt = _read(scheme, text)
        if there == here:
            fixed = _next_fixes(ranges, here, scheme)
            return Verdict(Answer.AFFECTED, f"{version} is listed as affected, as {text}", fixed)
        if there is None and not ranges:
            doubts.append(doubt)
    if doubts:
        return Verdict(Answer.UNKNOWN, wording.some(doubts))
    if not explained:
        return _OUTSIDE
    rules = [wording.outside(version, one.passed, one.ahead, scheme) for one in outside]
    return Verdict(Answer.NOT_AFFECTED, wording.some(rules or [wording.unlisted(version)]))


_OUTSIDE = Verdict(Answer.NOT_AFFECTED, "")


def _fixed(end: Event | None, ranges: list[Range], scheme: str) -> tuple[str, ...]:
    """Return the fix that ends a range, or that of the range which the fix itself lies in.

    Records of branches have ranges that meet: 2.0.0 is where the one ends, and the next begins.
    """
    if sum(len(one.events) for one in ranges) <= _ONE_RANGE:
        return (end.version,) if end is not None and end.kind is _FIXED else ()
    for _ in range(_MOST_BRANCHES):
        if end is None or end.kind is not _FIXED:
            return ()
        here = _read(scheme, end.version)[0]
        on = next((one for one in _stands(ranges, here, scheme) if one.opened is not None), None)
        if on is None:
            return (end.version,)
        end = on.end
    return ()


def _stands(ranges: list[Range], here: Any, scheme: str) -> Iterator["_Stand"]:
    """Yield where a version stands in each range that can be read."""
    for one in ranges:
        with suppress(InvalidVersion):
            yield _stand(one, here, scheme)


class _Stand(NamedTuple):
    """Where a version stands in one range."""

    opened: Event | None  # what introduced it; None: it is outside
    end: Event | None  # inside: what ends it, above the version
    passed: Event | None  # outside: the last end at or below the version
    ahead: Event | None  # outside: the first introduction above the version
    begins: bool  # False: nothing is introduced, so the range says nothing


class _Bounds(NamedTuple):
    """The events of a range, in version order; those at one version as the record orders them."""

    start: Event | None  # introduced before every version
    events: list[tuple[Any, Event]]
    limit: tuple[Any, Event] | None  # the highest


def _bounds(one: Range, scheme: str) -> _Bounds:
    start: Event | None = None
    events: list[tuple[Any, Event]] = []
    limits: list[tuple[Any, Event]] = []
    is_endless = False
    for event in one.events:
        kind, version = event.kind, event.version
        if kind is _INTRODUCED and version == _START:
            start = event
        elif kind is not _LIMIT:
            events.append((key(scheme, version), event))
        elif version == _ENDLESS:
            is_endless = True
        else:
            limits.append((key(scheme, version), event))
    if len(events) > 1:
        events.sort(key=_place)
    return _Bounds(start, events, max(limits, key=_place) if limits and not is_endless else None)


def _stand(one: Range, here: Any, scheme: str) -> _Stand:
    start, events, limit = _bounds(one, scheme)
    opened, end, passed, ahead = start, None, None, None
    begins = start is not None
    for at, event in events:
        is_above = here < at
        if event.kind is _INTRODUCED:
            begins = True
            if is_above:
                ahead = ahead or event
            else:
                opened = opened or event
        elif at < here or (event.kind is _FIXED and not is_above):
            opened, passed = None, event
        elif opened is not None:
            end = event
            break
    if limit is not None:
        at, last = limit
        opened, end, passed = (opened, end or last, passed) if here < at else (None, None, last)
    return _Stand(opened, end, passed, ahead, begins)


def _next_fixes(ranges: list[Range], here: Any, scheme: str) -> tuple[str, ...]:
    """Return, for a version that the record lists, the first fix above it in each range."""
    found: dict[str, None] = {}
    for one in ranges:
        above = []
        for event in one.events:
            if event.kind is _FIXED:
                at = _read(scheme, event.version)[0]
                if at is not None and here < at:
                    above.append((at, event.version))
        if above:
            first = Event(kind=_FIXED, version=min(above, key=_place)[1])
            found |= dict.fromkeys(_fixed(first, ranges, scheme))
    return tuple(found)
