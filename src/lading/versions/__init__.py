"""Which version comes first: one module per scheme, a function from text to something that sorts.

To add one: write `versions/<name>.py` with `key(text)`, add it to SCHEMES.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module

from lading.errors import UsageError
from lading.versions.scheme import Key, Sortable


class _Schemes(Mapping[str, Key]):
    """Key functions by scheme; a module is imported when it is asked for: all take some 20 ms."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, scheme: str) -> Key:
        key: Key = import_module(f"lading.versions.{self._modules[scheme]}").key
        return key

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


SCHEMES: Mapping[str, Key] = _Schemes(
    {
        "apk": "apk",
        "bitnami": "bitnami",
        "cargo": "cargo",
        "composer": "composer",
        "cran": "cran",
        "deb": "deb",
        "gem": "gem",
        "generic": "generic",
        "go": "golang",
        "hackage": "hackage",
        "hex": "hex",
        "jdk": "jdk",
        "maven": "maven",
        "npm": "npm",
        "nuget": "nuget",
        "openssl": "openssl",
        "pacman": "pacman",
        "pep440": "pep440",
        "portage": "portage",
        "pub": "pub",
        "rpm": "rpm",
        "semver": "semver",
    }
)


_NAMED_OTHERWISE = {
    "alpm": "pacman",
    "bioconductor": "cran",
    "conan": "semver",
    "ebuild": "portage",
    "golang": "go",
    "julia": "semver",
    "opkg": "deb",
    "pypi": "pep440",
    "swift": "semver",
}


def scheme_of(type: str) -> str | None:
    """Return the scheme that versions of a package type (of purl) follow; None for none known."""
    scheme = _NAMED_OTHERWISE.get(type, type)
    return scheme if scheme in SCHEMES else None


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
