"""Go module versions and versions of the Go toolchain, in one order.

Modules: https://go.dev/ref/mod#versions (Semantic Versioning with a `v`, which may be missing here;
`v1` and `v1.2` are short for `v1.0.0` and `v1.2.0`; `+incompatible` and other build metadata do not
count). Pseudo-versions are pre-releases.
Toolchain: https://go.dev/doc/toolchain#version. As the Go vulnerability database does, `go1.21rc1`
is read as 1.21.0-rc.1 and `go1.21` as 1.21.0; what follows a hyphen or a space is a vendor's mark,
and so is the `b7` of the releases with BoringCrypto (`go1.16.15b7`).
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded
from lading.versions.semantics import (
    IDENTIFIERS,
    NUMBER,
    PreRelease,
    has_leading_zero,
    prerelease,
)

_MODULE = re.compile(
    rf"v?{NUMBER}(?:\.{NUMBER}(?:\.{NUMBER}(?:-({IDENTIFIERS}))?(?:\+{IDENTIFIERS})?)?)?"
)
_RELEASE = rf"{NUMBER}(?:\.{NUMBER}(?:\.{NUMBER})?(?:(alpha|beta|rc){NUMBER}|b[0-9]+)?)?"
_TOOLCHAIN = re.compile(rf"(?:go{_RELEASE}(?:[- ][ -~]*)?|{_RELEASE})")


def key(text: str) -> tuple[int, int, int, PreRelease]:
    """Return a tuple that sorts the way Go sorts `text`.

    Raises InvalidVersion for what is neither a module nor a toolchain version: `(devel)` too, which
    says that the version is not known.
    """
    found = _MODULE.fullmatch(bounded("go", text))
    if found:
        major, minor, patch, pre = found.groups()
        if pre is not None and has_leading_zero(pre):
            raise InvalidVersion("go", text, "a number in its pre-release has a leading zero")
        return int(major), int(minor or 0), int(patch or 0), prerelease(pre)
    toolchain = _TOOLCHAIN.fullmatch(text)
    if not toolchain:
        raise InvalidVersion("go", text, "it is neither v1.2.3 nor go1.2.3")
    groups = toolchain.groups()
    major, minor, patch, kind, number = groups[:5] if groups[0] else groups[5:]
    pre = f"{kind}.{number}" if kind else None
    return int(major), int(minor or 0), int(patch or 0), prerelease(pre)
