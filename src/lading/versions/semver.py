"""Semantic Versioning as specified, for advisories whose ranges are of type SEMVER.

Specification: https://semver.org/spec/v2.0.0.html
A `v` in front, as tags have it, is read over.
"""

from lading.versions.scheme import bounded
from lading.versions.semantics import Precedence, precedence


def key(text: str) -> Precedence:
    """Return a tuple that sorts by precedence; build metadata does not count.

    Raises InvalidVersion for anything but major.minor.patch[-prerelease][+build].
    """
    return precedence("semver", bounded("semver", text).removeprefix("v"))
