"""One file as a target: a jar, a program, a lock file; or a package, with the files inside it.

What a package holds is walked like the files of an image, under `/NAME!/path`.
"""

import os
import stat
from pathlib import Path

from lading.errors import ImageError, LimitExceeded
from lading.image.entry import Entry, LayerFiles, Names, Visitor, Wish
from lading.image.limits import Limits
from lading.image.package_archive import read_inside
from lading.image.package_format import Format, format_of
from lading.image.problems import Problems, shown
from lading.image.source import Opened
from lading.image.tar import Kind
from lading.model.image import NO_IMAGE
from lading.model.problem import Problem, Stage

_SNIFF = 24


def open_file(path: Path, limits: Limits, notes: tuple[str, ...] = ()) -> Opened:
    """Return the file as a target; ImageError when it is no regular file, or too large to read."""
    mode, data = _content(path, limits)
    tree = FileTree(path.name, mode, data, limits)
    return Opened(
        image=NO_IMAGE,
        layers=(tree,),
        is_layered=False,
        notes=notes,
        close=lambda: None,
        kind="file",
    )


def _content(path: Path, limits: Limits) -> tuple[int, bytes]:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123 - a handle: a FIFO must not make it wait
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise ImageError(f"{path} is no regular file, so not file:")
            # A file that grows meanwhile does not grow here.
            data = file.read(min(status.st_size, limits.file_bytes + 1))
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}") from error
    if len(data) > limits.file_bytes:
        raise LimitExceeded(f"{path}: more than {limits.file_bytes} bytes, which is too large")
    return stat.S_IMODE(status.st_mode), data


class FileTree:
    """The file, and what it holds, in the form of one layer."""

    key: str | None = None

    def __init__(self, name: str, mode: int, data: bytes, limits: Limits) -> None:
        self._path = "/" + name
        self._mode = mode
        self._data = memoryview(data)
        self._limits = limits

    def read(self, visitor: Visitor) -> LayerFiles:
        """Hand the file to the visitor, then the files inside it.

        Raise ImageError for a file that nobody reads.
        """
        files = LayerFiles()
        problems = Problems(self._limits.problems)
        wish = visitor.wish(self._path, bytes(self._data[:_SNIFF]))
        format = format_of(self._path[1:], self._data)
        if not wish.wanted and format is None:
            raise ImageError(
                f"{shown(self._path[1:])} is no image, and no reader takes a file of this name and "
                "content"
            )
        reason = self._refusal(wish)
        number = 0 if reason is None else None
        size = len(self._data)
        files.add(Entry(self._path, Kind.FILE, self._mode, size, "", wish.content, number))
        if reason is None:
            files.visits = 1
            visitor.visit(0, self._path, self._mode, self._data)
        if reason is not None:
            problems.add(self._path, reason, "what it says of itself is not listed")
        if format is not None:
            self._inside(format, visitor, files, problems)
        files.problems += problems.all()
        return files

    def _refusal(self, wish: Wish) -> str | None:
        """Return why the file itself is not handed over."""
        if not wish.wanted:
            return "no reader was asked to take it; only what is inside it was read"
        if len(self._data) > wish.max_size:
            return f"file of {len(self._data)} bytes, more than is read of its kind"
        return None

    def _inside(
        self, format: Format, visitor: Visitor, files: LayerFiles, problems: Problems
    ) -> None:
        prefix = f"{self._path}!"
        inner = LayerFiles(visits=files.visits)
        what = f"{shown(self._path[1:])}, {format}"
        moved = _Moved(visitor, prefix)
        try:
            read_inside(format, self._data, moved, what, self._limits, inner)
        except ImageError as error:
            files.is_cut = files.is_cut or isinstance(error, LimitExceeded)
            problems.add(self._path, str(error), "what it holds is not listed, or not all of it")
        files.visits = inner.visits
        _put_below(prefix, inner, files)
        files.problems += [_moved(problem, prefix) for problem in inner.problems]
        for path in (*inner.whiteouts, *inner.opaques):
            problems.add(
                f"{prefix}{path}", "a name that removes files of images", "it is not listed"
            )


class _Moved:
    """A visitor of the files inside, who knows them by their whole path."""

    def __init__(self, visitor: Visitor, prefix: str) -> None:
        self._visitor = visitor
        self._prefix = prefix

    def wish(self, path: str, head: bytes) -> Wish:
        return self._visitor.wish(self._prefix + path, head)

    def may_want(self, path: str) -> bool:
        return self._visitor.may_want(self._prefix + path)

    def visit(
        self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
    ) -> None:
        self._visitor.visit(number, self._prefix + path, mode, data)


def _put_below(prefix: str, inner: LayerFiles, files: LayerFiles) -> None:
    for entry in inner.entries:
        if isinstance(entry, Names):
            for path in entry.paths():
                files.add_plain(prefix + path)
        else:
            link = prefix + entry.link if entry.link.startswith("/") else entry.link
            files.add(entry._replace(path=prefix + entry.path, link=link))


def _moved(problem: Problem, prefix: str) -> Problem:
    path = shown(prefix) + problem.path if problem.path.startswith("/") else problem.path
    return Problem(stage=Stage.IMAGE, path=path, reason=problem.reason, effect=problem.effect)
