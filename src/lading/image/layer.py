"""One layer's tar into its entries, handing the files that somebody wants to a visitor.

Rules: https://github.com/opencontainers/image-spec/blob/main/layer.md. Nothing is written to disk
and nothing is interpreted here but names; whiteouts are kept apart for `lading.image.tree`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from lading.errors import ImageError, LimitExceeded
from lading.image import sparse
from lading.image.limits import Limits
from lading.image.tar import BLOCK, Header, Kind, Meta, header, pax_number, pax_records
from lading.model.problem import Problem, Stage

_OPAQUE = ".wh..wh..opq"
_UNUSUAL = re.compile(rb"/\.?/|^/|\.\.|(?:^|/)\.(?:/|$)").search  # names that need a closer look
_MARKS = frozenset((b"/", b"."))
_SNIFF = 24  # bytes of a file that its content is told from


class Entry(NamedTuple):
    """A name in a layer that is more than a plain file.

    Plain files (nobody reads them, nothing executes them) are kept as their bare path: an image may
    have millions.
    """

    path: str  # absolute, as the layer writes it; undecodable bytes as surrogates
    kind: Kind
    mode: int = 0  # permission bits
    size: int = 0
    link: str = ""  # target of a link
    content: str | None = None  # what the first bytes say: elf, pe, macho, script, zip
    read: bool = False  # a visitor was given it, so there may be facts under its index


@dataclass(slots=True)
class LayerFiles:
    """What one layer holds, in archive order."""

    entries: list[str | Entry] = field(default_factory=list)
    whiteouts: list[str] = field(default_factory=list)  # absolute paths that lower layers lose
    opaques: list[str] = field(default_factory=list)  # directories whose lower content goes
    problems: list[Problem] = field(default_factory=list)
    is_cut: bool = False  # a limit ended the reading before the layer did
    other_file_systems: list[str] = field(default_factory=list)  # mount points, not entered


class Wish(NamedTuple):
    """A visitor's answer to a file: what it seems to be, and whether it wants the bytes."""

    content: str | None
    wanted: bool
    max_size: int = 0  # bytes; a larger file is not read but is reported


class Visitor(Protocol):
    """Whoever wants files. Called in archive order, from the thread that walks the layer."""

    def wish(self, path: str, head: bytes) -> Wish:
        """Say what is wanted of the file whose first bytes are `head`."""
        ...

    def may_want(self, path: str) -> bool:
        """Say whether the name alone would make it wanted, for hard links."""
        ...

    def visit(self, index: int, path: str, mode: int, data: memoryview | bytearray | bytes) -> None:
        """Take the content of entry `index`; it is valid during the call only."""
        ...


class TarReader:
    """Blocks and stretches out of chunks, copying only what is asked for."""

    def __init__(self, chunks: Iterator[memoryview]) -> None:
        self._chunks = chunks
        self._chunk = memoryview(b"")
        self._at = 0

    def _next(self) -> bool:
        for chunk in self._chunks:
            self._chunk, self._at = chunk, 0
            return True
        self._chunk, self._at = memoryview(b""), 0
        return False

    def block(self) -> bytes:
        """Return the next 512 bytes, b"" at the end; ImageError when the archive ends inside."""
        at = self._at
        block = bytes(self._chunk[at : at + BLOCK])
        if len(block) == BLOCK:
            self._at = at + BLOCK
            return block
        joined = bytearray(block)
        while len(joined) < BLOCK and self._next():
            part = self._chunk[: BLOCK - len(joined)]
            joined += part
            self._at = len(part)
        if joined and len(joined) < BLOCK:
            raise ImageError("the archive ends in the middle of a header")
        return bytes(joined)

    def peek(self, size: int) -> bytes:
        """Return the next bytes without taking them; fewer than `size` only at a chunk's end."""
        if self._at == len(self._chunk) and not self._next():
            return b""
        return bytes(self._chunk[self._at : self._at + size])

    def skip(self, size: int) -> None:
        """Drop `size` bytes; raise ImageError when there are not that many."""
        at = self._at + size
        while at > len(self._chunk):
            at -= len(self._chunk)
            if not self._next():
                raise ImageError("the archive ends in the middle of a file")
        self._at = at

    def take(self, size: int) -> bytearray | memoryview:
        """Return `size` bytes, valid until the next call: a view where one chunk holds them all."""
        at = self._at
        if at + size <= len(self._chunk):
            self._at = at + size
            return self._chunk[at : at + size]
        joined = bytearray(self._chunk[at:])
        while len(joined) < size:
            if not self._next():
                raise ImageError("the archive ends in the middle of a file")
            part = self._chunk[: size - len(joined)]
            joined += part
            self._at = len(part)
        return joined

    def drain(self) -> None:
        """Let the rest pass by, so that the digests cover the whole blob."""
        while self._next():
            pass


