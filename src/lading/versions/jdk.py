"""Java runtime versions: `17.0.9+9`, `1.8.0_392-b08`, `8u392`.

Specification: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Runtime.Version.html
This is `compareToIgnoreOptional`: what vendors add behind the build (`-LTS`, `-Ubuntu-1`) does not
count. Versions from before Java 9 are read as the later ones they correspond to (8.0.392+8), and
zeros at the end, which some vendors write, are dropped.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_NUMBER = r"(?:0|[1-9][0-9]*)"
_OPTIONAL = r"(?:-[-A-Za-z0-9.]+)"
_VERSION = re.compile(
    rf"(?P<numbers>[1-9][0-9]*(?:\.{_NUMBER})*)"
    rf"(?:-(?P<pre>[A-Za-z0-9]+)(?:\+(?P<pre_build>{_NUMBER}))?{_OPTIONAL}?"
    rf"|\+(?P<build>{_NUMBER}){_OPTIONAL}?"
    rf"|\+{_OPTIONAL})?"
)
_BEFORE_9 = re.compile(
    r"(?:1\.([1-9])(?:\.([0-9]+))?(?:[._]([0-9]+))?|([1-9])u([0-9]+))"
    rf"(?:-(ea|beta|rc|internal))?(?:[.-]?b([0-9]+))?{_OPTIONAL}?"
)

PreRelease = tuple[int, int, str]
JdkKey = tuple[tuple[int, ...], PreRelease, int]
_RELEASE: PreRelease = (2, 0, "")
_NO_BUILD = -1


def key(text: str) -> JdkKey:
    """Return a tuple that sorts as Java sorts `text`, or raise InvalidVersion."""
    found = _BEFORE_9.fullmatch(bounded("jdk", text))
    if found:
        major, minor, update, short, short_update, pre, build = found.groups()
        return _key([major or short, minor or "0", update or short_update or "0"], pre, build)
    found = _VERSION.fullmatch(text)
    if not found:
        raise InvalidVersion("jdk", text, "it is neither 17.0.1+2 nor 1.8.0_342")
    return _key(found["numbers"].split("."), found["pre"], found["build"] or found["pre_build"])


def _key(written: list[str], pre: str | None, build: str | None) -> JdkKey:
    numbers = [int(number) for number in written]
    while numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), _prerelease(pre), _NO_BUILD if build is None else int(build)


def _prerelease(text: str | None) -> PreRelease:
    if text is None:
        return _RELEASE
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)
