"""Versions as Semantic Versioning defines them, for the schemes that build on it.

Specification: https://semver.org/spec/v2.0.0.html
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

NUMBER = r"(0|[1-9][0-9]*)"
"""A number without leading zeros, as one group."""

IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
"""Identifiers of a pre-release or of build metadata, joined by dots."""

Identifier = tuple[int, int, str]
PreRelease = tuple[int, tuple[Identifier, ...]]


Precedence = tuple[int, int, int, PreRelease]

_VERSION = re.compile(rf"{NUMBER}\.{NUMBER}\.{NUMBER}(?:-({IDENTIFIERS}))?(?:\+{IDENTIFIERS})?")


def precedence(scheme: str, text: str, *, largest: int | None = None) -> Precedence:
    """Return a key for `text` after the specification's every rule; build metadata does not count.

    Raises InvalidVersion, also for a number of the version itself that is above `largest`.
    """
    found = _VERSION.fullmatch(bounded(scheme, text))
    if not found:
        raise InvalidVersion(scheme, text, "it is not major.minor.patch[-prerelease][+build]")
    major, minor, patch = (int(number) for number in found.groups()[:3])
    if largest is not None and max(major, minor, patch) > largest:
        raise InvalidVersion(scheme, text, f"a number in it is above the largest, {largest}")
    if found[4] is not None and has_leading_zero(found[4]):
        raise InvalidVersion(scheme, text, "a number in its pre-release has a leading zero")
    return major, minor, patch, prerelease(found[4])


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Return a key for identifiers joined by dots: numbers by value, below words by ASCII."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in text.split(".")
    )


def prerelease(text: str | None) -> PreRelease:
    """Return a key for what stands behind the hyphen; a release has nothing there, and is above."""
    return (1, ()) if text is None else (0, identifiers(text))


def has_leading_zero(text: str) -> bool:
    """Tell whether a numeric identifier among those in `text` is padded with zeros."""
    return any(len(part) > 1 and part[0] == "0" and part.isdecimal() for part in text.split("."))