class _Attributes(NamedTuple):
    """What extended headers said of the next entry."""

    name: bytes | None = None
    link: bytes | None = None
    records: dict[str, bytes] | None = None


class _Problems:
    """Problems of one layer, each kind up to a bound, the rest counted."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._seen: Counter[tuple[str, str]] = Counter()
        self._kept: list[Problem] = []

    def add(self, path: str, reason: str, effect: str) -> None:
        self._seen[reason, effect] += 1
        if self._seen[reason, effect] <= self._bound:
            self._kept.append(
                Problem(stage=Stage.IMAGE, path=shown(path), reason=reason, effect=effect)
            )

    def all(self) -> list[Problem]:
        over = [
            Problem(
                stage=Stage.IMAGE,
                path="",
                reason=f"{reason} ({count - self._bound} more)",
                effect=effect,
            )
            for (reason, effect), count in self._seen.items()
            if count > self._bound
        ]
        return self._kept + over


def shown(path: str) -> str:
    """Return the path as valid Unicode: bytes that were not UTF-8 are written as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_layer(
    chunks: Iterator[memoryview],
    visitor: Visitor,
    *,
    what: str,
    limits: Limits,
    files: LayerFiles,
    again: Callable[[], Iterator[memoryview]] | None = None,
) -> None:
    """Walk a layer once into `files`.

    `again` opens the layer a second time, for hard links whose name is wanted although the name
    that carries the content is not. Raise ImageError for what is no tar and LimitExceeded past a
    bound, with `files` holding what was read before.
    """
    walk = _Walk(TarReader(chunks), visitor, what, limits, files)
    try:
        walk.run()
        missing = walk.unread_targets()
        if missing and again is not None:
            chosen = _Chosen(missing, files, visitor)
            _Walk(TarReader(again()), chosen, what, limits, LayerFiles()).run()
    finally:
        files.problems += walk.problems.all()


