"""NuGet versions: up to four numbers and pre-release labels in any case.

Specification: https://learn.microsoft.com/en-us/nuget/concepts/package-versioning
A missing number is zero, build metadata does not count, labels ignore case. As in NuGet, a label of
digits is a number only when it fits into 32 bits; a longer one, such as a time, compares as text.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded
from lading.versions.semantics import IDENTIFIERS, Identifier

_SPACES = " \t\n\v\f\r"
_VERSION = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?"
    rf"(?:-({IDENTIFIERS}))?(?:\+{IDENTIFIERS})?"
)
_INTEGER = re.compile(r"-?[0-9]+")
_LARGEST = 2**31 - 1

NuGetKey = tuple[tuple[int, ...], int, tuple[Identifier, ...]]


def key(text: str) -> NuGetKey:
    """Return a tuple that sorts as NuGet sorts `text`; raise InvalidVersion where NuGet refuses."""
    found = _VERSION.fullmatch(bounded("nuget", text).strip(_SPACES))
    if not found:
        raise InvalidVersion("nuget", text, "it is not 1.2.3.4[-label.label][+metadata]")
    *written, labels = found.groups()
    numbers = tuple(int(number or 0) for number in written)
    if max(numbers) > _LARGEST:
        raise InvalidVersion("nuget", text, f"a number in it is above NuGet's largest, {_LARGEST}")
    if labels is None:
        return numbers, 1, ()
    return numbers, 0, tuple(_label(label) for label in labels.split("."))


def _label(label: str) -> Identifier:
    if _INTEGER.fullmatch(label) and -_LARGEST - 1 <= int(label) <= _LARGEST:
        return 0, int(label), ""
    return 1, 0, label.upper()
