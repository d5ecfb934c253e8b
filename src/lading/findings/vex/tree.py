"""Members of JSON that anybody may have written: of the type wanted, or nothing."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

_HASHES = {"sha-256": "sha256", "sha256": "sha256", "sha-512": "sha512", "sha512": "sha512"}
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


def member(tree: object, *path: str) -> object:
    """Return the member at the end of the path; None where there is none."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def text(tree: object, *path: str) -> str | None:
    """Return the text at the end of the path, if it says anything."""
    found = member(tree, *path)
    return found if isinstance(found, str) and found.strip() else None


def texts(tree: object, *path: str) -> list[str]:
    """Return the texts of the list at the end of the path."""
    found = member(tree, *path)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def dicts(tree: object, *path: str) -> list[dict[str, object]]:
    """Return the objects of the list at the end of the path."""
    found = member(tree, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def moment(found: str | None) -> datetime | None:
    """Return a time of RFC 3339 in UTC; None for what is none."""
    try:
        parsed = datetime.fromisoformat(_FRACTION.sub(r".\1", found or ""))
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def version(found: object) -> tuple[int, ...]:
    """Return the numbers of a document's version."""
    return tuple(int(one) for one in re.findall(r"\d{1,9}", str(found))[:6])


def hash_of(algorithm: object, value: object) -> str | None:
    """Return `sha256:<hex>`; None for an algorithm that nobody should trust, and for no hash."""
    name = _HASHES.get(str(algorithm).lower())
    return f"{name}:{value.lower()}" if name and isinstance(value, str) else None


def hashes(pairs: Mapping[str, object]) -> tuple[str, ...]:
    """Return those of a mapping from algorithm to value that can be used."""
    found = (hash_of(algorithm, value) for algorithm, value in pairs.items())
    return tuple(one for one in found if one)
