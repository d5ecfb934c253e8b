"""Names as a layer writes them, into absolute paths inside the image, where runtimes put them.

A leading `/` means nothing: builders such as ko write it, and every runtime drops it. `..` takes
back the name before it and stops at the root, whatever links there are: so do containerd and umoci
(Go's `filepath.Clean`, then joined to the root); Docker refuses what climbs further, so it is told.
Names that no Linux file can have are refused. Targets of hard links are cleaned in the same way.
"""

import re
from typing import NamedTuple

from lading.image.limits import Limits

_UNUSUAL = re.compile(r"/\.?/|^/|\.\.|(?:^|/)\.(?:/|$)|\0").search  # names that need a closer look

_MARKS = frozenset(("/", ".", ""))  # what odd names may begin with


_ROOT = frozenset(("", "."))


class Named(NamedTuple):
    """An absolute path, "" for the root; None when there can be no such file."""

    path: str | None
    oddity: str = ""  # what is odd or wrong with the name as written


def absolute(name: bytes, limits: Limits) -> Named:
    """Return the path that the name means; undecodable bytes become surrogates."""
    text = name.decode("utf-8", "surrogateescape")
    if text[:2] == "./":
        text = text[2:]
    if text[-1:] == "/":
        text = text.rstrip("/")
    # Most names pass these tests, which are cheaper than the pattern.
    suspect = "/." in text or "//" in text or "\0" in text or text[:1] in _MARKS
    if len(name) > limits.name_bytes or (suspect and (text in _ROOT or _UNUSUAL(text))):
        return Named("") if text in _ROOT else _unusual(text, limits)
    return Named("/" + text)


def usual(name: bytes, limits: Limits) -> str | None:
    """Return the path that a name without anything odd means; None for others.

    It gives what `absolute` gives, or nothing.
    """
    text = name.decode("utf-8", "surrogateescape")
    if text[:2] == "./":
        text = text[2:]
    if len(name) > limits.name_bytes or text[:1] in _MARKS or text[-1:] == "/":
        return None
    if "/." in text or "//" in text or "\0" in text:
        return None
    return "/" + text


def cleaned(text: str) -> str:
    """Return the absolute path without `.` and `..`, "" for the root."""
    parts: list[str] = []
    for part in text.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "".join("/" + part for part in parts)


def _unusual(text: str, limits: Limits) -> Named:
    path = cleaned(text)
    encoded = path.encode("utf-8", "surrogateescape")
    if "\0" in text:
        return Named(None, "name with a NUL byte")
    if max(map(len, encoded.split(b"/"))) > limits.name_bytes:
        return Named(None, f"name of more than {limits.name_bytes} bytes")
    if len(encoded) > limits.path_bytes:
        return Named(None, f"path of more than {limits.path_bytes} bytes")
    if ".." in text.split("/"):
        return Named(path, "name with .. in a layer")
    return Named(path)
