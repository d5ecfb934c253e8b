"""npm versions: Semantic Versioning, and what node-semver's `loose` mode reads besides.

Order: https://semver.org/spec/v2.0.0.html#spec-item-11
Loose forms: https://github.com/npm/node-semver#functions
Leading `v`, `=` and spaces, zeros in front of numbers and a pre-release without its hyphen are
read; build metadata does not count. Numbers in a pre-release compare by value whatever their size,
where node-semver rounds those above 2**53.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded
from lading.versions.semantics import IDENTIFIERS, PreRelease, prerelease

_SPACES = " \t\n\v\f\r"
_LONGEST = 256
_LARGEST = 2**53 - 1
_IDENTIFIER = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|[0-9]+)"
_VERSION = re.compile(
    rf"[v={_SPACES}]*([0-9]+)\.([0-9]+)\.([0-9]+)"
    rf"(?:-?({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+{IDENTIFIERS})?"
)


def key(text: str) -> tuple[int, int, int, PreRelease]:
    """Return a tuple that sorts as npm sorts `text`; raise InvalidVersion where npm refuses."""
    if len(bounded("npm", text)) > _LONGEST:
        raise InvalidVersion("npm", text, f"it is longer than npm's {_LONGEST} characters")
    found = _VERSION.fullmatch(text.strip(_SPACES))
    if not found:
        raise InvalidVersion("npm", text, "it is not major.minor.patch[-prerelease][+build]")
    major, minor, patch = (int(number) for number in found.groups()[:3])
    if max(major, minor, patch) > _LARGEST:
        raise InvalidVersion("npm", text, f"a number in it is above npm's largest, {_LARGEST}")
    return major, minor, patch, prerelease(found[4])
