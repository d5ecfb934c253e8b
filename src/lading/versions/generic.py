"""Versions of software whose scheme nobody knows: numbers and words, read with common sense.

There is no specification. Separators only separate; numbers compare by value, and zeros before a
word or the end do not count; a word for a pre-release puts a version below the one without it, any
other word above, and a further number above that: 1.0-rc1 < 1.0 < 1.0a < 1.0.1.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_VERSION = re.compile(r"v?[0-9][0-9A-Za-z._+~-]*", re.IGNORECASE | re.ASCII)
_RUN = re.compile(r"[0-9]+|[a-z]+")
_BEFORE = ("dev", "snapshot", "nightly", "alpha", "beta", "preview", "pre", "rc", "cr")
_PRE_RELEASE, _END, _WORD, _NUMBER = range(4)

Run = tuple[int, int, str]


def key(text: str) -> tuple[Run, ...]:
    """Return a tuple that sorts `text` as most people would.

    Raises InvalidVersion for text that does not start with a digit, or has anything in it but
    letters, digits and `.`, `_`, `+`, `~`, `-`.
    """
    if not _VERSION.fullmatch(bounded("generic", text)):
        raise InvalidVersion(
            "generic", text, "it does not start with a number, or has odd characters"
        )
    key: list[Run] = []
    for run in _RUN.findall(text.lower().removeprefix("v")):
        if run.isdecimal():
            key.append((_NUMBER, int(run), ""))
            continue
        _drop_zeros(key)
        key.append(_word(run))
    _drop_zeros(key)
    key.append((_END, 0, ""))
    return tuple(key)


def _word(word: str) -> Run:
    return (_PRE_RELEASE, _BEFORE.index(word), "") if word in _BEFORE else (_WORD, 0, word)


def _drop_zeros(key: list[Run]) -> None:
    while key and key[-1] == (_NUMBER, 0, ""):
        key.pop()
