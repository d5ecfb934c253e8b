"""Whether a version is affected, by the events of a record.

Rule: https://ossf.github.io/osv-schema/#evaluation. Versions are ordered by the scheme of their
ecosystem; what cannot be read is `unknown`, never a quiet no.
"""

from dataclasses import dataclass
from typing import Any

from lading.errors import InvalidVersion
from lading.model.advisory import Affected, Event, EventKind, Range
from lading.model.match import Answer
from lading.versions import SCHEMES, key

_START = "0"  # as `introduced`: before every version


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, why, and the versions that end the range the version lies in."""

    answer: Answer
    rule: str
    fixed: tuple[str, ...] = ()


def affects(affected: Affected, version: str | None, scheme: str | None) -> Verdict:
    """Answer for one version; `scheme` is a key of SCHEMES, None where the order is not known."""
    if affected.withdrawn or affected.state == "not-affected":
        said = "was withdrawn" if affected.withdrawn else "says it was never affected"
        return Verdict(answer=Answer.NOT_AFFECTED, rule=f"the record {said}")
    if version is not None and version in affected.versions:
        return _listed(affected, version, scheme)
    ranges = [one for one in affected.ranges if one.type != "GIT" and one.events]
    doubt = _doubt(affected, ranges, version, scheme)
    if doubt is not None or version is None or scheme is None:
        return Verdict(answer=Answer.UNKNOWN, rule=doubt or "it cannot be compared")
    return _evaluated(affected, ranges, version, key(scheme, version), scheme)


def _doubt(
    affected: Affected, ranges: list[Range], version: str | None, scheme: str | None
) -> str | None:
    """Return why nothing can be compared, or None when it can."""
    if version is None:
        return "the image does not say its version"
    if scheme is None or scheme not in SCHEMES:
        return f"no version order is known for {scheme}"
    if not ranges and not affected.versions:
        return f"the record gives {'ranges of commits only' if affected.ranges else 'no versions'}"
    try:
        key(scheme, version)
    except InvalidVersion as error:
        return str(error)
    return None


def _listed(affected: Affected, version: str, scheme: str | None) -> Verdict:
    fixed: tuple[str, ...] = ()
    if scheme is not None and scheme in SCHEMES:
        ranges = [one for one in affected.ranges if one.type != "GIT"]
        try:
            here = key(scheme, version)
            fixed = tuple(dict.fromkeys(f for one in ranges for f in _next_fix(one, here, scheme)))
        except InvalidVersion:
            fixed = ()
    return Verdict(answer=Answer.AFFECTED, rule=f"{version} is listed as affected", fixed=fixed)


def _next_fix(one: Range, here: Any, scheme: str) -> tuple[str, ...]:
    """Return the first fix above a version that the record lists."""
    above = []
    for event in one.events:
        if event.kind is EventKind.FIXED:
            try:
                end = key(scheme, event.version)
            except InvalidVersion:
                continue
            if end > here:
                above.append((end, event.version))
    return (min(above, key=lambda pair: pair[0])[1],) if above else ()


def _evaluated(
    affected: Affected, ranges: list[Range], version: str, here: Any, scheme: str
) -> Verdict:
    outside: list[str] = []
    doubts: list[str] = []
    for one in ranges:
        verdict = _in_range(one, version, here, scheme)
        if verdict.answer is Answer.AFFECTED:
            return verdict
        (outside if verdict.answer is Answer.NOT_AFFECTED else doubts).append(verdict.rule)
    for text in affected.versions:
        try:
            if key(scheme, text) == here:
                return Verdict(
                    answer=Answer.AFFECTED, rule=f"{version} is listed as affected, as {text}"
                )
        except InvalidVersion as error:
            if not ranges:
                doubts.append(str(error))
    if doubts:
        return Verdict(answer=Answer.UNKNOWN, rule="; ".join(doubts[:3]))
    rule = "; ".join(outside[:3]) or f"{version} is not among the versions listed as affected"
    return Verdict(answer=Answer.NOT_AFFECTED, rule=rule)


def _in_range(one: Range, version: str, here: Any, scheme: str) -> Verdict:
    """Walk the events in version order: each `introduced` opens, each other kind closes."""
    try:
        events = _sorted(one, scheme)
    except InvalidVersion as error:
        return Verdict(answer=Answer.UNKNOWN, rule=str(error))
    opened: Event | None = None
    nearest = ""
    for at, event in events:
        if event.kind is EventKind.INTRODUCED:
            if at is None or at <= here:
                opened = opened or event
            else:
                nearest = nearest or f"{version} is below {event.version} ({scheme})"
                break
        elif _closes(event, at, here):
            if opened is not None:
                nearest = _behind(version, event, scheme)
            opened = None
        elif opened is not None:
            return Verdict(
                answer=Answer.AFFECTED,
                rule=_within(version, opened, event, scheme),
                fixed=(event.version,) if event.kind is EventKind.FIXED else (),
            )
    if opened is not None:
        return Verdict(answer=Answer.AFFECTED, rule=_within(version, opened, None, scheme))
    return Verdict(
        answer=Answer.NOT_AFFECTED, rule=nearest or f"{version} is outside the range ({scheme})"
    )


def _closes(event: Event, at: Any, here: Any) -> bool:
    return bool(at < here) if event.kind is EventKind.LAST_AFFECTED else bool(at <= here)


def _behind(version: str, event: Event, scheme: str) -> str:
    if event.kind is EventKind.LAST_AFFECTED:
        return f"{version} is above {event.version}, the last affected ({scheme})"
    return f"{version} is not below {event.version} ({scheme})"


def _within(version: str, opened: Event, end: Event | None, scheme: str) -> str:
    parts = [] if opened.version == _START else [f"at or above {opened.version}"]
    if end is not None and end.kind is EventKind.LAST_AFFECTED:
        parts.append(f"not above {end.version}, the last affected")
    elif end is not None:
        parts.append(f"below {end.version}")
    where = " and ".join(parts) or "affected like every version"
    return f"{version} is {where} ({scheme})"


# At one version, a fix comes before an introduction, and the last affected before a fix.
_ORDER = {
    EventKind.LAST_AFFECTED: 0,
    EventKind.FIXED: 1,
    EventKind.LIMIT: 1,
    EventKind.INTRODUCED: 2,
}


def _sorted(one: Range, scheme: str) -> list[tuple[Any, Event]]:
    """Return (key, event) by version; `introduced: 0` comes first, with None for its key."""
    start = [
        (None, event)
        for event in one.events
        if event.kind is EventKind.INTRODUCED and event.version == _START
    ]
    rest = [
        (key(scheme, event.version), event)
        for event in one.events
        if not (event.kind is EventKind.INTRODUCED and event.version == _START)
        and not (event.kind is EventKind.LIMIT and event.version == "*")
    ]
    rest.sort(key=lambda pair: (pair[0], _ORDER[pair[1].kind]))
    return [*start, *rest]
