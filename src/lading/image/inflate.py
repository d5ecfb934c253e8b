"""A compressed stretch in memory into chunks of what it unpacks to, within bounds.

Forms, told by their first bytes: gzip (RFC 1952), xz and the older lzma
(https://tukaani.org/xz/format.html), bzip2, zstd (RFC 8878); anything else is taken as it is.
Streams behind one another are one, as the tools that unpack them have it.
"""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from lading.errors import ImageError
from lading.image.limits import Limits
from lading.image.stream import CHUNK, HashedReader, check_bounds, is_packed, unpacker

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\0"
_LZMA = b"\x5d\0\0"
_BZIP2 = b"BZh"
_MOST_MEMORY = 256 << 20  # bytes that unpacking may keep; `xz -9` needs 65 MiB
_DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError, MemoryError)


class _Stage(Protocol):
    """One stream being unpacked: lzma and bz2 have the same form."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /, max_length: int = -1) -> bytes: ...


def inflated(data: memoryview, what: str, limits: Limits) -> Iterator[memoryview]:
    """Yield the unpacked chunks; `what` names the stretch in messages.

    Raise ImageError for damaged data, LimitExceeded for what unpacks beyond the bounds.
    """
    count = 0
    try:
        for chunk in _chunks(data):
            count += len(chunk)
            check_bounds(what, count, len(data), limits)
            yield chunk
    except _DAMAGED as error:
        raise ImageError(f"{what}: its compressed data is damaged ({error})") from error


def _chunks(data: memoryview) -> Iterator[memoryview]:
    head = bytes(data[:6])
    if head[:2] == _GZIP:
        return _gunzipped(data)
    if is_packed(head):
        return _zstd(data)
    if head == _XZ:
        return _staged(data, _XZ, lambda: lzma.LZMADecompressor(memlimit=_MOST_MEMORY))
    if head[:3] == _LZMA:
        return _staged(data, _LZMA, lambda: lzma.LZMADecompressor(memlimit=_MOST_MEMORY))
    if head[:3] == _BZIP2:
        return _staged(data, _BZIP2, bz2.BZ2Decompressor)
    return (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def _gunzipped(data: memoryview) -> Iterator[memoryview]:
    at = 0
    while bytes(data[at : at + 2]) == _GZIP:
        stage = zlib.decompressobj(31)
        while not stage.eof:
            fresh: bytes | memoryview = stage.unconsumed_tail
            if not fresh:
                fresh = data[at : at + CHUNK]
                at += len(fresh)
                if not fresh:
                    raise EOFError("it ends in the middle of a stream")
            if more := stage.decompress(fresh, CHUNK):
                yield memoryview(more)
        at -= len(stage.unused_data)
        at = _past_zeros(data, at)


def _zstd(data: memoryview) -> Iterator[memoryview]:
    raw = HashedReader(io.BytesIO(data))
    reader, _ = unpacker(raw)
    while True:
        buffer = memoryview(bytearray(CHUNK))
        try:
            got = reader.readinto(buffer)
        except (OSError, EOFError):
            raise
        except Exception as error:  # zstandard's own
            raise ValueError(str(error)) from error
        if not got:
            return
        yield buffer[:got]


def _staged(data: memoryview, magic: bytes, start: Callable[[], _Stage]) -> Iterator[memoryview]:
    """Yield what one stream after the other unpacks to; zeros behind them are padding."""
    at = 0
    while bytes(data[at : at + len(magic)]) == magic:
        stage = start()
        while not stage.eof:
            fresh = b""
            if stage.needs_input:
                fresh = bytes(data[at : at + CHUNK])
                at += len(fresh)
                if not fresh:
                    raise EOFError("it ends in the middle of a stream")
            if more := stage.decompress(fresh, CHUNK):
                yield memoryview(more)
        at -= len(stage.unused_data)
        at = _past_zeros(data, at)


def _past_zeros(data: memoryview, at: int) -> int:
    """Return where the zeros behind a stream end; more than 64 of them end the whole."""
    padding = bytes(data[at : at + 64])
    return at + len(padding) - len(padding.lstrip(b"\0"))
