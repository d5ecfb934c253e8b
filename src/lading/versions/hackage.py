"""Haskell versions: numbers with dots between; the longer one is above.

Specification: https://pvp.haskell.org/ and
https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html#pkg-field-version
A number has at most nine digits, and no leading zero.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_NUMBER}(?:\.{_NUMBER})*")


def key(text: str) -> tuple[int, ...]:
    """Return a tuple that sorts as Cabal sorts `text`; raise InvalidVersion where it refuses."""
    if not _VERSION.fullmatch(bounded("hackage", text)):
        raise InvalidVersion("hackage", text, "it is not numbers with dots between")
    return tuple(int(number) for number in text.split("."))
