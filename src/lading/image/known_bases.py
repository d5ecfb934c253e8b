"""The base images that a user has made known, in one JSON file: name, digest, chain id, layers."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from lading.errors import UnreadableError, UsageError
from lading.image.base import KnownBase

_LARGEST = 16 << 20  # bytes; some ten thousand images
_FILE = "base-images.json"


def file_in(folder: Path) -> Path:
    """Return where below the user's data the known base images are."""
    return folder / _FILE


def read_known(path: Path) -> tuple[KnownBase, ...]:
    """Return what the file lists; nothing without one, UnreadableError for a damaged one."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise UnreadableError(f"{path}: larger than {_LARGEST:,} bytes, so it lists no base images")
    try:
        return msgspec.json.decode(data, type=tuple[KnownBase, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(
            f"{path} is no list of base images: {error}; remove it and add them again"
        ) from error


def listed(known: Iterable[KnownBase]) -> str:
    """Return the text of a file that lists them, sorted by name."""
    ordered = sorted(known, key=lambda one: (one.name, one.chain))
    data = msgspec.json.encode(ordered, order="sorted")
    return msgspec.json.format(data, indent=2).decode() + "\n"


def with_base(known: Iterable[KnownBase], base: KnownBase) -> tuple[KnownBase, ...]:
    """Return the list with this one, instead of one that has its name and layers."""
    same = (base.name, base.chain)
    return (*(one for one in known if (one.name, one.chain) != same), base)


def without_base(known: Iterable[KnownBase], name: str) -> tuple[KnownBase, ...]:
    """Return the list without what has this name; UsageError where nothing has."""
    before = tuple(known)
    left = tuple(one for one in before if one.name != name)
    if len(left) == len(before):
        names = ", ".join(sorted({one.name for one in before})) or "none"
        raise UsageError(f"no base image {name!r} is known; there are {names}")
    return left
