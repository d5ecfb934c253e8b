"""A ZIP archive in memory into entries; wanted files go to a visitor.

Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, as wheels and NuGet packages
use it.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from lading.errors import ImageError, LimitExceeded
from lading.image.entry import Entry, LayerFiles, Visitor
from lading.image.limits import Limits
from lading.image.names import cleaned
from lading.image.problems import Problems
from lading.image.tar import Kind

_SNIFF = 24
_ROW = re.compile(rb"PK\x01\x02")
_MOST_ENTRIES = 200_000
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
    NotImplementedError, OverflowError,
)  # fmt: skip
_MISSED = "packages in it are not listed"


def read_zip(
    data: memoryview, visitor: Visitor, *, what: str, limits: Limits, files: LayerFiles
) -> None:
    """Walk the archive once into `files`.

    Raise ImageError for what is no ZIP archive and LimitExceeded past a bound.
    """
    # Rows are held in memory, so they are counted before: stored archives in it only add to that.
    if next(islice(_ROW.finditer(data), _MOST_ENTRIES, None), None) is not None:
        raise LimitExceeded(f"{what}: more than {_MOST_ENTRIES} entries")
    with _damage(what), zipfile.ZipFile(io.BytesIO(data)) as archive:
        _Walk(archive, len(data), visitor, what, limits, files).run()


@contextmanager
def _damage(what: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise ImageError(f"{what} is damaged: {error}") from error


class _Walk:
    def __init__(
        self,
        archive: zipfile.ZipFile,
        size: int,
        visitor: Visitor,
        what: str,
        limits: Limits,
        files: LayerFiles,
    ) -> None:
        self._archive = archive
        self._visitor = visitor
        self._what = what
        self._limits = limits
        self._files = files
        self._problems = Problems(limits.problems)
        self._left = min(limits.layer_bytes, max(limits.ratio_from, limits.ratio * size))

    def run(self) -> None:
        try:
            for row in self._archive.infolist():
                self._row(row)
        finally:
            self._files.problems += self._problems.all()

    def _row(self, row: zipfile.ZipInfo) -> None:
        path = cleaned(row.filename)
        if not path or row.filename.endswith("/"):
            self._files.add(Entry(path, Kind.DIRECTORY, 0o755))
            return
        try:
            with _damage(self._what):
                self._file(row, path)
        except LimitExceeded:
            raise
        except ImageError as error:
            self._problems.add(path, str(error), _MISSED)
            self._files.add_plain(path)

    def _file(self, row: zipfile.ZipInfo, path: str) -> None:
        mode = row.external_attr >> 16
        if stat.S_ISLNK(mode):
            link = self._whole(row, self._limits.path_bytes).decode("utf-8", "surrogateescape")
            self._files.add(Entry(path, Kind.SYMLINK, 0o777, 0, link))
            return
        with self._archive.open(row) as file:
            wish = self._visitor.wish(path, file.read(_SNIFF))
        mode &= 0o7777
        if not wish.wanted:
            self._files.add_unread(path, mode, row.file_size, wish.content)
            return
        data = self._whole(row, min(wish.max_size, self._limits.file_bytes))
        number = self._files.visits
        self._files.visits += 1
        self._files.add(Entry(path, Kind.FILE, mode, len(data), "", wish.content, number))
        self._visitor.visit(number, path, mode, data)

    def _whole(self, row: zipfile.ZipInfo, bound: int) -> bytes:
        """Return the file's bytes; ImageError when there are more than `bound`."""
        if row.file_size > bound:
            raise ImageError(f"file of {row.file_size} bytes, more than is read of its kind")
        self._left -= row.file_size
        if self._left < 0:
            raise LimitExceeded(f"{self._what}: unpacks to more than the bounds allow")
        with self._archive.open(row) as file:
            # zipfile ends a file where its row says, so no more than `file_size` comes out.
            return file.read()
