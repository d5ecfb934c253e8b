"""Which version comes first: one module per scheme, a function from text to something that sorts.

To add one: write `versions/<name>.py` with `key(text)`, add it to SCHEMES.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from lading.errors import UsageError
from lading.versions import apk, deb, golang, maven, npm, pep440, rpm
from lading.versions.scheme import Key, Sortable

SCHEMES: Mapping[str, Key] = MappingProxyType(
    {
        "apk": apk.key,
        "deb": deb.key,
        "go": golang.key,
        "maven": maven.key,
        "npm": npm.key,
        "pep440": pep440.key,
        "rpm": rpm.key,
    }
)


@lru_cache(maxsize=1 << 14)
def key(scheme: str, text: str) -> Sortable:
    """Return what sorts in the place of `text`, remembered: advisories repeat their versions.

    Raises InvalidVersion for text that is none of the scheme, UsageError for an unknown scheme.
    """
    found = SCHEMES.get(scheme)
    if found is None:
        raise UsageError(f"there is no version scheme {scheme!r}; known: {', '.join(SCHEMES)}")
    return found(text)


def compare(scheme: str, a: str, b: str) -> int:
    """Return -1, 0 or 1: whether `a` comes before `b`, with it, or after it.

    Raises InvalidVersion for text that is none of the scheme, UsageError for an unknown scheme.
    """
    left, right = key(scheme, a), key(scheme, b)
    if left == right:
        return 0
    return -1 if left < right else 1
