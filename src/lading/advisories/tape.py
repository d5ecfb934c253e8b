"""A tar archive of JSON documents, read from beginning to end within bounds.

Formats: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, compressed or not
(.tar, .tar.bz2, .tar.gz, .tar.xz, .tar.zst): providers of CSAF publish all their documents so.
Whatever is wrong with an archive is an `InvalidRecord`; what is in it beside documents is passed
over.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from lading.errors import ImageError, InvalidRecord
from lading.image.tar import Kind, header

_BLOCK = 512  # bytes, of headers and of what contents are filled up to
_MOST = 5_000_000  # entries
_LARGEST = 64 << 20  # bytes of one document
_LARGEST_ALL = 64 << 30  # bytes of all entries
_WINDOW = 1 << 27  # bytes that a zstd frame may look back
_STEP = 1 << 20  # bytes that are skipped at once
_ENDINGS = (".tar", ".tar.bz2", ".tar.gz", ".tar.xz", ".tar.zst", ".tgz")
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)


def is_tape(file: Path) -> bool:
    """Tell by its name whether a file is such an archive."""
    return file.name.lower().endswith(_ENDINGS)


def documents(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every JSON object, in the archive's order.

    InvalidRecord, also after some, for a damaged archive, or one larger than any feed.
    """
    import zstandard

    try:
        with _opened(file) as stream:
            yield from _documents(stream)
    except (*_DAMAGED, zstandard.ZstdError) as error:
        raise InvalidRecord(f"no readable tar archive: {error}") from error


def _opened(file: Path) -> AbstractContextManager[IO[bytes]]:
    ending = file.name.lower().rpartition(".")[2]
    opened: AbstractContextManager[IO[bytes]] = _OPENERS.get(ending, Path.open)(file, mode="rb")
    return opened


def _unpacked(file: Path, mode: str) -> Any:
    import zstandard

    return zstandard.open(file, mode, dctx=zstandard.ZstdDecompressor(max_window_size=_WINDOW))


_OPENERS: dict[str, Callable[..., Any]] = {
    "bz2": bz2.open,
    "gz": gzip.open,
    "tgz": gzip.open,
    "xz": lzma.open,
    "zst": _unpacked,
}


def _documents(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    total = 0
    for _ in range(_MOST):
        block = _read(stream, _BLOCK)
        if not block:
            return  # without the blocks of zeros that should end it
        if len(block) < _BLOCK:
            raise InvalidRecord("cut off")
        try:
            entry = header(block)
        except ImageError as error:
            raise InvalidRecord(f"no readable tar archive: {error}") from error
        if entry is None:
            return
        name = entry.name.decode("utf-8", "replace")[:200]
        total += entry.size
        if total > _LARGEST_ALL:
            raise InvalidRecord(f"more than {_LARGEST_ALL} bytes, unpacked")
        filled = -entry.size % _BLOCK
        if entry.kind is not Kind.FILE or not name.endswith(".json"):
            _skip(stream, entry.size + filled)
            continue
        if entry.size > _LARGEST:
            raise InvalidRecord(f"{name}: a document of {entry.size} bytes")
        data = _read(stream, entry.size)
        if len(data) < entry.size:
            raise InvalidRecord(f"cut off in {name}")
        _skip(stream, filled)
        yield name, data
    raise InvalidRecord(f"more than {_MOST} entries")


def _read(stream: IO[bytes], size: int) -> bytes:
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _skip(stream: IO[bytes], size: int) -> None:
    while size:
        part = stream.read(min(size, _STEP))
        if not part:
            raise InvalidRecord("cut off")
        size -= len(part)
