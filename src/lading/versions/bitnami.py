"""Bitnami versions: the numbers of Semantic Versioning, and a revision behind the hyphen.

Specification: https://github.com/bitnami/go-version#usage
What starts with a number there is a revision of Bitnami's own, and none is revision 0; a word is
the application's pre-release, as Bitnami's advisories use it (2.6.0-rc1). A missing minor or patch
number is zero, and zeros may stand in front (2018.08.18).
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded
from lading.versions.semantics import Identifier, identifiers

_VERSION = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
    r"(?:-(?:([0-9]+)([.-][0-9A-Za-z.-]+)?|([A-Za-z][0-9A-Za-z.-]*)))?(?:\+[0-9A-Za-z.-]+)?"
)
_PRE_RELEASE, _REVISION = range(2)

BitnamiKey = tuple[int, int, int, int, int, tuple[Identifier, ...]]


def key(text: str) -> BitnamiKey:
    """Return a tuple that sorts as Bitnami numbers its builds, or raise InvalidVersion."""
    found = _VERSION.fullmatch(bounded("bitnami", text))
    if not found:
        raise InvalidVersion("bitnami", text, "it is not major.minor.patch[-revision]")
    major, minor, patch, revision, more, pre = found.groups()
    numbers = int(major), int(minor or 0), int(patch or 0)
    if pre:
        return *numbers, _PRE_RELEASE, 0, identifiers(pre)
    after = identifiers(more[1:].replace("-", ".")) if more else ()
    return *numbers, _REVISION, int(revision or 0), after
