"""How much of an image Lading is willing to read. Images are hostile: everything has a bound."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lading.errors import LimitExceeded
from lading.image.contents import Contents

MIB = 1 << 20
GIB = 1 << 30


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds with their units; reaching one is a Problem or a `LimitExceeded`, never silence."""

    document: int = 16 * MIB  # bytes of a manifest, an index or a configuration
    layers: int = 512  # of one image
    layer_bytes: int = 64 * GIB  # unpacked bytes of one layer
    ratio: int = 250  # unpacked over packed bytes, judged once a layer is past `ratio_from`
    ratio_from: int = GIB  # unpacked bytes
    entries: int = 10_000_000  # of one layer
    all_paths: int = GIB  # characters of all paths of one layer, which are held in memory
    file_bytes: int = 512 * MIB  # of one file that a cataloger reads
    path_bytes: int = 4096  # of a path; a longer one cannot exist on Linux (PATH_MAX)
    name_bytes: int = 255  # of one component (NAME_MAX)
    header_bytes: int = MIB  # of a PAX header or a long name
    problems: int = 100  # of one kind, per layer; the rest is counted
    contents: Contents = field(default_factory=lambda: Contents(512 * MIB))  # held at once
    is_late: Callable[[], bool] = _never  # says that the time is up


def check_time(what: str, limits: Limits) -> None:
    """Raise LimitExceeded once the time is up."""
    if limits.is_late():
        raise LimitExceeded(f"{what}: the time limit was reached")


def too_large(size: int, limits: Limits) -> str:
    """Return why a file of that many bytes is not read."""
    if limits.contents.most < size <= limits.file_bytes:
        return f"file of {size} bytes, more than the memory that may be used"
    return f"file of {size} bytes, more than is read of its kind"
