"""Conditions on Python requirements into yes, no, or cannot tell.

Specification: https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
An image does not say all that a marker may ask for (the kernel's version, the patch level of
Python), so there are three values: where nothing is known, None.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lading.catalog.dependencies.python_versions import ORDER, compare, fold

_TOKEN = re.compile(
    r"\s*(?:(\(|\))|(===|==|~=|!=|<=|>=|<|>)|'([^']*)'|\"([^\"]*)\"|([A-Za-z_.]+))", re.ASCII
)
_DEEPEST = 32
_EXTRA = ("extra", "extras")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# Names that setuptools once wrote.
_OLD = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variable of the environment, held against a text."""

    variable: str
    operator: str
    text: str
    flipped: bool  # the text stands first


@dataclass(frozen=True, slots=True)
class Junction:
    """Parts of which all, or any, must hold."""

    is_all: bool
    parts: tuple["Marker", ...]


Marker = Comparison | Junction

Environment = Mapping[str, str | None]
"""The variables; None, or missing, for those that are not known."""


@lru_cache(maxsize=4096)
def read_marker(text: str) -> Marker | None:
    """Return what stands behind the semicolon of a requirement; None when it is no marker."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    tokens.reverse()
    marker = _any(tokens, 0)
    return None if tokens else marker


def extras_in(marker: Marker) -> frozenset[str]:
    """Return the extras that the marker's value hangs on, folded."""
    if isinstance(marker, Junction):
        return frozenset(name for part in marker.parts for name in extras_in(part))
    return frozenset((fold(marker.text),)) if marker.variable in _EXTRA else frozenset()


def holds(marker: Marker, environment: Environment, extras: Collection[str]) -> bool | None:
    """Return whether the marker holds where `extras`, folded, are asked for."""
    if isinstance(marker, Comparison):
        return _compared(marker, environment, extras)
    values = [holds(part, environment, extras) for part in marker.parts]
    decisive = not marker.is_all  # one True decides any, one False decides all
    if decisive in values:
        return decisive
    return None if None in values else marker.is_all


def _compared(one: Comparison, environment: Environment, extras: Collection[str]) -> bool | None:
    if one.variable in _EXTRA:
        has = fold(one.text) in extras
        return has if one.operator in ("==", "===", "in") else not has
    value = environment.get(one.variable)
    if value is None:
        return None
    if one.operator in ("in", "not in"):
        is_in = one.text in value if one.flipped else value in one.text
        return is_in if one.operator == "in" else not is_in
    operator = _FLIPPED.get(one.operator, one.operator) if one.flipped else one.operator
    if one.variable in ("python_version", "python_full_version", "implementation_version"):
        return compare(value, operator, one.text, is_whole=one.variable == "python_version")
    operator = operator.replace("===", "==")
    return ORDER[operator](value, one.text) if operator in ORDER else None


_Token = tuple[str, str]  # its kind, and its text


def _tokens(text: str) -> list[_Token] | None:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        kind = ("bracket", "operator", "text", "text", "word")[(match.lastindex or 1) - 1]
        found.append((kind, match[match.lastindex or 0]))
        position = match.end()
    return found


def _any(tokens: list[_Token], depth: int) -> Marker | None:
    return _joined(tokens, depth, "or")


def _joined(tokens: list[_Token], depth: int, word: str) -> Marker | None:
    """Read parts between `or`s, or between the `and`s of one of those; None for nonsense."""
    parts: list[Marker] = []
    while True:
        part = _joined(tokens, depth, "and") if word == "or" else _part(tokens, depth)
        if part is None:
            return None
        parts.append(part)
        if not tokens or tokens[-1] != ("word", word):
            return parts[0] if len(parts) == 1 else Junction(word == "and", tuple(parts))
        tokens.pop()


def _part(tokens: list[_Token], depth: int) -> Marker | None:
    if tokens and tokens[-1] == ("bracket", "("):
        tokens.pop()
        inner = _any(tokens, depth + 1) if depth < _DEEPEST else None
        return inner if tokens and tokens.pop() == ("bracket", ")") else None
    return _comparison(tokens)


def _comparison(tokens: list[_Token]) -> Marker | None:
    if len(tokens) < 3:
        return None
    left, operator = tokens.pop(), tokens.pop()
    if operator == ("word", "not") and tokens.pop() == ("word", "in"):
        operator = ("word", "not in")
    if not tokens or not (operator[0] == "operator" or operator[1] in ("in", "not in")):
        return None
    right = tokens.pop()
    if {left[0], right[0]} != {"text", "word"}:
        return None
    flipped = left[0] == "text"
    variable, text = (right[1], left[1]) if flipped else (left[1], right[1])
    return Comparison(_OLD.get(variable, variable), operator[1], text, flipped)
