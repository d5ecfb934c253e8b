"""One tar header block into what it says: names, kinds, sizes, in every dialect images use.

Formats: POSIX pax and ustar (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html),
GNU long names, base-256 numbers and sparse files
(https://www.gnu.org/software/tar/manual/html_node/Standard.html).
"""

import struct
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple
from zlib import adler32

from lading.errors import ImageError

BLOCK = 512
_ZERO = bytes(BLOCK)
# name, mode, size, checksum, type, link, magic; owner and times are of no use here
_FIELDS = struct.Struct("100s8s16x12s12x8sB100s6s")
_unpack = _FIELDS.unpack_from
_REGULAR = ord("0")
_BLANK = b"\0 "
_CHECKSUM_END = b"\0 "
_ADLER = 65521
_STRETCH = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")


class Kind(IntEnum):
    """What an entry is once it stands in a file system."""

    FILE = 0
    HARDLINK = 1
    SYMLINK = 2
    DEVICE = 3  # character and block devices
    DIRECTORY = 5
    FIFO = 6


class Meta(IntEnum):
    """Headers that speak of the next entry, or of the archive."""

    LONG_NAME = 100
    LONG_LINK = 101
    PAX = 102
    PAX_GLOBAL = 103
    SPARSE = 104  # GNU's own sparse file: a file with a map in its header
    IGNORED = 105  # volume labels, multi-volume parts, incremental dumps


_KINDS: dict[int, Kind | Meta] = {
    0: Kind.FILE,
    ord("0"): Kind.FILE,
    ord("7"): Kind.FILE,  # contiguous
    ord("1"): Kind.HARDLINK,
    ord("2"): Kind.SYMLINK,
    ord("3"): Kind.DEVICE,
    ord("4"): Kind.DEVICE,
    ord("5"): Kind.DIRECTORY,
    ord("6"): Kind.FIFO,
    ord("L"): Meta.LONG_NAME,
    ord("K"): Meta.LONG_LINK,
    ord("x"): Meta.PAX,
    ord("X"): Meta.PAX,
    ord("g"): Meta.PAX_GLOBAL,
    ord("S"): Meta.SPARSE,
    ord("V"): Meta.IGNORED,
    ord("M"): Meta.IGNORED,
    ord("D"): Meta.IGNORED,
    ord("N"): Meta.IGNORED,
}


class Header(NamedTuple):
    """One header block; `size` is the bytes of content that follow it in the archive.

    Directories, links and devices have no content, whatever the size field says: that is how
    runtimes read them, and to skip what the field says would hide entries.
    """

    name: bytes
    kind: Kind | Meta
    mode: int
    size: int
    link: bytes


def header(block: bytes) -> Header | None:
    """Return what the block says, or None for the zero block that ends an archive.

    Raise ImageError when it is no tar header: a wrong checksum or an unreadable number.
    """
    if block[0] == 0 and block == _ZERO:
        return None
    name, mode, size, field, flag, link, magic = _unpack(block)
    if not _checksum_holds(block, field):
        raise ImageError("a tar header has a wrong checksum; the archive is damaged")
    name = name.split(b"\0", 1)[0]
    if block[345] and magic == b"ustar\0":
        name = block[345:500].split(b"\0", 1)[0] + b"/" + name
    length = _length(size)
    if flag == _REGULAR:
        return Header(name, Kind.FILE, _mode(mode), length, b"")
    return _special(name, flag, _mode(mode), length, link.split(b"\0", 1)[0])


def usual_file(block: bytes) -> tuple[bytes, int, int] | None:
    """Return name, mode and size of a regular file whose header is as most are; None for others.

    It gives what `header` gives, or nothing.
    """
    name, mode, size, field, flag, _, magic = _unpack(block)
    if flag != _REGULAR or (block[345] and magic == b"ustar\0") or field[6:] != _CHECKSUM_END:
        return None
    try:
        stored, length, bits = int(field[:6], 8), int(size[:11], 8), _mode(mode)
    except (ValueError, ImageError):
        return None
    if (adler32(block) & 0xFFFF) != (stored + (adler32(field) & 0xFFFF) - 256) % _ADLER:
        return None
    if length < 0 or size[11] not in _BLANK:
        return None
    return name[: name.find(b"\0")] if b"\0" in name else name, bits, length


