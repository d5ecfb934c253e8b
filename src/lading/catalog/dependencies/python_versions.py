"""Names and versions as Python's markers compare them.

Specifications: https://packaging.python.org/en/latest/specifications/name-normalization/ and
https://packaging.python.org/en/latest/specifications/version-specifiers/
"""

import operator as compared
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from lading.errors import InvalidVersion
from lading.versions.pep440 import key

_RUNS = re.compile(r"[-_.]+")
_LAST = ".99999"  # a patch level above all that there are

ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": compared.eq,
    "!=": compared.ne,
    "<": compared.lt,
    "<=": compared.le,
    ">": compared.gt,
    ">=": compared.ge,
}


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """Return the name, of a package or an extra, as all its spellings compare."""
    return _RUNS.sub("-", name).lower()


@lru_cache(maxsize=4096)
def compare(version: str, operator: str, text: str, *, is_whole: bool) -> bool | None:
    """Return whether a version of Python, `3.11`, meets a bound; None when that cannot be told.

    Without `is_whole` the version stands for one of its patch levels, and it is not known which.
    """
    try:
        if is_whole:
            return _meets(version, operator, text)
        answers = {_meets(version + end, operator, text) for end in (".0", _LAST)}
        if operator in ("==", "===", "!=") and _is_between(version, text):
            return None
        return answers.pop() if len(answers) == 1 else None
    except InvalidVersion:
        return None


def _is_between(version: str, text: str) -> bool:
    """Return whether the text names one patch level of the version."""
    if text.endswith(".*"):
        return False
    at_least, at_most = ORDER[">="], ORDER["<="]
    return at_least(key(text), key(version + ".0")) and at_most(key(text), key(version + _LAST))


def _meets(version: str, operator: str, text: str) -> bool | None:
    if text.endswith(".*"):
        is_series = _is_series(version, text.removesuffix(".*"))
        return {"==": is_series, "!=": not is_series}.get(operator)
    if operator == "~=":
        series = text.strip().rpartition(".")[0]
        is_late = ORDER[">="](key(version), key(text))
        return bool(series) and is_late and _is_series(version, series)
    if operator == "===":
        return version == text
    return ORDER[operator](key(version), key(text)) if operator in ORDER else None


def _is_series(version: str, series: str) -> bool:
    wanted = series.strip().split(".")
    return (version.split(".") + ["0"] * len(wanted))[: len(wanted)] == wanted
