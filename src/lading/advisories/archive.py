"""A zip of JSON documents, read within bounds.

Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. Whatever is wrong with an
archive or with a member of it is an `InvalidRecord`.
"""

import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from lading.errors import InvalidRecord

MOST_AT_ONCE = 50  # members that are looked at to tell what an archive is about
_MOST = 5_000_000  # members
_LARGEST = 32 << 20  # bytes of one member, unpacked
_LARGEST_ALL = 64 << 30  # bytes of all members, unpacked
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


def is_archive(file: Path) -> bool:
    """Tell by its name whether a file is an archive of records."""
    return file.name.lower().endswith(".zip")


class Archive:
    """An archive opened for reading; `names` are its JSON members, in its order."""

    def __init__(self, file: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (*_DAMAGED, OverflowError) as error:
            raise InvalidRecord(f"no readable zip archive: {error}") from error
        members = [one for one in self._zip.infolist() if one.filename.endswith(".json")]
        self._members = {one.filename: one for one in members}
        self.names = tuple(self._members)
        self.damaged: list[str] = []  # members that could not be unpacked
        try:
            self._check_bounds()
        except InvalidRecord:
            self._zip.close()
            raise

    def _check_bounds(self) -> None:
        if len(self.names) > _MOST:
            raise InvalidRecord(f"more than {_MOST} members")
        if sum(one.file_size for one in self._members.values()) > _LARGEST_ALL:
            raise InvalidRecord(f"more than {_LARGEST_ALL} bytes, unpacked")

    def read(self, name: str) -> bytes:
        """Return one member, unpacked; never more than it claims to have."""
        member = self._members[name]
        if member.file_size > _LARGEST:
            raise InvalidRecord(f"a record of {member.file_size} bytes")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidRecord(f"compressed by method {member.compress_type}, which is not read")
        if member.flag_bits & 0x1:
            raise InvalidRecord("encrypted")
        try:
            return self._zip.read(member)
        except (*_DAMAGED, RuntimeError) as error:
            self.damaged.append(name)
            raise InvalidRecord(f"damaged: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
