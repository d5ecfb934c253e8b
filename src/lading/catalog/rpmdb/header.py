"""An rpm header, as databases store it, into the entry of one package.

Format: https://rpm-software-management.github.io/rpm/manual/format_header.html: two big-endian
counts, an index of 16-byte records (tag, type, offset, count), then the data. Tags:
https://rpm-software-management.github.io/rpm/manual/tags.html
"""

import struct
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from lading.catalog.rpmdb.signature import key_id, key_id_of_text
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError

_NAME, _VERSION, _RELEASE, _EPOCH = 1000, 1001, 1002, 1003
_VENDOR, _LICENCE, _ARCH, _SOURCE_RPM, _MODULE = 1011, 1014, 1022, 1044, 5096
_PROVIDES, _REQUIRES = 1047, 1049
_INDEXES, _BASES, _FOLDERS = 1116, 1117, 1118
_SIGNATURES = (268, 267, 262, 259)  # of the header alone, then of header and payload
_SIGNATURE_TEXTS = 278  # base64, since rpm 4.20
_WORDS = (_NAME, _VERSION, _RELEASE, _EPOCH, _VENDOR, _LICENCE, _ARCH, _SOURCE_RPM, _MODULE)
_LISTS = (_PROVIDES, _REQUIRES, _INDEXES, _BASES, _FOLDERS)
FILE_LISTS = frozenset((_INDEXES, _BASES, _FOLDERS))
"""The tags that `Header.files` needs."""
_WANTED = frozenset((*_WORDS, *_LISTS, *_SIGNATURES, _SIGNATURE_TEXTS))
_NUMBERS = {4: ("I", 4), 3: ("H", 2), 2: ("B", 1), 1: ("B", 1)}  # by a record's type, with bytes
_BYTES = frozenset((7,))
_TEXTS = frozenset((6, 8, 9))  # a string, strings, one string in several languages
_MOST_RECORDS = 0xFFFF  # rpm's own limit


class Files(NamedTuple):
    """Owned paths in parts: folders end with a slash, each base has the index of its folder."""

    folders: list[str]
    bases: list[str]
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a database says of one package."""

    name: str
    version: str  # [epoch:]version-release
    arch: str | None
    source_rpm: str | None  # the file name of the source package
    vendor: str | None
    licence: str | None = None
    module: str | None = None
    key_id: str | None = None  # of the key that signed it, 16 hex digits
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    files: Files | None = None
    is_whole: bool = True  # False: some of it could not be read


class _Record(NamedTuple):
    tag: int
    type: int
    offset: int
    length: int  # how many strings or numbers


def read_header(blob: bytes) -> Entry:
    """Return the entry; CatalogError where the blob does not say name, version and release.

    A blob that is shorter than it should be gives what is there, marked as not whole.
    """
    header = Header(blob)
    name, version, release = (header.word(tag) for tag in (_NAME, _VERSION, _RELEASE))
    if name is None or version is None or release is None:
        raise refuse("an rpm header", "name, version or release", None)
    epoch = header.numbers(_EPOCH)[:1]
    files = header.files()
    return Entry(
        name=name,
        version="".join(f"{number}:" for number in epoch) + f"{version}-{release}",
        arch=header.word(_ARCH),
        source_rpm=header.word(_SOURCE_RPM),
        vendor=header.text(_VENDOR),
        licence=header.text(_LICENCE),
        module=header.word(_MODULE),
        key_id=_key_id(header),
        requires=tuple(n for n in dict.fromkeys(header.texts(_REQUIRES)) if n[:7] != "rpmlib("),
        provides=tuple(dict.fromkeys(header.texts(_PROVIDES))),
        files=files,
        is_whole=header.is_whole,
    )


def _key_id(header: "Header") -> str | None:
    for tag in _SIGNATURES:
        if found := key_id(header.octets(tag)):
            return found
    return next(filter(None, map(key_id_of_text, header.texts(_SIGNATURE_TEXTS))), None)


class Header:
    """The wanted records of a header, and their data."""

    def __init__(
        self, blob: bytes, wanted: frozenset[int] = _WANTED, errors: str = "backslashreplace"
    ) -> None:
        """Take the tags that will be asked for, and how to decode what is no UTF-8."""
        self._errors = errors
        records, size = struct.unpack_from(">II", blob) if len(blob) >= 8 else (0, 0)
        start = 8 + 16 * records
        if not 0 < records <= _MOST_RECORDS or start > len(blob):
            raise CatalogError("an rpm header has no index")
        index = struct.iter_unpack(">IIiI", blob[8:start])
        # Of records with the same tag the last holds: rpm appends what it changes.
        self._records = {one[0]: _Record(*one) for one in index if one[0] in wanted}
        self._data = blob[start : start + size]
        self.is_whole = len(self._data) == size

    def word(self, tag: int) -> str | None:
        """Return the text where it is fit to name something."""
        return word(self.text(tag))

    def text(self, tag: int) -> str | None:
        """Return the first text of a tag; None when it has none."""
        start = self._start(tag, _TEXTS)
        if start is None:
            return None
        end = self._data.find(0, start)
        if end < 0:
            self.is_whole = False
            return None
        return self._data[start:end].decode("utf-8", self._errors) or None

    def texts(self, tag: int) -> list[str]:
        """Return all texts of a tag."""
        start = self._start(tag, _TEXTS)
        if start is None:
            return []
        count = self._records[tag].length
        parts = self._data[start:].split(b"\0", count)[:-1]  # the last is what follows
        if len(parts) < count:
            self.is_whole = False
        if not parts:
            return []
        return b"\0".join(parts).decode("utf-8", self._errors).split("\0")

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return the numbers of a tag, of whatever width."""
        start = self._start(tag, _NUMBERS)
        if start is None:
            return ()
        letter, size = _NUMBERS[self._records[tag].type]
        there = (len(self._data) - start) // size
        count = min(self._records[tag].length, there)
        if count < self._records[tag].length:
            self.is_whole = False
        return struct.unpack_from(f">{count}{letter}", self._data, start)

    def octets(self, tag: int) -> bytes:
        """Return the bytes of a tag; none when it has none."""
        start = self._start(tag, _BYTES)
        return b"" if start is None else self._data[start : start + self._records[tag].length]

    def _start(self, tag: int, types: Container[int]) -> int | None:
        """Return where the tag's data starts; None when there is no such tag."""
        record = self._records.get(tag)
        if record is None:
            return None
        if record.type not in types or not 0 <= record.offset < len(self._data):
            self.is_whole = False
            return None
        return record.offset

    def files(self) -> Files | None:
        """Return the owned paths; None when there are none, or their lists do not agree."""
        bases, folders = self.texts(_BASES), self.texts(_FOLDERS)
        indexes = self.numbers(_INDEXES)
        if not bases and not indexes:
            return None
        if len(bases) != len(indexes) or max(indexes) >= len(folders):
            self.is_whole = False
            return None
        return Files(folders, bases, indexes)
