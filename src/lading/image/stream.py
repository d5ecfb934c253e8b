"""A stored blob into unpacked chunks, both sides hashed on the way.

One thread reads, hashes and inflates the blob while the caller hashes and walks what comes out: the
inflater and the hash both let go of the interpreter lock, so two cores share one layer.
Compression is told by the first bytes, not by the media type, which builders get wrong.
"""

import hashlib
import io
import queue
import threading
from collections.abc import Generator
from typing import IO, TYPE_CHECKING, Protocol

from lading.errors import DigestMismatch, ImageError, LadingError, LimitExceeded
from lading.image.limits import Limits

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 1 << 20
_BUFFERS = 4


class Readable(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class HashedReader(io.RawIOBase):
    """Raw bytes passed on, counted and hashed."""

    def __init__(self, raw: Readable) -> None:
        self._raw = raw
        self._sha256 = hashlib.sha256()
        self._head = b""
        self.count = 0

    def readable(self) -> bool:
        return True

    def head(self, size: int) -> bytes:
        """Return the first `size` bytes, which the next reads will give again."""
        buffer = memoryview(bytearray(size))
        got = 0
        while got < size and (more := self._raw.readinto(buffer[got:])):
            got += more
        self._head = bytes(buffer[:got])
        return self._head

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        if self._head:
            got = min(len(view), len(self._head))
            view[:got] = self._head[:got]
            self._head = self._head[got:]
        else:
            got = self._raw.readinto(view) or 0
        self._sha256.update(view[:got])
        self.count += got
        return got

    def digest(self) -> str:
        return "sha256:" + self._sha256.hexdigest()


def unpacker(raw: HashedReader) -> tuple[Readable, str]:
    """Return a reader of the unpacked bytes and the compression's name: gzip, zstd or none."""
    head = raw.head(4)
    if head[:2] == b"\x1f\x8b":
        from isal import igzip

        return igzip.IGzipFile(fileobj=_as_file(raw), mode="rb"), "gzip"  # type: ignore[no-untyped-call]  # isal has no types
    if head == b"\x28\xb5\x2f\xfd" or (head[1:] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        import zstandard

        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            _as_file(raw), read_size=CHUNK >> 2, read_across_frames=True
        )
        return reader, "zstd"
    return raw, "none"


def _as_file(raw: HashedReader) -> IO[bytes]:
    return io.BufferedReader(raw, CHUNK >> 2)


class Unpacking:
    """The unpacked chunks of one blob; take them, then ask `finish` to compare the digests.

    `what` names the blob in messages. `digest` and `diff_id` are `sha256:<hex>` or None where there
    is nothing to compare with. A chunk is valid until the next one is asked for.
    """

    def __init__(
        self,
        raw: Readable,
        *,
        what: str,
        digest: str | None,
        diff_id: str | None,
        limits: Limits,
    ) -> None:
        self._what = what
        self._packed = HashedReader(raw)
        self._expected = digest
        self._expected_diff_id = diff_id
        self._limits = limits
        self._sha256 = hashlib.sha256()
        self._full: queue.Queue[tuple[memoryview, int] | BaseException | None] = queue.Queue()
        self._free: queue.Queue[memoryview] = queue.Queue()
        for _ in range(_BUFFERS):
            self._free.put(memoryview(bytearray(CHUNK)))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._produce, name="unpack", daemon=True)
        self.count = 0

    def chunks(self) -> Generator[memoryview, None, None]:
        """Yield the unpacked chunks; close the generator to stop early."""
        self._thread.start()
        try:
            while (item := self._full.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                buffer, size = item
                chunk = buffer[:size]
                self._sha256.update(chunk)
                self.count += size
                self._check_bounds()
                yield chunk
                self._free.put(buffer)
        finally:
            self._stopped.set()
            self._free.put(memoryview(b""))  # wakes a producer that waits for a buffer
            self._thread.join()

    def _check_bounds(self) -> None:
        limits = self._limits
        if self.count > limits.layer_bytes:
            raise LimitExceeded(f"{self._what}: more than {limits.layer_bytes} bytes unpacked")
        if self.count > limits.ratio_from and self.count > limits.ratio * max(
            self._packed.count, 1
        ):
            raise LimitExceeded(f"{self._what}: unpacks to more than {limits.ratio} times its size")

    def _produce(self) -> None:
        try:
            self._inflate()
            self._full.put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the consumer, which raises it
            self._full.put(error)

    def _inflate(self) -> None:
        reader: Readable | None = None
        try:
            reader, _ = unpacker(self._packed)
            while not self._stopped.is_set():
                buffer = self._free.get()
                got = self._fill(reader, buffer)
                if not got:
                    break
                self._full.put((buffer, got))
        except LadingError:
            raise
        except OSError as error:
            raise ImageError(f"{self._what}: cannot be read: {error}") from error
        except Exception as error:
            raise ImageError(f"{self._what}: its compressed data is damaged ({error})") from error

    def _fill(self, reader: Readable, buffer: memoryview) -> int:
        got = 0
        while got < len(buffer) and not self._stopped.is_set():
            more = reader.readinto(buffer[got:])
            if not more:
                break
            got += more
        return got

    def finish(self) -> tuple[str, str]:
        """Return (digest, diff_id) found; raise DigestMismatch when one is not the expected one."""
        digest, diff_id = self._packed.digest(), "sha256:" + self._sha256.hexdigest()
        if self._expected is not None and digest != self._expected:
            raise DigestMismatch(self._what, expected=self._expected, found=digest)
        if self._expected_diff_id is not None and diff_id != self._expected_diff_id:
            raise DigestMismatch(
                f"{self._what}, unpacked", expected=self._expected_diff_id, found=diff_id
            )
        return digest, diff_id
