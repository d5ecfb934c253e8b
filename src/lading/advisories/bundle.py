"""A bundle: one signed file with all that a database says, or with what changed since another.

Form (docs/bundles.md): an optional skippable frame of zstd that holds the signature of all bytes
behind it, then one frame of zstd (https://www.rfc-editor.org/rfc/rfc8878) with lines of JSON: a
header, records, ids that are gone, tables of facts, and the number of lines at the end.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import zstandard

from lading.advisories.content import FACTS, Fact
from lading.advisories.signing import check
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory

SCHEMA = "lading.bundle/1"
MAGIC, SIGNED = b"\x28\xb5\x2f\xfd", b"\x5e\x2a\x4d\x18"
_LARGEST_SIGNATURE = 4096  # bytes
_LONGEST_LINE = 256 << 20  # bytes: the table of estimates is one line
_MOST_LINES = 20_000_000
_PART = 1 << 20


class Part(msgspec.Struct, kw_only=True):
    """A feed, or (`=kev`) a table of facts, as the bundle leaves it."""

    state: str
    base: str | None = None  # its state before, in a delta; null: it was not there


class FeedRow(msgspec.Struct, kw_only=True):
    """What the database says of a feed."""

    name: str
    records: int
    as_of: str | None
    checked: str | None
    partial: bool


class Header(msgspec.Struct, rename={"schema_": "schema", "from_": "from"}, kw_only=True):
    """The first line."""

    schema_: str = SCHEMA
    kind: str  # "full" or "delta"
    from_: str | None = None  # the state that a delta starts from
    to: str  # the state that it leads to
    built: str | None = None  # RFC 3339 UTC
    parts: dict[str, Part]
    feeds: list[FeedRow]


class Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One of the other lines: it has one of these members."""

    record: Advisory | None = None
    gone: tuple[str, str] | None = None  # (feed, id)
    facts: tuple[str, list[Fact]] | None = None  # (table, its rows), in place of what was there
    end: int | None = None  # how many lines came before


_encode = msgspec.json.Encoder().encode
_decode_header = msgspec.json.Decoder(Header).decode
_decode_line = msgspec.json.Decoder(Line).decode
_DAMAGED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def is_bundle(path: Path) -> bool:
    """Tell by its first bytes whether a file may be a bundle."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        return False
    return head in (MAGIC, SIGNED) and not path.name.endswith(".tar.zst")


def write_bundle(path: Path, header: Header, lines: Iterable[Line]) -> None:
    """Write an unsigned bundle; the same content gives the same bytes."""
    packer = zstandard.ZstdCompressor(level=10, write_checksum=True)
    with path.open("wb") as file, packer.stream_writer(file, closefd=False) as stream:
        stream.write(_encode(header) + b"\n")
        count = 1
        for line in lines:
            stream.write(_encode(line) + b"\n")
            count += 1
        stream.write(_encode(Line(end=count)) + b"\n")


def signed(signature: bytes) -> bytes:
    """Return what goes before an unsigned bundle to sign it."""
    return SIGNED + len(signature).to_bytes(4, "little") + signature


class BundleFile:
    """A bundle opened for reading: its header first, then its lines, once.

    AdvisoryError for what is none, is damaged, or is not signed by one of the `trusted` keys.
    """

    def __init__(self, path: Path, trusted: Iterable[Path] = ()) -> None:
        self._where = str(path)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise AdvisoryError(f"{path}: {error.strerror}") from error
        try:
            self.signature = self._signature()
            keys = tuple(trusted)
            if keys:
                check(self._digest(), self.signature, keys, self._where)
            stream = zstandard.ZstdDecompressor().stream_reader(self._file, closefd=False)
            self._lines = io.BufferedReader(stream, _PART)
            self.header = self._header()
        except BaseException:
            self._file.close()
            raise

    def _signature(self) -> bytes | None:
        head = self._file.read(8)
        if head[:4] != SIGNED:
            self._file.seek(0)
            return None
        size = int.from_bytes(head[4:], "little")
        data = self._file.read(min(size, _LARGEST_SIGNATURE + 1))
        if len(data) != size:
            raise AdvisoryError(f"{self._where} is no advisory bundle: its signature is cut")
        return data

    def _digest(self) -> str:
        """Return the digest of what is behind the signature, and go back there."""
        at = self._file.tell()
        digest = hashlib.file_digest(self._file, "sha256").hexdigest()
        self._file.seek(at)
        return f"sha256:{digest}"

    def _line(self) -> bytes:
        try:
            data = self._lines.readline(_LONGEST_LINE)
        except (zstandard.ZstdError, OSError) as error:
            raise AdvisoryError(f"{self._where} is damaged: {error}") from error
        if not data.endswith(b"\n"):
            raise AdvisoryError(f"{self._where} is cut, or is no advisory bundle; copy it again")
        return data

    def _header(self) -> Header:
        try:
            header = _decode_header(self._line())
        except _DAMAGED as error:
            raise AdvisoryError(f"{self._where} is no advisory bundle: {error}") from error
        if header.schema_ != SCHEMA or header.kind not in ("full", "delta"):
            raise AdvisoryError(
                f"{self._where} is a bundle of another form ({header.schema_[:40]}, "
                f"{header.kind[:40]}); this version of Lading reads {SCHEMA}"
            )
        return header

    def lines(self) -> Iterator[Line]:
        """Yield the lines behind the header, all of them or AdvisoryError."""
        for count in range(1, _MOST_LINES):
            try:
                line = _decode_line(self._line())
            except _DAMAGED as error:
                raise AdvisoryError(f"{self._where}: line {count + 1}: {error}") from error
            if line.facts is not None and not _fits(*line.facts):
                raise AdvisoryError(f"{self._where}: line {count + 1}: no table that is known")
            if line.end is None:
                yield line
            elif line.end == count:
                return
            else:
                raise AdvisoryError(f"{self._where} has {count} lines and should have {line.end}")
        raise AdvisoryError(f"{self._where} has more than {_MOST_LINES} lines")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def _fits(table: str, rows: list[Any]) -> bool:
    return table in FACTS and all(len(row) == len(FACTS[table]) for row in rows)
