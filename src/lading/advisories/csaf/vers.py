"""Version ranges written as `vers:<type>/<constraints>` to ranges of events.

Specification: https://github.com/package-url/vers-spec. OSV has no beginning that excludes its own
version: `>1.0` begins at 1.0, and so says rather more than less.
"""

from urllib.parse import unquote

from lading.errors import InvalidRecord
from lading.model.advisory import Event, EventKind, Range

_MOST = 10_000  # constraints
_OPERATORS = (">=", "<=", "!=", "<", ">", "=")
_START = Event(kind=EventKind.INTRODUCED, version="0")


def read_vers(text: str) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """Return the ranges, and the versions that are named one by one.

    InvalidRecord for what is no such text, or leaves out versions inside a range.
    """
    head, slash, body = text.strip().partition("/")
    if not head.startswith("vers:") or not slash or not body:
        raise InvalidRecord(f"no range of versions: {text[:80]!r}")
    parts = [part.strip() for part in body.split("|")]
    if len(parts) > _MOST:
        raise InvalidRecord(f"a range of more than {_MOST} constraints")
    if parts == ["*"]:
        return (Range(type="ECOSYSTEM", events=(_START,)),), ()
    ranges: list[Range] = []
    versions: list[str] = []
    begin: Event | None = None
    for part in parts:
        operator = next((one for one in _OPERATORS if part.startswith(one)), "")
        version = unquote(part.removeprefix(operator)).strip()
        if not version or operator == "!=" or version == "*":
            raise InvalidRecord(f"a range of versions that cannot be read: {text[:80]!r}")
        if operator in ("", "="):
            versions.append(version)
        elif operator in (">", ">="):
            if begin is not None:
                ranges.append(_range(begin))
            begin = Event(kind=EventKind.INTRODUCED, version=version)
        else:
            kind = EventKind.FIXED if operator == "<" else EventKind.LAST_AFFECTED
            ranges.append(_range(begin or _START, Event(kind=kind, version=version)))
            begin = None
    if begin is not None:
        ranges.append(_range(begin))
    return tuple(ranges), tuple(versions)


def _range(*events: Event) -> Range:
    return Range(type="ECOSYSTEM", events=events)
