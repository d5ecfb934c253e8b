"""Ranges of versions that people write, and whether a version lies in one.

`>=1.0, <2.0`: comparisons joined by commas, all of which must hold, in the order of the package's
own scheme; `|` between such lists means either. A version alone means that one, and `*` any.
VEX documents write `vers:` instead: https://github.com/package-url/vers-spec
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.versions import compare, scheme_of

_COMPARISON = re.compile(r"(<=|>=|!=|==|<|>|=)?\s*([^\s<>=!,|]+)")
_SHORT = re.compile(r"v?[0-9]+(?:\.[0-9]+)?")
_HOLDS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "==": eq, "!=": ne}


class Comparison(NamedTuple):
    sign: str
    version: str


Range = tuple[tuple[Comparison, ...], ...]
"""Any of the lists, all comparisons of it."""


def parse_range(text: str) -> Range:
    """Return the range; ValueError for text that is none."""
    return tuple(_all_of(part, text) for part in text.split("|"))


def _all_of(part: str, text: str) -> tuple[Comparison, ...]:
    if part.strip() == "*":
        return ()
    found = []
    for one in part.split(","):
        comparison = _COMPARISON.fullmatch(one.strip())
        if comparison is None:
            raise ValueError(f"{text!r} is no range of versions; write it as '>=1.0, <2.0'")
        found.append(Comparison(comparison[1] or "=", comparison[2]))
    return tuple(found)


def parse_vers(text: str) -> Range:
    """Return what `vers:TYPE/CONSTRAINTS` means; ValueError for text that is none.

    Constraints come in rising order: a lower bound and the upper one after it are one interval.
    """
    head, slash, body = text.partition("/")
    if not head.startswith("vers:") or not slash or not body.strip("|"):
        raise ValueError(f"{text!r} is no vers: range")
    if body == "*":
        return ((),)
    return tuple(_intervals([_constraint(part, text) for part in body.strip("|").split("|")]))


def _constraint(part: str, text: str) -> Comparison:
    found = _COMPARISON.fullmatch(unquoted(part).strip())
    if found is None:
        raise ValueError(f"{text!r} is no vers: range, for {part!r} is no comparison")
    return Comparison(found[1] or "=", found[2])


_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def unquoted(text: str) -> str:
    """Return the text without its percent escapes (RFC 3986, 2.1)."""
    return _ESCAPED.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text
    )


def _intervals(constraints: list[Comparison]) -> Iterator[tuple[Comparison, ...]]:
    but = tuple(one for one in constraints if one.sign == "!=")
    yield from ((one,) for one in constraints if one.sign in ("=", "=="))
    bounds = [one for one in constraints if one.sign[0] in "<>"]
    for number, one in enumerate(bounds):
        before = bounds[number - 1] if number else None
        if one.sign[0] == "<" and (before is None or before.sign[0] == "<"):
            yield (one, *but)
    for lower, upper in pairwise((*bounds, None)):
        if lower is not None and lower.sign[0] == ">":
            ends = (upper,) if upper is not None and upper.sign[0] == "<" else ()
            yield (lower, *ends, *but)
    if but and not bounds:
        yield but


def holds(range: Range, type: str, version: str | None) -> bool | None:
    """Say whether the version of a package of this purl type is in the range.

    None where that cannot be told: no version, no known scheme, or one that cannot be read.
    """
    answers = [_all_hold(part, type, version) for part in range]
    if True in answers:
        return True
    return None if None in answers else False


def _all_hold(part: tuple[Comparison, ...], type: str, version: str | None) -> bool | None:
    answers = [_one_holds(one, type, version) for one in part]
    if False in answers:
        return False
    return None if None in answers else True


def _one_holds(one: Comparison, type: str, version: str | None) -> bool | None:
    if version is None:
        return None
    scheme = scheme_of(type) or "generic"
    for bound in _spellings(one.version):
        try:
            return bool(_HOLDS[one.sign](compare(scheme, version, bound), 0))
        except InvalidVersion:
            continue
    return version == one.version if one.sign in ("=", "==") else None


def _spellings(bound: str) -> Iterator[str]:
    """Yield a bound as it was written, then with the zeros that some schemes insist on."""
    yield bound
    if _SHORT.fullmatch(bound):
        yield f"{bound}.0"
        yield f"{bound}.0.0"