def _special(name: bytes, flag: int, mode: int, size: int, link: bytes) -> Header:
    kind = kind_of(flag, name)
    has_content = kind is Kind.FILE or kind >= Meta.LONG_NAME
    return Header(name, kind, mode, size if has_content else 0, link)


def kind_of(flag: int, name: bytes) -> Kind | Meta:
    """Return what a type flag makes of the entry of that name."""
    if flag == 0 and name.endswith(b"/"):
        return Kind.DIRECTORY  # before POSIX, the slash was the only mark
    return _KINDS.get(flag, Kind.FILE)  # POSIX: an unknown type is read as a regular file


def content_size(block: bytes) -> int:
    """Return the header's size field; ImageError when it is unreadable."""
    return number(block[124:136])


def _checksum_holds(block: bytes, field: bytes) -> bool:
    # The sum of all bytes, its own field counted as spaces. The low half of Adler-32 is that sum
    # plus one, modulo 65521, and is computed in C.
    try:
        usual = field[6:] == _CHECKSUM_END
        stored = int(field[:6] if usual else field.rstrip(b"\0 ").lstrip(b" ") or b"0", 8)
    except ValueError:
        return False
    if (adler32(block) & 0xFFFF) == (stored + (adler32(field) & 0xFFFF) - 256) % _ADLER:
        return True
    # Some old programs added up signed bytes.
    signed = sum(block) - sum(field) + 256 - 256 * sum(byte > 127 for byte in block)
    return stored == signed


@lru_cache(maxsize=256)
def _mode(field: bytes) -> int:
    return number(field) & 0o7777


def _length(field: bytes) -> int:
    """Return a size; most are eleven octal digits."""
    try:
        value = int(field[:11], 8)
    except ValueError:
        return number(field)
    return value if value >= 0 and field[11] in _BLANK else number(field)


def number(field: bytes) -> int:
    """Return an octal or base-256 header number; ImageError when it is neither, or negative."""
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise ImageError("a tar header has a negative number; the archive is damaged")
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    try:
        value = int(field.rstrip(b"\0 ") or b"0", 8)
    except ValueError as error:
        raise ImageError("a tar header has an unreadable number; the archive is damaged") from error
    if value < 0:
        raise ImageError("a tar header has a negative number; the archive is damaged")
    return value


def pax_records(content: bytes) -> dict[str, bytes]:
    """Return the `length key=value` records of a PAX header; ImageError when malformed.

    The stretches that sparse files of form 0.0 list one by one are joined into the map of form 0.1.
    """
    records: dict[str, bytes] = {}
    stretches: list[bytes] = []
    position = 0
    while position < len(content) and content[position] != 0:
        space = content.find(b" ", position, position + 20)
        if space < 0 or not content[position:space].isdigit():
            raise ImageError("a PAX header is malformed; the archive is damaged")
        end = position + int(content[position:space])
        key, equals, value = content[space + 1 : end - 1].partition(b"=")
        if not equals or end > len(content) or end <= space or content[end - 1] != 0x0A:
            raise ImageError("a PAX header is malformed; the archive is damaged")
        if key in _STRETCH:
            stretches.append(value)
        records[key.decode("utf-8", "surrogateescape")] = value
        position = end
    if stretches:
        records["GNU.sparse.map"] = b",".join(stretches)
    return records


def pax_number(records: dict[str, bytes], key: str) -> int | None:
    """Return a decimal PAX value, or None where the header has none; ImageError when no number."""
    value = records.get(key)
    if not value:  # an empty value takes the record back
        return None
    if not value.isdigit() or len(value) > 20:
        raise ImageError(f"a PAX header has an unreadable {key}; the archive is damaged")
    return int(value)
