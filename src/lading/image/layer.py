"""One layer's tar into its entries, handing the files that somebody wants to a visitor.

Rules: https://github.com/opencontainers/image-spec/blob/main/layer.md. Nothing is written to disk
and nothing is interpreted here but names; whiteouts are kept apart for `lading.image.tree`. Where
dialects of tar contradict each other, Go's archive/tar decides, since runtimes unpack with it.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from lading.errors import ImageError, LimitExceeded
from lading.image import sparse
from lading.image.entry import Entry, Glance, LayerFiles, Visitor, Wish
from lading.image.limits import Limits, check_time, too_large
from lading.image.links import Chosen, Occurrence, unread_targets
from lading.image.names import absolute, cleaned, usual
from lading.image.problems import Problems, shown
from lading.image.reader import TarReader
from lading.image.tar import (
    BLOCK,
    Header,
    Kind,
    Meta,
    content_size,
    header,
    kind_of,
    pax_number,
    pax_records,
    usual_file,
)

_OPAQUE = ".wh..wh..opq"
_SNIFF = 24  # bytes of a file that its content is told from
_MOST_EXTENDED = 64  # extended headers in a row; writers make at most three
_NOWHERE = "this entry is not in the result; everything else in the layer is"
_ELSEWHERE = "it is read where containerd puts it; other runtimes may refuse the image"
_MISSED = "packages in it are not listed"
_SELDOM = 63  # the clock is asked once for so many entries


def read_layer(
    chunks: Iterator[memoryview],
    visitor: Visitor,
    *,
    what: str,
    limits: Limits,
    files: LayerFiles,
    again: Callable[[], Generator[memoryview, None, None]] | None = None,
) -> None:
    """Walk a layer once into `files`.

    `again` opens the layer a second time, for hard links whose name is wanted although the name
    that carries the content is not. Raise ImageError for what is no tar and LimitExceeded past a
    bound, with `files` holding what was read before.
    """
    walk = _Walk(TarReader(chunks, what), visitor, what, limits, files)
    try:
        walk.run()
    finally:
        files.problems += walk.problems.all()
    targets = unread_targets(files.entries, walk.wanted_links)
    if targets and again is not None:
        _read_targets(again, targets, visitor, what, limits, files)


def _read_targets(
    again: Callable[[], Generator[memoryview, None, None]],
    targets: dict[Occurrence, str],
    visitor: Visitor,
    what: str,
    limits: Limits,
    files: LayerFiles,
) -> None:
    chosen = Chosen(targets, files, visitor)
    with closing(again()) as chunks:
        walk = _Walk(TarReader(chunks, what), chosen, what, limits, LayerFiles())
        walk.run()
    chosen.finish()
    paths = {shown(occurrence.path) for occurrence in targets}
    met = set(files.problems)  # the second walk meets the first one's problems again
    files.problems += [one for one in walk.problems.all() if one.path in paths and one not in met]


class _Extended(NamedTuple):
    """What extended headers say of the next entry."""

    name: bytes | None = None
    link: bytes | None = None
    records: dict[str, bytes] | None = None
    headers: int = 0  # how many


_PLAIN = _Extended()


class _Walk:
    def __init__(
        self, tar: TarReader, visitor: Visitor, what: str, limits: Limits, files: LayerFiles
    ) -> None:
        self.tar = tar
        self.visitor = visitor
        self.what = what
        self.limits = limits
        self.files = files
        self.problems = Problems(limits.problems)
        self.wanted_links: set[str] = set()  # names of hard links that somebody wants
        self.count = 0  # entries of any kind
        self.characters = 0  # of all their paths

    def run(self) -> None:
        tar, extended = self.tar, _PLAIN
        first = True
        while True:
            if extended is _PLAIN and self._usual_files():
                first = False
            block = tar.block()
            if not block:
                break
            try:
                head = header(block)
            except ImageError as error:
                kind = "is no tar archive" if first else "is damaged"
                raise ImageError(f"{self.what} {kind}: {error}") from error
            if head is None:
                self._end()
                break
            first = False
            if head.kind >= Meta.LONG_NAME and head.kind is not Meta.SPARSE:
                extended = self._extended(head, extended)
                continue
            self._entry(head, block, extended)
            extended = _PLAIN
        tar.drain()

    def _end(self) -> None:
        if self.tar.block().strip(b"\0"):
            raise ImageError(f"{self.what} is damaged: a single zero block in the middle of it")

    def _extended(self, head: Header, known: _Extended) -> _Extended:
        if head.kind is Meta.IGNORED or head.kind is Meta.PAX_GLOBAL:
            self._count("")
            self.tar.skip(head.size)  # global headers carry comments; none in use changes an entry
            return _PLAIN
        if head.size > self.limits.header_bytes:
            raise LimitExceeded(
                f"{self.what}: a header of {head.size} bytes, more than {self.limits.header_bytes}"
            )
        if known.headers >= _MOST_EXTENDED:
            raise ImageError(f"{self.what} is damaged: extended headers that extend nothing")
        known = known._replace(headers=known.headers + 1)
        content = bytes(self.tar.take(head.size))
        match head.kind:
            case Meta.LONG_NAME:
                return known._replace(name=content.split(b"\0", 1)[0])
            case Meta.LONG_LINK:
                return known._replace(link=content.split(b"\0", 1)[0])
            case _:
                with self._damage():
                    return known._replace(records=pax_records(content))

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Name the layer in the error of a header that cannot be read."""
        try:
            yield
        except ImageError as error:
            raise ImageError(f"{self.what} is damaged: {error}") from error

    def _count(self, path: str) -> None:
        self.count += 1
        self.characters += len(path)
        if self.count > self.limits.entries:
            raise LimitExceeded(f"{self.what}: more than {self.limits.entries} entries")
        if not self.count & _SELDOM:
            check_time(self.what, self.limits)
        if self.characters > self.limits.all_paths:
            raise LimitExceeded(
                f"{self.what}: paths of more than {self.limits.all_paths} characters in all"
            )

    def _entry(self, head: Header, block: bytes, extended: _Extended) -> None:
        name, kind, _, size, link = head
        holes: sparse.SparseMap | None = None
        if extended is not _PLAIN:
            records = extended.records or {}
            name = extended.name or records.get("path") or name
            link = extended.link or records.get("linkpath") or link
            kind = kind_of(block[156], name)
            if kind is Kind.FILE or kind is Meta.SPARSE:
                with self._damage():
                    size = content_size(block)
                    given = pax_number(records, "size")
                    holes = sparse.pax_map(records)
                size = size if given is None else given
                name = (holes is not None and records.get("GNU.sparse.name")) or name
        if kind is Meta.SPARSE:
            blocks = self._map_blocks(block)
            with self._damage():
                holes, kind = sparse.old_gnu_map(blocks), Kind.FILE
        path = self._path(name)
        if path is None:
            self.tar.skip(size)
        elif kind is Kind.FILE:
            self._file(path, head.mode, size, holes)
        else:
            self._other(path, Kind(kind), head.mode, link)

    def _usual_files(self) -> bool:
        """Take usual files that lie whole in the chunk at hand; return whether there were any.

        Nearly all entries are such, and nothing costs as much as these few lines for each. What is
        odd in any way ends the stretch and is looked at anew, with all care.
        """
        chunk, at = self.tar.ahead()
        wish, add_unread, limits = self.visitor.wish, self.files.add_unread, self.limits
        before = self.count
        while (start := at + BLOCK) <= len(chunk):
            found = usual_file(bytes(chunk[at:start]))
            if found is None:
                break
            name, mode, size = found
            end = start + size + -size % BLOCK
            path = usual(name, limits)
            if end > len(chunk) or path is None or "/.wh." in path:
                break
            self._count(path)
            wished = wish(path, bytes(chunk[start : start + min(size, _SNIFF)]))
            if wished.wanted:
                self.tar.move(start)
                self._wanted(path, mode, size, None, wished)
                chunk, at = self.tar.ahead()
                continue
            add_unread(path, mode, size, wished.content)
            at = end
        self.tar.move(at)
        return self.count > before

    def _map_blocks(self, block: bytes) -> list[bytes]:
        """Return the header and the blocks that continue the map of an old GNU sparse file."""
        blocks = [block]
        while sparse.continues(blocks):
            block = self.tar.block()
            if not block or len(blocks) > sparse.MOST_BLOCKS:
                raise ImageError(f"{self.what} is damaged: a sparse file's map does not end")
            blocks.append(block)
        return blocks

    def _path(self, name: bytes) -> str | None:
        """Return the absolute path, "" for the root; None with a problem when there is none."""
        path, oddity = absolute(name, self.limits)
        if oddity:
            written = name[:200].decode("utf-8", "surrogateescape")
            effect = _ELSEWHERE if path is not None else _NOWHERE
            self.problems.add(written + ("..." if len(name) > 200 else ""), oddity, effect)
        self._count(path or "")
        return path

    def _whiteout(self, path: str) -> bool:
        """Take the entry if it is a whiteout, whatever kind of file stands for it."""
        folder, _, base = path.rpartition("/")
        if not base.startswith(".wh."):
            return False
        if base == _OPAQUE:
            self.files.opaques.append(folder)
        elif base[4:] in ("", ".", ".."):
            self.problems.add(path, "whiteout that names no file", "nothing is removed by it")
        elif not base.startswith(".wh..wh."):  # other names of that form are AUFS's own bookkeeping
            self.files.whiteouts.append(f"{folder}/{base[4:]}")
        return True

    def _file(self, path: str, mode: int, size: int, holes: sparse.SparseMap | None) -> None:
        if "/.wh." in path and self._whiteout(path):
            self.tar.skip(size)
            return
        if not path:
            self._instead_of_root()
            self.tar.skip(size)
            return
        if holes is None:
            head = self.tar.peek(min(size, _SNIFF)) if size else b""
        else:
            head = sparse.first_bytes(holes, self.tar.peek(min(size, sparse.MAP_BYTES)), _SNIFF)
        wish = self.visitor.wish(path, head)
        if wish.wanted:
            self._wanted(path, mode, size, holes, wish)
            return
        self.tar.skip(size)
        real = size if holes is None else holes.real_size
        self.files.add_unread(path, mode, real, wish.content)

    def _wanted(
        self, path: str, mode: int, size: int, holes: sparse.SparseMap | None, wish: Wish
    ) -> None:
        real = holes.real_size if holes is not None else size
        if holes is None and self._is_dull(size, wish.glance):
            self.tar.skip(size)
            self.files.add(Entry(path, Kind.FILE, mode, size, "", wish.content))
            return
        bound = min(wish.max_size, self.limits.file_bytes, self.limits.contents.most)
        if max(real, size) > bound:
            self.tar.skip(size)
            self.files.add(Entry(path, Kind.FILE, mode, real, "", wish.content))
            self.problems.add(path, too_large(real, self.limits), _MISSED)
            return
        with self.limits.contents.hold(max(real, size)):
            self._visited(path, mode, size, holes, wish)

    def _is_dull(self, size: int, glance: Glance | None) -> bool:
        """Return whether a glance at its start says that a large file need not be read."""
        return (
            glance is not None
            and size > glance.size
            and not glance.is_wanted(self.tar.peek(glance.size))
        )

    def _visited(
        self, path: str, mode: int, size: int, holes: sparse.SparseMap | None, wish: Wish
    ) -> None:
        data: memoryview | bytearray = self.tar.take(size)
        if holes is not None:
            try:
                data = holes.expand(memoryview(data))
            except ImageError as error:
                real = holes.real_size
                self.files.add(Entry(path, Kind.FILE, mode, real, "", wish.content))
                self.problems.add(path, str(error), _MISSED)
                return
        number = self.files.visits
        self.files.visits += 1
        self.files.add(Entry(path, Kind.FILE, mode, len(data), "", wish.content, number))
        self.visitor.visit(number, path, mode, data)

    def _other(self, path: str, kind: Kind, mode: int, link: bytes) -> None:
        if "/.wh." in path and self._whiteout(path):
            return
        if kind is Kind.DEVICE:
            self.problems.add(
                path, "device node in a layer", "it is not opened; nothing else is missing"
            )
        if path == "" and kind is not Kind.DIRECTORY:
            self._instead_of_root()
            return
        target = link.decode("utf-8", "surrogateescape")
        if kind is Kind.HARDLINK:
            target = cleaned(target)
            if not target:
                self.problems.add(path, "hard link to the root of the image", "it is skipped")
                return
            if self.visitor.may_want(path):
                self.wanted_links.add(path)
        self.files.add(Entry(path, kind, mode, 0, target))

    def _instead_of_root(self) -> None:
        self.problems.add("/", "an entry that would replace the root of the image", "it is skipped")
