"""Dart versions: Semantic Versioning, but build metadata counts, and zeros may stand in front.

Specification: https://dart.dev/tools/pub/versioning#semantic-versions
A version with build metadata is above the same one without.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded
from lading.versions.semantics import IDENTIFIERS, Identifier, PreRelease, identifiers, prerelease

_VERSION = re.compile(rf"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-({IDENTIFIERS}))?(?:\+({IDENTIFIERS}))?")

PubKey = tuple[int, int, int, PreRelease, tuple[Identifier, ...]]


def key(text: str) -> PubKey:
    """Return a tuple that sorts as pub sorts `text`; raise InvalidVersion where pub refuses."""
    found = _VERSION.fullmatch(bounded("pub", text))
    if not found:
        raise InvalidVersion("pub", text, "it is not major.minor.patch[-prerelease][+build]")
    major, minor, patch, pre, build = found.groups()
    after = () if build is None else identifiers(build)
    return int(major), int(minor), int(patch), prerelease(pre), after
