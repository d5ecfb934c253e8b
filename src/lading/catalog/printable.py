"""Facts as readers found them into facts that can be shown, stored and compared.

A name, a version or a requirement comes from a file that anybody may have written: control
characters would steer the terminal that prints them, and a lone surrogate cannot be written as
UTF-8. Each becomes U+FFFD, so that nothing is dropped and the version is none of its scheme.
"""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from lading.model.package import Fact, Ownership, Package, Release, SourcePackage

_UNFIT = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = 500  # characters of a message

_KEPT = frozenset(
    ("paths", "path", "diverted")
)  # they must lead back to the file; the inventory shows them
_NAMES = {
    kind: tuple(one.name for one in fields(kind) if one.name not in _KEPT)
    for kind in (Package, Ownership, Release)
}
_VALUES: dict[type[Fact], Callable[[Fact], tuple[object, ...]]] = {
    kind: attrgetter(*names) for kind, names in _NAMES.items()
}


def printable(fact: Fact) -> Fact:
    """Return the fact with U+FFFD in place of what cannot be printed, but in its paths."""
    values = _VALUES[type(fact)](fact)
    if _is_fit(values):
        return fact
    names = _NAMES[type(fact)]
    fitted: dict[str, Any] = dict(zip(names, map(_fitted, values), strict=True))
    return replace(fact, **fitted)


def one_line(text: str) -> str:
    """Return the message of an error without line breaks and control characters, and not too long.

    Parsers quote the file that they cannot read, which may hold anything.
    """
    line = _UNFIT.sub("\ufffd", " ".join(text[:_LONGEST].split()))
    return line if len(text) <= _LONGEST else line + "..."


def _is_fit(values: tuple[object, ...]) -> bool:
    texts: list[str] = []
    for value in values:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, SourcePackage):
            texts += (value.name, value.version or "")
        elif isinstance(value, tuple) and value:
            if isinstance(value[0], str):
                texts += value
            elif not _is_fit(value):
                return False
    whole = "".join(texts)
    return whole.isprintable() or not _UNFIT.search(whole)  # the first is much cheaper


def _fitted(value: object) -> object:
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, SourcePackage):
        version = value.version and _UNFIT.sub("\ufffd", value.version)
        return SourcePackage(name=_UNFIT.sub("\ufffd", value.name), version=version)
    return tuple(map(_fitted, value)) if isinstance(value, tuple) else value
