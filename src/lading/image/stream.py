"""A stored blob into unpacked chunks, both sides hashed on the way.

One thread reads and inflates the blob, the caller walks what comes out, and a second thread hashes
both sides: inflating and hashing let go of the interpreter lock, so two cores share one layer.
Compression is told by the first bytes, not by the media type, which builders get wrong.
"""

import hashlib
import io
import queue
import threading
from collections.abc import Callable, Generator
from gzip import BadGzipFile
from typing import IO, TYPE_CHECKING, Protocol

from lading.errors import DigestMismatch, ImageError, LadingError, LimitExceeded
from lading.image.frames import Frames, is_frame
from lading.image.limits import Limits, check_time

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 1 << 22
_BUFFERS = 18  # at most; fewer where little memory may be used
_LEAST_BUFFERS = 3
_WINDOW = 1 << 27  # bytes that a zstd frame may ask to be kept: the most that `zstd -22` uses


class Readable(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class HashedReader(io.RawIOBase):
    """Raw bytes passed on, counted and hashed; `like` is a digest made by the same algorithm.

    With `later`, copies go there to be hashed: whoever takes them calls `update`.
    """

    def __init__(
        self,
        raw: Readable,
        like: str | None = None,
        later: Callable[[bytes], None] | None = None,
    ) -> None:
        self._raw = raw
        self._hash = _hash(like)
        self._later = later
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
        if self._later is None:
            self._hash.update(view[:got])
        else:
            self._later(bytes(view[:got]))
        self.count += got
        return got

    def update(self, data: bytes) -> None:
        """Hash what has been read."""
        self._hash.update(data)

    def digest(self) -> str:
        """Return `algorithm:hex` of what has been read."""
        return f"{self._hash.name}:{self._hash.hexdigest()}"


def _hash(like: str | None) -> "hashlib._Hash":
    return hashlib.sha512() if like is not None and like.startswith("sha512:") else hashlib.sha256()


def is_packed(head: bytes) -> bool:
    """Say whether a file that starts so is compressed in a form that `unpacker` opens."""
    return _is_gzip(head) or _is_zstd(head)


def _is_gzip(head: bytes) -> bool:
    return head[:2] == b"\x1f\x8b"


def _is_zstd(head: bytes) -> bool:
    return is_frame(int.from_bytes(head[:4], "little"))


def unpacker(raw: HashedReader) -> tuple[Readable, str]:
    """Return a reader of the unpacked bytes and the compression's name: gzip, zstd or none."""
    head = raw.head(4)
    if _is_gzip(head):
        return _gunzipped(raw), "gzip"
    if _is_zstd(head):
        return _Zstd(raw), "zstd"
    return raw, "none"


def _gunzipped(raw: HashedReader) -> Readable:
    """Return a reader that inflates into the buffer it is given, the interpreter's lock let go.

    It is what isal's own file object, like CPython's, reads from; that one copies all once more.
    """
    from isal.isal_zlib import _GzipReader

    return _GzipReader(raw, CHUNK >> 1)  # type: ignore[arg-type]  # its stub asks for more


def check_bounds(what: str, unpacked: int, packed: int, limits: Limits) -> None:
    """Raise LimitExceeded when the blob must be a bomb, by its bytes, or takes too long."""
    check_time(what, limits)
    if unpacked > limits.layer_bytes:
        raise LimitExceeded(f"{what}: more than {limits.layer_bytes} bytes unpacked")
    if unpacked > max(limits.ratio_from, limits.ratio * packed):
        raise LimitExceeded(f"{what}: unpacks to more than {limits.ratio} times its size")


def _as_file(raw: io.RawIOBase) -> IO[bytes]:
    return io.BufferedReader(raw, CHUNK >> 2)


class _Zstd(io.RawIOBase):
    """The unpacked bytes of zstd frames; EOFError where the last frame is not whole."""

    def __init__(self, raw: HashedReader) -> None:
        import zstandard

        self._frames = Frames()
        self._reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(
            _as_file(_Followed(raw, self._frames)), read_size=CHUNK >> 2, read_across_frames=True
        )

    def readinto(self, buffer: "Buffer", /) -> int:
        got = self._reader.readinto(buffer)
        if not got and not self._frames.is_whole:
            raise EOFError("it ends in the middle of a zstd frame")
        return got


class _Followed(io.RawIOBase):
    def __init__(self, raw: HashedReader, frames: Frames) -> None:
        self._raw = raw
        self._frames = frames

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        got = self._raw.readinto(view)
        self._frames.feed(view[:got])
        return got


class Unpacking:
    """The unpacked chunks of one blob; take them, then ask `finish` to compare the digests.

    `what` names the blob in messages. `digest` and `diff_id` are `sha256:<hex>` or `sha512:<hex>`,
    or None where there is nothing to compare with. A chunk is valid until the next is asked for.
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
        self._hashing: queue.SimpleQueue[bytes | tuple[memoryview, int] | None]
        self._hashing = (
            queue.SimpleQueue()
        )  # packed bytes, and buffers that were walked, to be hashed
        self._packed = HashedReader(raw, like=digest, later=self._hashing.put)
        self._expected = digest
        self._expected_diff_id = diff_id
        self._limits = limits
        self._unpacked = _hash(diff_id)
        self._full: queue.Queue[tuple[memoryview, int] | BaseException | None] = queue.Queue()
        self._free: queue.Queue[memoryview] = queue.Queue()
        for _ in range(max(_LEAST_BUFFERS, min(_BUFFERS, limits.contents.most // (4 * CHUNK)))):
            self._free.put(memoryview(bytearray(CHUNK)))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._produce, name="unpack", daemon=True)
        self._hasher = threading.Thread(target=self._digest, name="digest", daemon=True)
        self.count = 0

    def chunks(self) -> Generator[memoryview, None, None]:
        """Yield the unpacked chunks; close the generator to stop early."""
        self._thread.start()
        self._hasher.start()
        try:
            while (item := self._full.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                buffer, size = item
                self.count += size
                check_bounds(self._what, self.count, self._packed.count, self._limits)
                yield buffer[:size]
                self._hashing.put(item)
        finally:
            self._stopped.set()
            self._hashing.put(None)
            self._hasher.join()
            self._free.put(memoryview(b""))  # wakes a producer that waits for a buffer
            self._thread.join()

    def _digest(self) -> None:
        while (item := self._hashing.get()) is not None:
            if isinstance(item, bytes):
                self._packed.update(item)
                continue
            buffer, size = item
            self._unpacked.update(buffer[:size])
            self._free.put(buffer)

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
        except BadGzipFile as error:
            raise ImageError(f"{self._what}: its compressed data is damaged ({error})") from error
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
        digest = self._packed.digest()
        diff_id = f"{self._unpacked.name}:{self._unpacked.hexdigest()}"
        if self._expected is not None and digest != self._expected:
            raise DigestMismatch(self._what, expected=self._expected, found=digest)
        if self._expected_diff_id is not None and diff_id != self._expected_diff_id:
            raise DigestMismatch(
                f"{self._what}, unpacked", expected=self._expected_diff_id, found=diff_id
            )
        return digest, diff_id
