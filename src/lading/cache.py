"""Results by content address: bytes under a key, safe for many processes, bounded, and expendable.

An entry is one file: the SHA-256 of its key and content, then the content, zstd-compressed. It is
written to a temporary name and renamed, so a reader sees all of it or nothing; what does not match
its checksum is treated as absent. Nothing here raises for a broken or full disk: a cache that
cannot help must not hurt.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_SUM = 32  # bytes of a SHA-256
_LEVEL = 3
_SLACK = 0.8  # of the bound, what is left after making room


class Cache:
    """A folder of entries; `bound` is in bytes, over all entries."""

    def __init__(self, folder: Path, *, bound: int = 2 << 30) -> None:
        self._folder = folder
        self._bound = bound

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key, or None when it is absent or damaged."""
        import zstandard

        path = self._path(key)
        try:
            data = path.read_bytes()
            content = zstandard.ZstdDecompressor().decompress(data[_SUM:])
        except (OSError, zstandard.ZstdError):
            return None
        if _sum(key, content) != data[:_SUM]:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the least recently used go first
        return content

    def put(self, key: str, content: bytes) -> bool:
        """Keep the content under the key; return whether that worked."""
        import zstandard

        packed = zstandard.ZstdCompressor(level=_LEVEL).compress(content)
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _temporary(path) as (file, name):
                file.write(_sum(key, content))
                file.write(packed)
                file.flush()
                name.replace(path)
        except OSError:
            return False
        self._make_room()
        return True

    def _path(self, key: str) -> Path:
        name = _hash(key).hexdigest()
        return self._folder / name[:2] / name[2:]

    def _make_room(self) -> None:
        """Delete the least recently used entries once all together are past the bound."""
        entries = list(self._entries())
        total = sum(size for _, size, _ in entries)
        if total <= self._bound:
            return
        for _, size, path in sorted(entries):
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size
            if total <= self._bound * _SLACK:
                return

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path


def _sum(key: str, content: bytes) -> bytes:
    """Return what tells that this content, and no other's, is stored under the key."""
    found = _hash(key)
    found.update(content)
    return found.digest()


def _hash(key: str) -> "hashlib._Hash":
    return hashlib.sha256(key.encode("utf-8", "surrogateescape"))


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Give a new file beside `path`; it is gone afterwards unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, Path(name)
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()
