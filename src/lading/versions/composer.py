"""PHP versions, as Composer normalises and PHP compares them.

Specification: https://getcomposer.org/doc/articles/versions.md
Order: https://www.php.net/manual/en/function.version-compare.php
`1.2` is 1.2.0.0, `1.0-b2` is 1.0.0.0-beta2, `1.x-dev` is above all of 1; `dev-main` names a branch
that has no place in the order and is InvalidVersion.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_SPACES = " \t\n\v\f\r"
_STABILITY = (
    r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*+))?([.-]?dev)?"
    r"(?:\+[!-~]+)?"
)
_NUMBERS = re.compile(r"v?([0-9]{1,5}(?:\.[0-9]+){0,3})" + _STABILITY, re.IGNORECASE | re.ASCII)
_DATE = re.compile(
    r"v?([0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3}){0,2})" + _STABILITY,
    re.IGNORECASE | re.ASCII,
)
_BRANCH = re.compile(
    r"v?([0-9]+(?:\.(?:[0-9]+|[x*])){0,3})[.-]?dev(?:\+[!-~]+)?", re.IGNORECASE | re.ASCII
)
_ABOVE_ALL = "9999999"
_RUN = re.compile(r"[0-9]+")
_DEV, _ALPHA, _BETA, _RC, _END, _NUMBER, _PATCH = range(7)
_WORDS = {
    "alpha": _ALPHA, "a": _ALPHA, "beta": _BETA, "b": _BETA, "rc": _RC, "patch": _PATCH,
    "pl": _PATCH, "p": _PATCH,
}  # fmt: skip

Part = tuple[int, int]


def key(text: str) -> tuple[Part, ...]:
    """Return a tuple that sorts as Composer sorts `text`; raise InvalidVersion where it refuses."""
    version = bounded("composer", text).strip(_SPACES)
    found = _NUMBERS.fullmatch(version)
    if found:
        return (*_numbers(found[1], "0"), *_stability(found))
    found = _DATE.fullmatch(version)
    if found:
        return (*_runs(found[1]), *_stability(found))
    found = _BRANCH.fullmatch(version)
    if found:
        numbers = re.sub(r"[x*]", _ABOVE_ALL, found[1], flags=re.IGNORECASE)
        return (*_numbers(numbers, _ABOVE_ALL), (_DEV, 0), (_END, 0))
    raise InvalidVersion(
        "composer", text, "it is neither numbers, nor a date, nor a numbered branch"
    )


def _numbers(text: str, missing: str) -> tuple[Part, ...]:
    numbers = text.split(".")
    numbers += [missing] * (4 - len(numbers))
    return tuple((_NUMBER, int(number)) for number in numbers)


def _runs(text: str) -> tuple[Part, ...]:
    return tuple((_NUMBER, int(run)) for run in _RUN.findall(text))


def _stability(found: re.Match[str]) -> tuple[Part, ...]:
    _, word, numbers, dev = found.groups()
    key: list[Part] = []
    if word and word.lower() == "stable":
        dev = None
    elif word:
        key = [(_WORDS[word.lower()], 0), *_runs(numbers)]
    if dev:
        key.append((_DEV, 0))
    return (*key, (_END, 0))
