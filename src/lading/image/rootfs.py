"""A directory as a root file system: walked in place, on one file system.

Only regular files are opened: no device, socket or FIFO, and no link is followed.
"""

import os
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from lading.errors import ImageError
from lading.image.entry import Entry, LayerFiles, Visitor
from lading.image.limits import Limits, too_large
from lading.image.problems import Problems
from lading.image.source import Opened
from lading.image.tar import Kind
from lading.model.image import NO_IMAGE

_SNIFF = 24
_SELDOM = 63  # the clock is asked once for so many files
# Files so named and not executable are text or bytecode; to look into each costs more than to walk.
_TEXT = frozenset(
    (
        ".py",
        ".pyc",
        ".pyi",
        ".txt",
        ".md",
        ".rst",
        ".html",
        ".htm",
        ".css",
        ".js",
        ".mjs",
        ".cjs",
        ".ts",
        ".map",
        ".json",
        ".xml",
        ".yml",
        ".yaml",
        ".toml",
        ".h",
        ".hpp",
        ".c",
        ".cc",
        ".cpp",
        ".rs",
        ".go",
        ".rb",
        ".pl",
        ".pm",
        ".svg",
        ".png",
        ".jpg",
        ".gif",
        ".gz",
        ".xz",
        ".bz2",
        ".mo",
        ".po",
        ".cmake",
        ".pc",
        ".la",
        ".csv",
        ".list",
        ".md5sums",
    )
)


def open_directory(path: Path, limits: Limits) -> Opened:
    """Return the directory as a target; ImageError when it cannot be listed."""
    try:
        device = path.stat().st_dev
        os.scandir(path).close()
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}") from error
    tree = DirectoryTree(path, device, limits)
    return Opened(
        image=NO_IMAGE,
        layers=(tree,),
        is_layered=False,
        notes=(),
        close=lambda: None,
        kind="directory",
    )


class DirectoryTree:
    """The files below a directory, in the form of one layer."""

    key: str | None = None

    def __init__(self, root: Path, device: int, limits: Limits) -> None:
        self._root = os.fsencode(root)
        self._device = device
        self._limits = limits

    def read(self, visitor: Visitor) -> LayerFiles:
        """Walk the directory, handing wanted files to the visitor."""
        walk = _Walk(visitor, self._limits)
        for count, (name, entry) in enumerate(self._entries(walk)):
            if stop := self._reached(count):
                walk.files.is_cut = True
                walk.problems.add(name, stop, "what lies behind this file was not read")
                break
            walk.take(name, entry)
        walk.files.problems = walk.problems.all()
        return walk.files

    def _reached(self, count: int) -> str:
        """Return which limit has been reached, or nothing."""
        if count == self._limits.entries:
            return f"more than {count} files"
        if not count & _SELDOM and self._limits.is_late():
            return "the time limit was reached"
        return ""

    def _entries(self, walk: "_Walk") -> Iterator[tuple[str, os.DirEntry[bytes]]]:
        pending = [(self._root, "")]
        while pending:
            folder, base = pending.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                walk.problems.add(
                    base or "/",
                    f"cannot be listed: {error.strerror}",
                    "what is in this directory is not in the result",
                )
                continue
            for entry in entries:
                name = f"{base}/{entry.name.decode('utf-8', 'surrogateescape')}"
                yield name, entry
                if self._is_to_enter(entry, name, walk):
                    pending.append((entry.path, name))

    def _is_to_enter(self, entry: os.DirEntry[bytes], name: str, walk: "_Walk") -> bool:
        try:
            if not entry.is_dir(follow_symlinks=False):
                return False
            here = entry.stat(follow_symlinks=False).st_dev == self._device
        except OSError:
            return False  # it went away, or taking it has said what is wrong
        if not here:
            walk.files.other_file_systems.append(name)
        return here


class _Walk:
    def __init__(self, visitor: Visitor, limits: Limits) -> None:
        self.files = LayerFiles()
        self._visitor = visitor
        self._limits = limits
        self.problems = Problems(limits.problems)
        self._first_names: dict[tuple[int, int], str] = {}

    def take(self, path: str, entry: os.DirEntry[bytes]) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
            mode = status.st_mode
            if stat.S_ISREG(mode):
                self._regular(path, entry, status)
            elif stat.S_ISDIR(mode):
                self.files.add(Entry(path, Kind.DIRECTORY, mode & 0o7777))
            elif stat.S_ISLNK(mode):
                link = os.fsdecode(os.readlink(entry.path))  # noqa: PTH115 - the path is bytes
                self.files.add(Entry(path, Kind.SYMLINK, 0o777, 0, link))
            else:
                kind = Kind.FIFO if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else Kind.DEVICE
                self.files.add(Entry(path, kind, mode & 0o7777))
        except OSError as error:
            self.problems.add(
                path, f"cannot be read: {error.strerror}", "packages in it are not listed"
            )

    def _regular(self, path: str, entry: os.DirEntry[bytes], status: os.stat_result) -> None:
        mode = status.st_mode & 0o7777
        if status.st_nlink > 1:
            inode = (status.st_dev, status.st_ino)
            first = self._first_names.setdefault(inode, path)
            if first != path and not self._visitor.may_want(path):
                self.files.add(Entry(path, Kind.HARDLINK, mode, 0, first))
                return
        by_name = self._visitor.may_want(path)
        if not by_name and not mode & 0o111 and os.path.splitext(path)[1] in _TEXT:  # noqa: PTH122 - text only
            self.files.add_plain(path)
            return
        handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with FileIO(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return  # it was replaced while we walked
            self._opened(path, mode, status.st_size, file)

    def _opened(self, path: str, mode: int, size: int, file: FileIO) -> None:
        head = file.read(_SNIFF) if size else b""
        wish = self._visitor.wish(path, head)
        if not wish.wanted:
            self.files.add_unread(path, mode, size, wish.content)
            return
        bound = min(wish.max_size, self._limits.file_bytes, self._limits.contents.most)
        if size > bound:
            self.files.add(Entry(path, Kind.FILE, mode, size, "", wish.content))
            self.problems.add(
                path,
                too_large(size, self._limits),
                "packages in it are not listed",
            )
            return
        file.seek(0)
        with self._limits.contents.hold(size):
            number = self.files.visits
            self.files.visits += 1
            self.files.add(Entry(path, Kind.FILE, mode, size, "", wish.content, number))
            self._visitor.visit(number, path, mode, _whole(file, size))


def _whole(file: FileIO, size: int) -> memoryview:
    """Return at most `size` bytes: a file that grows while it is read does not grow here."""
    buffer = memoryview(bytearray(size))
    got = 0
    while got < size and (more := file.readinto(buffer[got:])):
        got += more
    return buffer[:got]
