"""The snapshot that comes with Lading: unpacked once into the cache, opened from there.

It holds a part of each feed, facts only, so that a first scan needs no network.
"""

import contextlib
import hashlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path

import zstandard

from lading.advisories.database import Database
from lading.errors import AdvisoryError

_NAME = "lading.db.zst"
_LARGEST = 1 << 30


def copy_bundled(path: Path) -> None:
    """Write the snapshot as a database of the user's own, to be added to; AdvisoryError."""
    data = zstandard.ZstdDecompressor().decompress(_packed(), max_output_size=_LARGEST)
    if not _unpack(data, path):
        raise AdvisoryError(f"{path}: cannot be written; choose another with LADING_DATA_DIR")


def _packed() -> bytes:
    return files("lading.advisories").joinpath("snapshot", _NAME).read_bytes()


def open_bundled(cache: Path) -> Database:
    """Open the snapshot; in memory where the cache cannot be written."""
    packed = _packed()
    folder = cache / "advisories"
    path = folder / f"{hashlib.sha256(packed).hexdigest()[:32]}.db"
    if _is_whole(path, packed):
        with contextlib.suppress(AdvisoryError):
            return Database.open(path, immutable=True)
    data = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST)
    if _unpack(data, path):
        _forget_others(path)
        return Database.open(path, immutable=True)
    return Database.from_bytes(data, "the bundled advisory snapshot")


def _is_whole(path: Path, packed: bytes) -> bool:
    """Tell by its size whether the file was written to the end; names are its checksum."""
    try:
        return path.stat().st_size == zstandard.frame_content_size(packed)
    except OSError:
        return False


def _unpack(data: bytes, path: Path) -> bool:
    """Write the file whole or not at all; return whether it is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _forget_others(path: Path) -> None:
    """Delete the snapshots of other versions of Lading."""
    for other in path.parent.glob("*.db"):
        if other != path:
            with contextlib.suppress(OSError):
                other.unlink()
