"""Chunks of an unpacked tar into its blocks and the content between them.

A tar is a sequence of blocks of 512 bytes; content is padded to whole blocks. An archive whose last
padding is missing is read as if it were there, as container runtimes do.
"""

from collections.abc import Iterator
from mmap import mmap

from lading.errors import ImageError
from lading.image.tar import BLOCK

_SCRATCH = 1 << 20  # bytes, at least


class TarReader:
    """Blocks and stretches out of chunks, copying only what is asked for.

    `what` names the archive in messages. Chunks may have any size; each is used up before the next
    is asked for.
    """

    def __init__(self, chunks: Iterator[memoryview], what: str) -> None:
        self._chunks = chunks
        self._what = what
        self._chunk = memoryview(b"")
        self._at = 0
        self._scratch = memoryview(b"")  # contents that lie in several chunks are joined here

    def _next(self) -> bool:
        for chunk in self._chunks:
            self._chunk, self._at = chunk, 0
            return True
        self._chunk, self._at = memoryview(b""), 0
        return False

    def ahead(self) -> tuple[memoryview, int]:
        """Return the chunk at hand and the position in it; for loops that look for themselves."""
        return self._chunk, self._at

    def move(self, at: int) -> None:
        """Go on at that position of the chunk at hand."""
        self._at = at

    def block(self) -> bytes:
        """Return the next 512 bytes, b"" at the end; ImageError when the archive ends inside."""
        at = self._at
        block = bytes(self._chunk[at : at + BLOCK])
        if len(block) == BLOCK:
            self._at = at + BLOCK
            return block
        joined = bytearray(block)
        while len(joined) < BLOCK and self._next():
            part = self._chunk[: BLOCK - len(joined)]
            joined += part
            self._at = len(part)
        if joined and len(joined) < BLOCK:
            raise self._cut("a header")
        return bytes(joined)

    def peek(self, size: int) -> bytes:
        """Return the next bytes without taking them; fewer than `size` only at the end."""
        found = bytes(self._chunk[self._at : self._at + size])
        if len(found) == size:
            return found
        joined = bytearray(self._chunk[self._at :])
        while len(joined) < size and self._next():
            joined += self._chunk
        self._chunk, self._at = memoryview(joined), 0
        return bytes(joined[:size])

    def skip(self, size: int) -> None:
        """Drop content of `size` bytes and its padding; ImageError when there are not so many."""
        padding = -size % BLOCK
        self._advance(size + padding, padding)

    def _advance(self, size: int, spare: int) -> None:
        """Go forward; the last `spare` bytes may be missing at the end of the archive."""
        at = self._at + size
        while at > len(self._chunk):
            at -= len(self._chunk)
            if not self._next():
                if at > spare:
                    raise self._cut("a file")
                return
        self._at = at

    def take(self, size: int) -> memoryview:
        """Return content of `size` bytes, and drop its padding.

        It is valid until the next call: a view where one chunk holds it all, else a copy. Raise
        ImageError when there are not that many bytes.
        """
        at, padding = self._at, -size % BLOCK
        if at + size + padding <= len(self._chunk):
            self._at = at + size + padding
            return self._chunk[at : at + size]
        joined, got = self._room(size), 0
        while True:
            part = self._chunk[at : at + size - got]
            joined[got : got + len(part)] = part
            got += len(part)
            self._at = at = at + len(part)
            if got == size:
                break
            if not self._next():
                raise self._cut("a file")
            at = 0
        self._advance(padding, padding)
        return joined

    def _room(self, size: int) -> memoryview:
        """Return memory for contents, used again and again while it suffices."""
        if size > len(self._scratch):
            self._scratch = memoryview(b"")  # the old one goes first
            # Mapped, so that only what is filled takes memory: a header may promise too much.
            self._scratch = memoryview(mmap(-1, max(size, _SCRATCH)))
        return self._scratch[:size]

    def drain(self) -> None:
        """Let the rest pass by, so that the digests cover the whole blob."""
        while self._next():
            pass

    def _cut(self, inside: str) -> ImageError:
        return ImageError(
            f"{self._what} is cut short: it ends in the middle of {inside}; copy the image again"
        )
