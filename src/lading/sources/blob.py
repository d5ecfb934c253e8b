"""A blob from a server that may cut the connection into one unbroken stream, kept while in use.

Ranges: https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
"""

import io
import os
import tempfile
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from lading.errors import ImageError
from lading.image.blobs import Window
from lading.net import NetworkError, wait_before
from lading.net.transport import Response, Unreachable

if TYPE_CHECKING:
    from typing_extensions import Buffer

_TRIES = 4  # while no byte comes
_MOST_CUTS = 32  # in all, even when each try gets further
_SKIP = 1 << 20


class BlobReader(io.RawIOBase):
    """The bytes of a blob from a server that may cut the connection.

    `open_at` asks for the bytes from a position on. More than `size` bytes, where it is known, are
    an ImageError.
    """

    def __init__(
        self,
        open_at: Callable[[int], Response],
        *,
        what: str,
        size: int | None,
        sleep: Callable[[float], None],
    ) -> None:
        self._open_at = open_at
        self._what = what
        self.size = size
        self._sleep = sleep
        self._body: io.RawIOBase | None = None
        self._at = 0
        self._cuts = 0
        self._stuck = 0  # tries since the last byte

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        while True:
            try:
                got = self._read(view)
            except Unreachable as error:
                self._give_up_or_wait(error)
                continue
            self._at += got
            if got:
                self._stuck = 0
            if self.size is not None and self._at > self.size:
                raise ImageError(f"{self._what}: larger than the {self.size} bytes it should have")
            return got

    def _read(self, view: memoryview) -> int:
        if self._body is None:
            answer = self._open_at(self._at)
            self._body = answer.body
            self._go_to(answer)
        got = self._body.readinto(view) or 0
        if not got and view.nbytes and self.size is not None and self._at < self.size:
            raise Unreachable(f"{self._what}: ended after {self._at} of {self.size} bytes")
        return got

    def _go_to(self, answer: Response) -> None:
        """Make sure that the body goes on where the last one ended."""
        if answer.status == 206:
            said = answer.headers.get("Content-Range", "")
            if not said.startswith(f"bytes {self._at}-"):
                raise NetworkError(f"{self._what}: the server answers with {said!r} instead")
            return
        left = self._at  # it knows no ranges and starts again
        while left:
            got = len(answer.body.read(min(left, _SKIP)) or b"")
            if not got:
                raise Unreachable(f"{self._what}: ended before byte {self._at}")
            left -= got

    def _give_up_or_wait(self, error: Unreachable) -> None:
        self._drop()
        self._cuts += 1
        self._stuck += 1
        if self._stuck >= _TRIES or self._cuts >= _MOST_CUTS:
            raise NetworkError(f"{error} (given up after {self._cuts} cuts)") from error
        self._sleep(wait_before(self._stuck, None))

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None

    def close(self) -> None:
        self._drop()
        super().close()


class _Copy(Window):
    """A window with a handle of its own, so that it outlives the stream that kept the bytes."""

    def __init__(self, handle: int, size: int) -> None:
        self._own = os.dup(handle)
        super().__init__(self._own, 0, size)

    def close(self) -> None:
        if not self.closed:
            os.close(self._own)
        super().close()


class Kept(io.RawIOBase):
    """A stream whose bytes stay in a nameless temporary file for as long as it is open.

    A second reader of the same blob is then served from here. Where the file cannot be written, the
    stream goes on without it.
    """

    def __init__(self, stream: BlobReader, forget: Callable[["Kept"], None]) -> None:
        self._stream = stream
        self._forget = forget
        self._count = 0
        self._is_whole = False
        self._file: IO[bytes] | None = None
        try:
            self._file = tempfile.TemporaryFile(prefix="lading-", buffering=0)  # noqa: SIM115 - closed with this stream
        except OSError:
            self._file = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        got = self._stream.readinto(view)
        self._count += got
        if got:
            self._keep(view[:got])
        if self._count == self._stream.size or (view.nbytes and not got):
            self._is_whole = True
        return got

    def again(self) -> io.RawIOBase | None:
        """Return a reader from the start on; None while the stream has not ended."""
        if not self._is_whole or self._file is None:
            return None
        return _Copy(self._file.fileno(), self._count)

    def _keep(self, data: memoryview) -> None:
        if self._file is None:
            return
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def close(self) -> None:
        if not self.closed:
            self._forget(self)
            self._stream.close()
            self._drop()
        super().close()