class _Walk:
    def __init__(
        self, tar: TarReader, visitor: Visitor, what: str, limits: Limits, files: LayerFiles
    ) -> None:
        self.tar = tar
        self.visitor = visitor
        self.what = what
        self.limits = limits
        self.files = files
        self.problems = _Problems(limits.problems)
        self.wanted_links: dict[str, str] = {}  # target path → a link name that somebody wants

    def run(self) -> None:
        tar, pending = self.tar, _Attributes()
        first = True
        while block := tar.block():
            try:
                head = header(block)
            except ImageError as error:
                kind = "is no tar archive" if first else "is damaged"
                raise ImageError(f"{self.what} {kind}: {error}") from error
            if head is None:
                break
            first = False
            if head.kind >= Meta.LONG_NAME and head.kind is not Meta.SPARSE:
                pending = self._extended(head, pending)
                continue
            self._entry(head, block, pending)
            pending = _Attributes()
            if len(self.files.entries) > self.limits.entries:
                raise LimitExceeded(f"{self.what}: more than {self.limits.entries} entries")
        tar.drain()

    def _extended(self, head: Header, pending: _Attributes) -> _Attributes:
        padded = -(-head.size // BLOCK) * BLOCK
        if head.kind is Meta.IGNORED or head.kind is Meta.PAX_GLOBAL:
            self.tar.skip(padded)  # global headers carry comments; none in use changes an entry
            return pending
        if head.size > self.limits.header_bytes:
            raise LimitExceeded(
                f"{self.what}: a header of {head.size} bytes, more than {self.limits.header_bytes}"
            )
        content = bytes(self.tar.take(padded)[: head.size])
        match head.kind:
            case Meta.LONG_NAME:
                return pending._replace(name=content.split(b"\0", 1)[0])
            case Meta.LONG_LINK:
                return pending._replace(link=content.split(b"\0", 1)[0])
            case _:
                records = pax_records(content)
                return pending._replace(
                    name=records.get("path", pending.name),
                    link=records.get("linkpath", pending.link),
                    records=records,
                )

    def _entry(self, head: Header, block: bytes, pending: _Attributes) -> None:
        name, link, size = head.name, head.link, head.size
        holes: sparse.SparseMap | None = None
        if pending.records is not None or pending.name is not None or pending.link is not None:
            name = pending.name if pending.name is not None else name
            link = pending.link if pending.link is not None else link
            if pending.records:
                if head.kind is Kind.FILE or head.kind is Meta.SPARSE:
                    size = pax_number(pending.records, "size") or size
                holes = sparse.pax_map(pending.records)
                name = pending.records.get("GNU.sparse.name", name)
        kind: Kind | Meta = head.kind
        if head.kind is Meta.SPARSE:
            holes, kind = sparse.old_gnu_map(block, self._more_block), Kind.FILE
        padded = (size + BLOCK - 1) & -BLOCK
        path = self._path(name)
        if path is None:
            self.tar.skip(padded)
        elif kind is Kind.FILE:
            self._file(path, head.mode, size, padded, holes)
        else:
            self.tar.skip(padded)
            self._other(path, Kind(kind), head.mode, link)

    def _more_block(self) -> bytes:
        if block := self.tar.block():
            return block
        raise ImageError(f"{self.what}: the archive ends in the middle of a header")

    def _path(self, name: bytes) -> str | None:
        """Return the absolute path, "" for the root, or None with a problem for a hostile name."""
        plain = name[2:] if name[:2] == b"./" else name
        if plain[-1:] == b"/":
            plain = plain.rstrip(b"/") or (b"." if name[:1] != b"/" else b"/")
        text = plain.decode("utf-8", "surrogateescape")
        if text in ("", "."):
            return ""
        # Most names pass these tests, which are cheaper than the pattern.
        suspect = b"/." in plain or b"//" in plain or plain[:1] in _MARKS or len(plain) > 250
        if suspect and (_UNUSUAL(plain) or len(plain) > 250):
            return self._unusual_path(text)
        return "/" + text

    def _unusual_path(self, text: str) -> str | None:
        parts = [part for part in text.split("/") if part not in ("", ".")]
        encoded = [part.encode("utf-8", "surrogateescape") for part in parts]
        effect = "this entry is not in the result; everything else in the layer is"
        if text.startswith("/"):
            reason = "absolute name in a layer"
        elif ".." in parts:
            reason = "name with .. in a layer, which could point outside the image"
        elif max(map(len, encoded), default=0) > self.limits.name_bytes:
            reason = f"name of more than {self.limits.name_bytes} bytes"
        elif sum(map(len, encoded)) + len(parts) > self.limits.path_bytes:
            reason = f"path of more than {self.limits.path_bytes} bytes"
        else:
            return "/" + "/".join(parts) if parts else ""
        self.problems.add(text if len(text) <= 200 else text[:197] + "...", reason, effect)
        return None

    def _file(
        self, path: str, mode: int, size: int, padded: int, holes: sparse.SparseMap | None
    ) -> None:
        if "/.wh." in path and (base := path.rpartition("/")[2]).startswith(".wh."):
            self._whiteout(path, base)
            self.tar.skip(padded)
            return
        head = self.tar.peek(min(size, _SNIFF)) if size else b""
        if holes is not None:
            head = b""  # the map comes first, or the content has holes; the name must do
        wish = self.visitor.wish(path, head)
        if wish.wanted:
            self._wanted(path, mode, size, padded, holes, wish)
            return
        self.tar.skip(padded)
        if mode & 0o111 or wish.content:
            self.files.entries.append(Entry(path, Kind.FILE, mode, size, "", wish.content))
        else:
            self.files.entries.append(path)

    def _wanted(
        self,
        path: str,
        mode: int,
        size: int,
        padded: int,
        holes: sparse.SparseMap | None,
        wish: Wish,
    ) -> None:
        real = holes.real_size if holes is not None else size
        if max(real, size) > min(wish.max_size, self.limits.file_bytes):
            self.tar.skip(padded)
            self.files.entries.append(Entry(path, Kind.FILE, mode, real, "", wish.content))
            self.problems.add(
                path,
                f"file of {real} bytes, more than is read of its kind",
                "packages in it are not listed",
            )
            return
        index = len(self.files.entries)
        self.files.entries.append(Entry(path, Kind.FILE, mode, real, "", wish.content, True))
        data = self.tar.take(padded)
        packed = memoryview(data)[:size]
        if holes is None:
            self.visitor.visit(index, path, mode, packed)
            return
        try:
            if not holes.stretches and real:
                holes, packed = sparse.content_map(real, packed)
            whole = holes.expand(packed)
        except ImageError as error:
            self.problems.add(path, str(error), "packages in it are not listed")
            return
        self.visitor.visit(index, path, mode, whole)

    def _whiteout(self, path: str, base: str) -> None:
        folder = path[: -len(base) - 1]
        if base == _OPAQUE:
            self.files.opaques.append(folder)
        elif not base.startswith(".wh..wh."):  # other names of that form are AUFS's own bookkeeping
            self.files.whiteouts.append(f"{folder}/{base[4:]}")

    def _other(self, path: str, kind: Kind, mode: int, link: bytes) -> None:
        if kind is Kind.DEVICE:
            self.problems.add(
                path, "device node in a layer", "it is not opened; nothing else is missing"
            )
        if path == "" and kind is not Kind.DIRECTORY:
            return
        target = link.decode("utf-8", "surrogateescape")
        if kind is Kind.HARDLINK:
            parts = [part for part in target.split("/") if part not in ("", ".")]
            if ".." in parts or not parts:
                self.problems.add(
                    path, "hard link to a name outside the image", "the link is skipped"
                )
                return
            target = "/" + "/".join(parts)
            if self.visitor.may_want(path):
                self.wanted_links.setdefault(target, path)
        self.files.entries.append(Entry(path, kind, mode, 0, target))

    def unread_targets(self) -> dict[str, tuple[int, str]]:
        """Return target path → (index, wanted name) of links to files not yet read."""
        if not self.wanted_links:
            return {}
        found: dict[str, tuple[int, str]] = {}
        for index, entry in enumerate(self.files.entries):
            path = entry if isinstance(entry, str) else entry.path
            plain = isinstance(entry, str) or (entry.kind is Kind.FILE and not entry.read)
            if plain and path in self.wanted_links:
                found[path] = (index, self.wanted_links[path])
            elif path in found:
                del found[path]  # a later entry of that name is what the link means
        return found


class _Chosen:
    """A visitor that wants the targets only, and passes them on under the wanted name."""

    def __init__(
        self, targets: dict[str, tuple[int, str]], files: LayerFiles, visitor: Visitor
    ) -> None:
        self._targets = targets
        self._files = files
        self._visitor = visitor

    def wish(self, path: str, head: bytes) -> Wish:
        if path not in self._targets:
            return Wish(None, False)
        return self._visitor.wish(self._targets[path][1], head)

    def may_want(self, path: str) -> bool:
        return path in self._targets

    def visit(self, index: int, path: str, mode: int, data: memoryview | bytearray | bytes) -> None:
        index, name = self._targets[path]
        content = self._visitor.wish(name, bytes(data[:_SNIFF])).content
        self._files.entries[index] = Entry(path, Kind.FILE, mode, len(data), "", content, True)
        self._visitor.visit(index, name, mode, data)
