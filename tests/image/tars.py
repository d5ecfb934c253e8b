"""Tars built header by header, and a visitor that keeps what it is handed.

`a_block` writes a header as its arguments say, however wrong; `tarfile` and real programs make the
well-formed ones.
"""

import io
import tarfile
from collections.abc import Callable, Iterable, Sequence

from lading.image.entry import Entry, LayerFiles, Wish
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.tar import Kind

LIMITS = Limits()
END = bytes(1024)


def a_block(
    name: bytes = b"file",
    kind: bytes = b"0",
    size: int | bytes = 0,
    *,
    link: bytes = b"",
    mode: bytes = b"0000644\0",
    magic: bytes = b"ustar\x0000",
    prefix: bytes = b"",
    tail: bytes = b"",
    checksum: int | None = None,
) -> bytes:
    """One header block; `tail` replaces what begins at byte 345, `size` may be the raw field."""
    field = size if isinstance(size, bytes) else b"%011o\0" % size
    block = bytearray(512)
    block[0 : len(name[:100])] = name[:100]
    block[100:108] = mode.ljust(8, b"\0")
    block[124:136] = field.ljust(12, b"\0")
    block[156:157] = kind
    block[157 : 157 + len(link[:100])] = link[:100]
    block[257:265] = magic.ljust(8, b"\0")
    rest = tail or prefix
    block[345 : 345 + len(rest)] = rest
    block[148:156] = b" " * 8
    found = sum(block) if checksum is None else checksum
    block[148:156] = b"%06o\0 " % found
    return bytes(block)


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def a_file(name: bytes, content: bytes = b"", kind: bytes = b"0", link: bytes = b"") -> bytes:
    """A header and its content."""
    return a_block(name, kind, len(content), link=link) + padded(content)


def pax(**records: str | bytes) -> bytes:
    """A PAX header for the next entry; `_` in a key stands for `.`."""
    pairs = [(key.replace("_", "."), value) for key, value in records.items()]
    return pax_of(pairs)


def pax_of(pairs: Iterable[tuple[str, str | bytes]], kind: bytes = b"x") -> bytes:
    body = b"".join(
        _record(key.encode(), value.encode() if isinstance(value, str) else value)
        for key, value in pairs
    )
    return a_file(b"PaxHeaders/x", body, kind)


def _record(key: bytes, value: bytes) -> bytes:
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while length != len(rest) + len(b"%d" % length):
        length = len(rest) + len(b"%d" % length)
    return b"%d" % length + rest


def a_tar(*members: tuple[str, bytes] | tarfile.TarInfo, format: int = tarfile.PAX_FORMAT) -> bytes:
    """What Python's tarfile writes of (name, content) pairs and ready entries."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            entry = tarfile.TarInfo(member[0])
            entry.size, entry.mode = len(member[1]), 0o644
            archive.addfile(entry, io.BytesIO(member[1]))
    return buffer.getvalue()


def an_info(name: str, kind: bytes, link: str = "", mode: int = 0o755) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, link, mode
    return entry


class Collector:
    """A visitor that wants some names, or all, and keeps what it is handed by path."""

    def __init__(self, *wanted: str, max_size: int = 1 << 20) -> None:
        self._wanted = frozenset(wanted)
        self._max_size = max_size
        self.seen: dict[str, bytes] = {}
        self.numbers: dict[str, int] = {}
        self.heads: dict[str, bytes] = {}

    def may_want(self, path: str) -> bool:
        return "*" in self._wanted or path in self._wanted

    def wish(self, path: str, head: bytes) -> Wish:
        self.heads[path] = head
        content = "elf" if head.startswith(b"\x7fELF") else None
        return Wish(content, self.may_want(path), self._max_size)

    def visit(
        self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
    ) -> None:
        self.seen[path] = bytes(data)
        self.numbers[path] = number


def chunked(data: bytes, size: int = 1 << 20) -> Callable[[], Iterable[memoryview]]:
    """Chunks whose memory is overwritten when the next is asked for, as the real ones' is."""

    def chunks() -> Iterable[memoryview]:
        buffer = bytearray(size)
        for at in range(0, len(data), size):
            part = data[at : at + size]
            buffer[: len(part)] = part
            yield memoryview(buffer)[: len(part)]
            buffer[:] = b"\xee" * size

    return chunks


def walked(
    data: bytes, visitor: Collector | None = None, *, limits: Limits = LIMITS, size: int = 1 << 20
) -> LayerFiles:
    """What a layer of these bytes holds."""
    files = LayerFiles()
    chunks = chunked(data, size)
    read_layer(
        iter(chunks()),
        visitor or Collector(),
        what="layer 0",
        limits=limits,
        files=files,
        again=lambda: (chunk for chunk in chunks()),
    )
    return files


def read(data: bytes, *wanted: str) -> dict[str, bytes]:
    """The content of the wanted files; all without a name."""
    visitor = Collector(*(wanted or ("*",)))
    walked(data, visitor)
    return visitor.seen


def files_of(*entries: str | Entry, whiteouts: Sequence[str] = ()) -> LayerFiles:
    """A layer's files, plain ones as bare paths."""
    files = LayerFiles(whiteouts=list(whiteouts))
    for entry in entries:
        if isinstance(entry, Entry):
            files.add(entry)
        else:
            files.add_plain(entry)
    return files


def flat(files: LayerFiles) -> list[str | Entry]:
    """The entries, plain files as bare paths."""
    return [
        one
        for entry in files.entries
        for one in ([entry] if isinstance(entry, Entry) else entry.paths())
    ]


def paths(files: LayerFiles) -> list[str]:
    return [entry if isinstance(entry, str) else entry.path for entry in flat(files)]


def kinds(files: LayerFiles) -> dict[str, Kind]:
    """Each path and what it is; a bare path is a plain file."""
    return {
        entry if isinstance(entry, str) else entry.path: (
            Kind.FILE if isinstance(entry, str) else entry.kind
        )
        for entry in flat(files)
    }


def links(files: LayerFiles) -> dict[str, str]:
    return {e.path: e.link for e in files.entries if isinstance(e, Entry) and e.link}


def reasons(files: LayerFiles) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in files.problems]
