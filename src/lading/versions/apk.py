"""Alpine versions: `1.2.3a_rc1_p2~hash-r4`.

Grammar: https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd
Order: the comparison in apk-tools 2.14 and 3. Numbers after the first compare as text when one of
them has a leading zero; versions that differ in what comes next sort, lowest first: a pre-release
suffix, the end, a revision, a hash, a suffix's number, another suffix, a letter, a number.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_BEFORE = ("alpha", "beta", "pre", "rc")
_AFTER = ("cvs", "svn", "git", "hg", "p")
_SUFFIX = re.compile(rf"_({'|'.join((*_BEFORE, *_AFTER))})([0-9]*)")
_VERSION = re.compile(
    r"([0-9]+)((?:\.[0-9]+)*)([a-z]?)"
    rf"((?:{_SUFFIX.pattern.replace('(', '(?:')})*)"
    r"(?:~([0-9a-f]+))?(?:-r([0-9]+))?"
)
_PRE, _END, _REVISION, _HASH, _SUFFIX_NUMBER, _POST, _LETTER, _NUMBER = range(8)

Token = tuple[int, int, str]


def key(text: str) -> tuple[Token, ...]:
    """Return a tuple that sorts as apk sorts `text`; raise InvalidVersion where apk refuses."""
    found = _VERSION.fullmatch(bounded("apk", text))
    if not found:
        raise InvalidVersion("apk", text, "it is not digits, letter, _suffix, ~hash, -rN in turn")
    first, numbers, letter, suffixes, commit, revision = found.groups()
    key: list[Token] = [(_NUMBER, int(first), "")]
    key += [_number(digits) for digits in numbers.split(".")[1:]]
    if letter:
        key.append((_LETTER, 0, letter))
    for name, number in _SUFFIX.findall(suffixes):
        key.append(_suffix(name))
        if number:
            key.append((_SUFFIX_NUMBER, int(number), ""))
    if commit:
        key.append((_HASH, 0, commit))
    if revision:
        key.append((_REVISION, int(revision), ""))
    key.append((_END, 0, ""))
    return tuple(key)


def _number(digits: str) -> Token:
    """Return a token that puts numbers with a leading zero below all others, in text order."""
    return (_NUMBER, -1, digits) if digits[0] == "0" else (_NUMBER, int(digits), "")


def _suffix(name: str) -> Token:
    if name in _BEFORE:
        return _PRE, _BEFORE.index(name), ""
    return _POST, _AFTER.index(name), ""
