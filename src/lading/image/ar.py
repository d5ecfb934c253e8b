"""An ar archive in memory into its members.

Format: https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5; names behind `#1/` (BSD) and in a
table (`//`, GNU) do not occur in packages and are given as they are written.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lading.errors import ImageError

MAGIC = b"!<arch>\n"
_HEADER = 60
_END = b"`\n"


class Stretch(NamedTuple):
    """A member: its name without padding, and its bytes."""

    name: str
    data: memoryview


def members_of_ar(data: memoryview) -> Iterator[Stretch]:
    """Yield the members in their order.

    Raise ImageError where the archive is none, damaged or cut; members before that were yielded.
    """
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise ImageError("it is no ar archive")
    at = len(MAGIC)
    while at < len(data):
        header = bytes(data[at : at + _HEADER])
        size = header[48:58].strip(b" ")
        if len(header) < _HEADER or header[58:] != _END or not size.isdigit():
            raise ImageError("a header of its ar archive is damaged")
        start, end = at + _HEADER, at + _HEADER + int(size)
        if end > len(data):
            raise ImageError("it is cut short: a member of its ar archive goes beyond its end")
        name = header[:16].decode("utf-8", "backslashreplace").rstrip(" ").removesuffix("/")
        yield Stretch(name, data[start:end])
        at = end + end % 2
