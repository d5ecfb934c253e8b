"""TOML found in an image into plain values.

Format: https://toml.io/en/v1.0.0
"""

import re
import tomllib
from typing import Any

from lading.errors import CatalogError

_MOST_DOTS = 8  # in a line's keys; the time that a key takes grows with the square of its parts
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'[^']*+'")


def read_toml(path: str, data: bytes | bytearray | memoryview) -> dict[str, Any]:
    """Return the document; raises CatalogError when it is none or nested absurdly deep."""
    try:
        text = bytes(data).decode("utf-8-sig")
        if any(
            line.count(".") > _MOST_DOTS and _dots(line) > _MOST_DOTS for line in text.split("\n")
        ):
            raise CatalogError(f"{path}: a key of its TOML has more than {_MOST_DOTS} dots")
        return tomllib.loads(text)
    except RecursionError as error:
        raise CatalogError(f"{path}: its TOML is nested too deep") from error
    except ValueError as error:  # tomllib's errors are ValueErrors, and so is bad UTF-8
        raise CatalogError(f"{path}: no TOML: {error}") from error


def _dots(line: str) -> int:
    """Return how many dots are outside quotes: between the parts of keys, mostly."""
    return _QUOTED.sub("", line).count(".")


def tables(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the tables of an array by its key; what is none is left out."""
    rows = document.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
