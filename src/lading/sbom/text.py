"""Bytes of a document into plain values, and values into words fit to be listed.

JSON: https://www.rfc-editor.org/rfc/rfc8259
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from lading.errors import UnreadableError

LONGEST = 512  # characters of a name or version
_UNFIT = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")


def decoded(data: bytes, what: str) -> str:
    """Return the text; UnreadableError when it is no UTF-8 (or UTF-16 with its mark)."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{what}: its text is not UTF-8: {error.reason}") from error


def json_value(data: bytes, what: str) -> object:
    """Return what the JSON says; UnreadableError when it is none, or nested too deep."""
    try:
        return msgspec.json.decode(decoded(data, what))
    except RecursionError as error:
        raise UnreadableError(f"{what}: its JSON is nested too deep") from error
    except ValueError as error:  # msgspec's errors are ValueErrors
        raise UnreadableError(f"{what} is no JSON: {error}") from error


def json_text(value: object) -> str:
    """Return the value as JSON with members sorted, two spaces of indent, and a last newline."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode() + "\n"


def word(value: object, longest: int = LONGEST) -> str | None:
    """Return the text without surrounding blanks; None where it is empty, unfit, or no text."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text or len(text) > longest or _UNFIT.search(text):
        return None
    return text


def line(value: object) -> str | None:
    """Return a long text on one line: a path or a description; None where it is not fit."""
    return word(value, 4096)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; nothing for what is no list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def mapping(value: object) -> dict[str, Any]:
    """Return the object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object, what: str, damage: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a list, each with what to call it; note what is none."""
    if value is None:
        return
    if not isinstance(value, list):
        damage.append(f"{what} is no list")
        return
    for number, one in enumerate(value, 1):
        if isinstance(one, dict):
            yield f"{what} {number}", one
        else:
            damage.append(f"{what} {number} is no object")


_HASH = re.compile(r"[0-9a-fA-F]{32,128}")


def digest(algorithm: object, value: object) -> str | None:
    """Return "sha256:<hex>" for what CycloneDX calls SHA-256 and SPDX SHA256; None for no hash."""
    name = word(algorithm)
    if name is None or not isinstance(value, str) or not _HASH.fullmatch(value):
        return None
    return f"{name.lower().replace('-', '', 1)}:{value.lower()}"
