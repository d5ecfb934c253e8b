"""The snapshot that comes with Lading: unpacked once into the cache, opened from there.

It holds a part of each feed, facts only, so that a first scan needs no network. The file carries
its own checksum (`seal`), so that a damaged copy is noticed and unpacked again.
"""

import contextlib
import hashlib
import mmap
import os
import tempfile
from importlib.resources import files
from pathlib import Path

import zstandard
from isal import isal_zlib

from lading.advisories.database import Database
from lading.errors import AdvisoryError

_NAME = "lading.db.zst"
_LARGEST = 1 << 30  # bytes, unpacked
# SQLite's header has four bytes for whoever uses the file ("application id"):
# https://www.sqlite.org/fileformat.html#application_id. The checksum is of all but these.
_SEAL = slice(68, 72)


def open_bundled(cache: Path | None) -> Database:
    """Open the snapshot, unpacked below `cache`; in memory where that is None or not writable.

    AdvisoryError when the snapshot itself is damaged.
    """
    packed = _packed()
    if cache is None:
        return Database.from_bytes(_unpacked(packed), _WHERE)
    path = cache / "advisories" / f"{hashlib.sha256(packed).hexdigest()}.db"
    if _is_whole(path):
        with contextlib.suppress(AdvisoryError):
            return Database.open(path, immutable=True)
    data = _unpacked(packed)
    if _write(data, path):
        _forget_others(path)
        return Database.open(path, immutable=True)
    return Database.from_bytes(data, _WHERE)


def copy_bundled(path: Path) -> None:
    """Write the snapshot as a database of the user's own, to be added to; AdvisoryError."""
    if not _write(_unpacked(_packed()), path):
        raise AdvisoryError(f"{path}: cannot be written; choose another with --advisories FILE")


def seal(data: bytes) -> bytes:
    """Return a database with its checksum in it."""
    return data[: _SEAL.start] + _checksum(data) + data[_SEAL.stop :]


_WHERE = "the advisory snapshot that comes with Lading"


def _packed() -> bytes:
    try:
        return files("lading.advisories").joinpath("snapshot", _NAME).read_bytes()
    except OSError as error:
        raise AdvisoryError(f"{_WHERE} is missing: {error}; install Lading again") from error


def _unpacked(packed: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            data = stream.read(_LARGEST)
    except zstandard.ZstdError as error:
        raise AdvisoryError(f"{_WHERE} is damaged: {error}; install Lading again") from error
    if not _is_sealed(data):
        raise AdvisoryError(f"{_WHERE} is damaged; install Lading again")
    return data


def _checksum(data: bytes | mmap.mmap) -> bytes:
    with memoryview(data) as view:
        head = isal_zlib.crc32(view[: _SEAL.start])
        return isal_zlib.crc32(view[_SEAL.stop :], head).to_bytes(4, "big")


def _is_sealed(data: bytes | mmap.mmap) -> bool:
    return len(data) > _SEAL.stop and data[_SEAL] == _checksum(data)


def _is_whole(path: Path) -> bool:
    """Tell whether the unpacked file is there, and as it was when it was sealed."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _is_sealed(data)
    except (OSError, ValueError):  # ValueError: an empty file
        return False


def _write(data: bytes, path: Path) -> bool:
    """Write the file whole or not at all; return whether it is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _forget_others(path: Path) -> None:
    """Delete the snapshots of other versions of Lading, which unpack theirs again if need be."""
    for other in path.parent.glob("*.db"):
        if other != path:
            with contextlib.suppress(OSError):
                other.unlink()
