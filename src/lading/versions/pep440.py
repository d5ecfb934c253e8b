"""Python versions.

Specification: https://packaging.python.org/en/latest/specifications/version-specifiers/
Old releases have versions that it does not allow ("2004d"). They sort below all others, among
themselves as setuptools sorted them before it followed the specification: see `_legacy`.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_VERSION = re.compile(
    r"""
    v?
    (?: (?P<epoch>[0-9]+) ! )?
    (?P<release> [0-9]+ (?: \. [0-9]+ )* )
    (?: [-_.]? (?P<pre> alpha | a | beta | b | preview | pre | c | rc ) [-_.]? (?P<pre_n>[0-9]*) )?
    (?P<post> - (?P<bare_post_n>[0-9]+) | [-_.]? (?: post | rev | r ) [-_.]? (?P<post_n>[0-9]*) )?
    (?P<dev> [-_.]? dev [-_.]? (?P<dev_n>[0-9]*) )?
    (?: \+ (?P<local> [a-z0-9]+ (?: [-_.] [a-z0-9]+ )* ) )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SPACES = " \t\n\v\f\r"
_PHASES = {"alpha": 0, "a": 0, "beta": 1, "b": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_NO_PHASE = 3
_DEV_ONLY = -1

_LEGACY = re.compile(r"[!-~]*[0-9][!-~]*")
_LEGACY_PART = re.compile(r"([0-9]+|[a-z]+|\.|-)")
_LEGACY_WORDS = {"pre": "c", "preview": "c", "rc": "c", "dev": "@", "-": "final-"}
_BELOW_ALL = -1

Local = tuple[tuple[int, int, str], ...]
Modern = tuple[int, tuple[int, ...], tuple[int, int], int, tuple[int, int], Local]
Legacy = tuple[int, tuple[str, ...]]


def key(text: str) -> Modern | Legacy:
    """Return a tuple that sorts the way pip sorts `text`.

    Raises InvalidVersion for text that is neither a version of the specification nor an old one:
    printable ASCII without spaces, and a digit somewhere.
    """
    version = bounded("pep440", text).strip(_SPACES)
    found = _VERSION.fullmatch(version)
    if found:
        return _modern(found)
    if _LEGACY.fullmatch(version):
        return _BELOW_ALL, _legacy(version.lower())
    raise InvalidVersion("pep440", text, "it has nothing of a version")


def _modern(found: re.Match[str]) -> Modern:
    release = tuple(int(number) for number in found["release"].split("."))
    while release and release[-1] == 0:
        release = release[:-1]
    has_dev = found["dev"] is not None
    post = -1
    if found["post"] is not None:
        post = int(found["bare_post_n"] or found["post_n"] or 0)
    if found["pre"] is not None:
        pre = _PHASES[found["pre"].lower()], int(found["pre_n"] or 0)
    else:
        pre = (_DEV_ONLY if has_dev and post < 0 else _NO_PHASE), 0
    dev = (0, int(found["dev_n"] or 0)) if has_dev else (1, 0)
    return int(found["epoch"] or 0), release, pre, post, dev, _local(found["local"])


def _local(text: str | None) -> Local:
    """Return the label's parts: none is below any, words are below numbers."""
    if text is None:
        return ()
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part)
        for part in re.split(r"[-_.]", text.lower())
    )


def _legacy(text: str) -> tuple[str, ...]:
    """Return parts that compare as text: numbers padded to eight digits, words behind a star.

    The end counts as the word "final". A word before it in the alphabet makes a pre-release, so
    hyphens in front of such a word are dropped, and zeros in front of any word.
    """
    parts: list[str] = []
    for part in (*_LEGACY_PART.split(text), "final"):
        if part in {"", "."}:
            continue
        if part[0].isdecimal():
            parts.append(part.zfill(8))
            continue
        word = "*" + _LEGACY_WORDS.get(part, part)
        while word < "*final" and parts and parts[-1] == "*final-":
            parts.pop()
        while parts and parts[-1] == "00000000":
            parts.pop()
        parts.append(word)
    return tuple(parts)
