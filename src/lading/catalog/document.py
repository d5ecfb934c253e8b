"""JSON found in an image into plain values.

Format: https://www.rfc-editor.org/rfc/rfc8259
"""

from typing import Any

import msgspec

from lading.errors import CatalogError


def read_object(path: str, data: bytes | bytearray | memoryview) -> dict[str, Any]:
    """Return the object that the document is; a byte order mark is passed over.

    Raises CatalogError when it is no JSON, nested absurdly deep, or no object.
    """
    found = read_json(path, data)
    if not isinstance(found, dict):
        raise CatalogError(f"{path}: no JSON object, but {_kind(found)}")
    return found


def read_json(path: str, data: bytes | bytearray | memoryview) -> object:
    """Return the value that the document is; raises CatalogError as `read_object` does."""
    if bytes(data[:3]) == b"\xef\xbb\xbf":
        data = data[3:]
    try:
        return msgspec.json.decode(data)
    except RecursionError as error:
        raise CatalogError(f"{path}: its JSON is nested too deep") from error
    except ValueError as error:  # msgspec's errors are ValueErrors, and so is bad UTF-8
        raise CatalogError(f"{path}: no JSON: {error}") from error


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "a single value"
