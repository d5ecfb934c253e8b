"""The headers of a tar archive into where in it each member lies, so that it is opened in place.

Formats: see `lading.image.tar`.
"""

import os
import posixpath
from typing import IO, NamedTuple

from lading.errors import ImageError, LimitExceeded
from lading.image.limits import Limits
from lading.image.tar import BLOCK, Header, Kind, Meta, header, kind_of, pax_number, pax_records


class Member(NamedTuple):
    """A stretch of the archive; or a link to the member of another name."""

    offset: int
    size: int
    link: str | None


def members_of(file: IO[bytes], where: str, limits: Limits) -> dict[str, Member]:
    """Return name → member, by the headers alone; a later name wins.

    Raise ImageError for what is no tar archive or a damaged one, LimitExceeded past a bound.
    """
    try:
        members = _index(file.fileno(), where, limits)
    except OSError as error:
        raise ImageError(f"{where} cannot be read: {error.strerror or error}") from error
    if not members:
        raise ImageError(f"{where} is no image: neither a tar archive nor a layout")
    return members


def name_of(text: str) -> str:
    """Return a member's name in the one form that the index has."""
    return posixpath.normpath(text.lstrip("/"))


class _Extended(NamedTuple):
    """What extended headers say of the next member."""

    name: bytes | None = None
    link: bytes | None = None
    records: dict[str, bytes] | None = None


_PLAIN = _Extended()


def _index(handle: int, where: str, limits: Limits) -> dict[str, Member]:
    members: dict[str, Member] = {}
    end = os.fstat(handle).st_size
    at, headers, extended = 0, 0, _PLAIN
    while at + BLOCK <= end:
        block = os.pread(handle, BLOCK, at)
        try:
            head = header(block)
            if head is None:
                break
            at, headers = at + BLOCK, headers + 1
            if head.kind >= Meta.LONG_NAME:
                data = os.pread(handle, min(head.size, limits.header_bytes), at)
                extended = _extend(extended, head, data)
            else:
                head, extended = _complete(head, block, extended), _PLAIN
                _add(members, head, at, end)
        except ImageError as error:
            if not headers:
                raise ImageError(
                    f"{where} is no image: neither a tar archive nor a layout"
                ) from error
            raise ImageError(f"{where} is damaged: {error}") from error
        at += -(-head.size // BLOCK) * BLOCK
        if headers > limits.entries:
            raise LimitExceeded(f"{where}: more than {limits.entries} entries")
    return members


def _extend(known: _Extended, head: Header, data: bytes) -> _Extended:
    match head.kind:
        case Meta.LONG_NAME:
            return known._replace(name=data.split(b"\0", 1)[0])
        case Meta.LONG_LINK:
            return known._replace(link=data.split(b"\0", 1)[0])
        case Meta.PAX:
            return known._replace(records=pax_records(data))
        case Meta.SPARSE:
            raise _sparse(known.name or head.name)
        case _:
            return _PLAIN


def _complete(head: Header, block: bytes, extended: _Extended) -> Header:
    """Return the header with what extended headers said of its member."""
    if extended is _PLAIN:
        return head
    records = extended.records or {}
    name = extended.name or records.get("path") or head.name
    link = extended.link or records.get("linkpath") or head.link
    kind = kind_of(block[156], name)
    size = head.size
    if kind is Kind.FILE:
        if any(key.startswith("GNU.sparse.") for key in records):
            raise _sparse(records.get("GNU.sparse.name") or name)
        given = pax_number(records, "size")
        size = size if given is None else given
    return Header(name, kind, head.mode, size, link)


def _sparse(name: bytes) -> ImageError:
    return ImageError(
        f"{_text(name)} is stored as a sparse file, which is not opened in place; "
        "make the archive without --sparse"
    )


def _add(members: dict[str, Member], head: Header, offset: int, end: int) -> None:
    path = name_of(_text(head.name))
    if offset + head.size > end:
        raise ImageError(f"it is cut short: {path} goes beyond its end")
    if head.kind is Kind.FILE:
        members[path] = Member(offset, head.size, None)
    elif head.kind is Kind.HARDLINK:
        members[path] = Member(0, 0, name_of(_text(head.link)))
    elif head.kind is Kind.SYMLINK:
        target = posixpath.join(posixpath.dirname(path), _text(head.link))
        members[path] = Member(0, 0, name_of(target))


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
