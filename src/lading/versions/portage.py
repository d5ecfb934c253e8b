"""Gentoo versions: `1.2.3a_rc1_p2-r4`.

Specification: https://projects.gentoo.org/pms/8/pms.html#version-comparison
Numbers after the first compare as text, without the zeros at their end, when one of them has a
leading zero. A revision that is missing is revision 0.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_SUFFIXES = ("alpha", "beta", "pre", "rc", "", "p")
_END = _SUFFIXES.index("")
_SUFFIX = re.compile(r"_(alpha|beta|pre|rc|p)([0-9]*)")
_VERSION = re.compile(
    r"([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|p)[0-9]*)*)(?:-r([0-9]+))?"
)

Number = tuple[int, str]
PortageKey = tuple[int, tuple[Number, ...], str, tuple[tuple[int, int], ...], int]


def key(text: str) -> PortageKey:
    """Return a tuple that sorts as Gentoo's specification says, or raise InvalidVersion."""
    found = _VERSION.fullmatch(bounded("portage", text))
    if not found:
        raise InvalidVersion("portage", text, "it is not digits, letter, _suffix, -rN in turn")
    numbers, letter, suffixes, revision = found.groups()
    first, *others = numbers.split(".")
    ends = [(_SUFFIXES.index(name), int(digits or 0)) for name, digits in _SUFFIX.findall(suffixes)]
    return (
        int(first),
        tuple(_number(digits) for digits in others),
        letter,
        (*ends, (_END, 0)),
        int(revision or 0),
    )


def _number(digits: str) -> Number:
    """Return a key that puts numbers with a leading zero below all others."""
    return (-1, digits.rstrip("0")) if digits[0] == "0" else (int(digits), "")
