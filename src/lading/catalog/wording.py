"""Values found in an image into names and versions that are fit to be listed, or nothing.

Lists show them on one line and store them as UTF-8, so what cannot be shown so is no name.
"""

import re

from lading.errors import CatalogError

LONGEST = 512  # characters; no registry allows a name or a version of half of that
_UNFIT = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")


def word(value: object) -> str | None:
    """Return the text without surrounding blanks; None where it is empty, unfit, or no text."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text or len(text) > LONGEST or _UNFIT.search(text):
        return None
    return text


def words(values: object) -> tuple[str, ...]:
    """Return those members of a list (or keys of an object) that are fit, each once."""
    if not isinstance(values, list | tuple | dict):
        return ()
    found = (word(value) for value in values)
    return tuple(dict.fromkeys(text for text in found if text is not None))


def refuse(path: str, what: str, value: object) -> CatalogError:
    """Return the error for a name or version of `path` that is missing or unfit."""
    if value is None or value == "":
        return CatalogError(f"{path}: its {what} is missing")
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return CatalogError(f"{path}: its {what} {shown} is none")
