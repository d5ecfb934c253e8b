"""Places that hold blobs by digest: a folder of an OCI layout, or an archive of one."""

import hashlib
import io
import os
import re
import stat
import tempfile
from gzip import BadGzipFile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from lading.errors import DigestMismatch, ImageError, LadingError, LimitExceeded
from lading.image.limits import Limits
from lading.image.members import Member, members_of, name_of
from lading.image.stream import CHUNK, HashedReader, check_bounds, is_packed, unpacker

if TYPE_CHECKING:
    from typing_extensions import Buffer

_DIGEST = re.compile(r"(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})")


class Files(Protocol):
    """Named files, as a folder or an archive holds them; names with `/`, without a leading one."""

    where: str  # for messages

    def has(self, name: str) -> bool: ...

    def open(self, name: str) -> io.RawIOBase:
        """Open a file for reading; ImageError when it is not there or is no regular file."""
        ...

    def close(self) -> None: ...


def check_digest(digest: str) -> str:
    """Return the digest's path below `blobs`; ImageError when it is none that Lading can verify."""
    if _DIGEST.fullmatch(digest) is None:
        raise ImageError(f"{digest[:80]!r} is no sha256 or sha512 digest")
    return "blobs/" + digest.replace(":", "/")


def read_blob(files: Files, digest: str, what: str, limits: Limits) -> bytes:
    """Return a whole small blob, verified; ImageError, DigestMismatch or LimitExceeded."""
    with files.open(check_digest(digest)) as file:
        data = read_bounded(file, f"{files.where}: {what}", limits.document)
    found = f"{digest.partition(':')[0]}:{hashlib.new(digest.partition(':')[0], data).hexdigest()}"
    if found != digest:
        raise DigestMismatch(f"{files.where}: {what}", expected=digest, found=found)
    return data


def read_bounded(file: io.RawIOBase, what: str, bound: int) -> bytes:
    """Return the whole file; LimitExceeded past `bound` bytes."""
    data = bytearray()
    try:
        while more := file.read(bound + 1 - len(data)):
            data += more
            if len(data) > bound:
                raise LimitExceeded(f"{what}: more than {bound} bytes")
    except OSError as error:
        raise ImageError(f"{what} cannot be read: {error.strerror or error}") from error
    return bytes(data)


class Folder:
    """Files below a folder; links out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.where = str(path)

    def has(self, name: str) -> bool:
        try:
            return (self._path / name).is_file()
        except OSError as error:
            raise ImageError(f"{self.where}: {name} cannot be read: {error.strerror}") from error

    def open(self, name: str) -> io.RawIOBase:
        path = self._path / name
        try:
            if not path.resolve().is_relative_to(self._path.resolve()):
                raise ImageError(f"{self.where}: {name} is a link out of the folder")
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                os.close(handle)
                raise ImageError(f"{self.where}: {name} is no regular file")
            return io.FileIO(handle, "rb")
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before 3.13
            reason = getattr(error, "strerror", None) or error
            raise ImageError(f"{self.where}: {name} cannot be read: {reason}") from error

    def close(self) -> None:
        """Hold nothing open."""


class Archive:
    """Files in a tar archive, opened in place.

    An archive in gzip or zstd is unpacked to a nameless temporary file first.
    """

    def __init__(self, file: IO[bytes], where: str, limits: Limits) -> None:
        self.where = where
        self._open = [file]
        try:
            self._file = _seekable(file, where, limits)
            self._open.append(self._file)
            self._members = members_of(self._file, where, limits)
        except BaseException:
            self.close()
            raise

    def has(self, name: str) -> bool:
        return self._member(name) is not None

    def names(self) -> frozenset[str]:
        return frozenset(self._members)

    def _member(self, name: str) -> Member | None:
        for _ in range(8):  # `docker save` of old links a layer to another image's
            member = self._members.get(name_of(name))
            if member is None or member.link is None:
                return member
            name = member.link
        return None

    def open(self, name: str) -> io.RawIOBase:
        member = self._member(name)
        if member is None:
            raise ImageError(f"{self.where}: it has no {name}")
        return Window(self._file.fileno(), member.offset, member.size)

    def close(self) -> None:
        for file in self._open:
            file.close()


class Window(io.RawIOBase):
    """A stretch of an open file, read by position so that many can be read at once."""

    def __init__(self, handle: int, offset: int, size: int) -> None:
        self._handle = handle
        self._offset = offset
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")[: self._left]
        if not view:
            return 0
        got = os.preadv(self._handle, [view], self._offset)
        self._offset += got
        self._left -= got
        return got


def _seekable(file: IO[bytes], where: str, limits: Limits) -> IO[bytes]:
    try:
        file.seek(0)
        seekable = True
        head = file.read(4)
        file.seek(0)
    except (OSError, ValueError):
        seekable, head = False, b""
    if seekable and not is_packed(head):
        return file
    spool = tempfile.TemporaryFile(prefix="lading-")  # noqa: SIM115 - closed with the archive
    try:
        _unpack_into(spool, file, where, limits)
    except BaseException:
        spool.close()
        raise
    return spool


class _Raw(io.RawIOBase):
    """A file of any kind (a pipe, standard input) as one that reads into buffers."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


def _unpack_into(spool: IO[bytes], file: IO[bytes], where: str, limits: Limits) -> None:
    buffer = memoryview(bytearray(CHUNK))
    total = 0
    try:
        packed = HashedReader(_Raw(file))
        reader, _ = unpacker(packed)
        while got := reader.readinto(buffer):
            total += got
            check_bounds(where, total, packed.count, limits)
            spool.write(buffer[:got])
        spool.flush()
    except LadingError:
        raise  # a bound, or the file is a stream that says by itself what went wrong
    except BadGzipFile as error:
        raise ImageError(f"{where}: its compressed data is damaged ({error})") from error
    except OSError as error:
        raise ImageError(f"{where} cannot be unpacked to a temporary file: {error}") from error
    except Exception as error:
        raise ImageError(f"{where}: its compressed data is damaged ({error})") from error
