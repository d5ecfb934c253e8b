"""Places that hold blobs by digest: a folder of an OCI layout, or an archive of one."""

import hashlib
import io
import os
import posixpath
import re
import stat
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from lading.errors import DigestMismatch, ImageError, LadingError, LimitExceeded
from lading.image.limits import Limits
from lading.image.stream import CHUNK, HashedReader, unpacker
from lading.image.tar import BLOCK, Header, Kind, Meta, header, pax_number, pax_records

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
    while more := file.read(bound + 1 - len(data)):
        data += more
        if len(data) > bound:
            raise LimitExceeded(f"{what}: more than {bound} bytes")
    return bytes(data)


class Folder:
    """Files below a folder; links out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.where = str(path)

    def has(self, name: str) -> bool:
        return (self._path / name).is_file()

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
        except OSError as error:
            raise ImageError(f"{self.where}: {name} cannot be read: {error.strerror}") from error

    def close(self) -> None:
        """Hold nothing open."""


class _Member(NamedTuple):
    offset: int
    size: int
    link: str | None


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
            self._members = _index(self._file, where, limits)
        except BaseException:
            self.close()
            raise

    def has(self, name: str) -> bool:
        return self._member(name) is not None

    def names(self) -> frozenset[str]:
        return frozenset(self._members)

    def _member(self, name: str) -> _Member | None:
        for _ in range(8):  # `docker save` of old links a layer to another image's
            member = self._members.get(name)
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
    packed = head[:2] == b"\x1f\x8b" or head == b"\x28\xb5\x2f\xfd"
    if seekable and not packed:
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
        reader, _ = unpacker(HashedReader(_Raw(file)))
        while got := reader.readinto(buffer):
            spool.write(buffer[:got])
            total += got
            if total > limits.layer_bytes:
                break
    except LadingError:
        raise  # the file is a stream from elsewhere, which says by itself what went wrong
    except Exception as error:
        raise ImageError(f"{where}: its compressed data is damaged ({error})") from error
    if total > limits.layer_bytes:
        raise LimitExceeded(f"{where}: more than {limits.layer_bytes} bytes unpacked")
    spool.flush()


def _index(file: IO[bytes], where: str, limits: Limits) -> dict[str, _Member]:
    """Return name → member of a tar archive, by its headers alone; a later name wins."""
    members: dict[str, _Member] = {}
    handle = file.fileno()
    end = os.fstat(handle).st_size
    at, extended = 0, _Extended()
    while at + BLOCK <= end:
        head = _header(os.pread(handle, BLOCK, at), where, first=not members)
        if head is None:
            break
        content = at + BLOCK
        size = head.size if extended.size is None else extended.size
        at = content + -(-size // BLOCK) * BLOCK
        if head.kind >= Meta.LONG_NAME:
            data = os.pread(handle, min(head.size, limits.header_bytes), content)
            extended = _extend(extended, head.kind, data)
            continue
        member = head._replace(
            name=extended.name or head.name, link=extended.link or head.link, size=size
        )
        if at > end:
            raise ImageError(f"{where} is cut short: {_text(member.name)} goes beyond its end")
        _add(members, member, content)
        extended = _Extended()
        if len(members) > limits.entries:
            raise LimitExceeded(f"{where}: more than {limits.entries} entries")
    if not members:
        raise ImageError(f"{where} is no image: neither a tar archive nor a layout")
    return members


def _header(block: bytes, where: str, *, first: bool) -> Header | None:
    try:
        return header(block)
    except ImageError as error:
        if first:
            raise ImageError(f"{where} is no image: neither a tar archive nor a layout") from error
        raise ImageError(f"{where} is damaged: {error}") from error


class _Extended(NamedTuple):
    """What extended headers said of the next member."""

    name: bytes | None = None
    link: bytes | None = None
    size: int | None = None


def _extend(known: _Extended, kind: Kind | Meta, data: bytes) -> _Extended:
    match kind:
        case Meta.LONG_NAME:
            return known._replace(name=data.split(b"\0", 1)[0])
        case Meta.LONG_LINK:
            return known._replace(link=data.split(b"\0", 1)[0])
        case Meta.PAX:
            records = pax_records(data)
            return _Extended(
                records.get("path", known.name),
                records.get("linkpath", known.link),
                pax_number(records, "size"),
            )
        case _:
            return known


def _add(members: dict[str, _Member], head: Header, offset: int) -> None:
    path = posixpath.normpath(_text(head.name).lstrip("/"))
    if head.kind is Kind.FILE:
        members[path] = _Member(offset, head.size, None)
    elif head.kind is Kind.HARDLINK:
        members[path] = _Member(0, 0, posixpath.normpath(_text(head.link).lstrip("/")))
    elif head.kind is Kind.SYMLINK:
        target = posixpath.join(posixpath.dirname(path), _text(head.link))
        members[path] = _Member(0, 0, posixpath.normpath(target))


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
