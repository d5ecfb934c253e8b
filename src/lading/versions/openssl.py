"""OpenSSL versions: `1.0.2k`, `0.9.8zh`, `3.0.11`.

Specification: https://openssl-library.org/policies/general/versioning-policy/ (since 3.0.0) and
https://docs.openssl.org/1.1.1/man3/OPENSSL_VERSION_NUMBER/ (before: letters are patch releases)
After `z` come `za`, `zb`, …; `-dev`, `-alpha1`, `-beta1` and `-pre1` are before the release they
announce. A vendor's mark (`-fips`, `+quic`) does not count.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_STAGES = ("dev", "alpha", "beta", "pre", "")
_VERSION = re.compile(
    r"(0|[1-9][0-9]*)\.([0-9]+)\.([0-9]+)(z?[a-z]?)"
    r"(?:-(dev|alpha|beta|pre)([0-9]*))?(?:-fips)?(?:\+[0-9A-Za-z.-]+)?"
)

OpenSslKey = tuple[int, int, int, str, int, int]


def key(text: str) -> OpenSslKey:
    """Return a tuple that sorts by age within OpenSSL's branches, or raise InvalidVersion."""
    found = _VERSION.fullmatch(bounded("openssl", text))
    if not found:
        raise InvalidVersion("openssl", text, "it is neither 1.0.2k nor 3.0.1")
    major, minor, fix, letters, stage, number = found.groups()
    return (
        int(major), int(minor), int(fix), letters, _STAGES.index(stage or ""), int(number or 0)
    )  # fmt: skip
