"""An Alpine package file in memory into its control records and its files.

Format: https://wiki.alpinelinux.org/wiki/Apk_spec: gzip members behind one another, each a tar
without an end: signatures, if there are any, then control, then the files.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from lading.errors import ImageError

_LONGEST = 16 << 20  # bytes of an unpacked member before the files
_MOST_MEMBERS = 8  # before the files
_RECORD = b".PKGINFO\0"


class Parts(NamedTuple):
    """Control as an unpacked tar, and the files as a packed one."""

    control: bytes
    files: memoryview


def parts_of_apk(data: memoryview, what: str) -> Parts:
    """Return the parts; ImageError where no member begins with the package's record."""
    for member, rest in _members(data, what):
        if member.startswith(_RECORD):
            return Parts(member, rest)
    raise ImageError(f"{what}: an Alpine package without .PKGINFO")


def _members(data: memoryview, what: str) -> Iterator[tuple[bytes, memoryview]]:
    """Yield each unpacked member and what lies behind it."""
    for _ in range(_MOST_MEMBERS):
        if not data:
            return
        stage = zlib.decompressobj(31)
        try:
            member = stage.decompress(data, _LONGEST)
        except zlib.error as error:
            raise ImageError(f"{what}: its compressed data is damaged ({error})") from error
        if not stage.eof:
            raise ImageError(f"{what}: its control records are cut short or absurdly long")
        data = data[len(data) - len(stage.unused_data) :]
        yield member, data
