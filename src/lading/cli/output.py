"""Text to standard output or to a file, which is written whole or not at all."""

import errno
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from lading.errors import UsageError


def write(text: str, path: str | None, *, stream: TextIO | None = None) -> None:
    """Write `text` as UTF-8 to the file at `path`, or to `stream` (default: standard output).

    The file appears complete, or the old one stays; a link is followed, and what is no regular file
    (a pipe, a device) is written to as it is. Raises UsageError when the file cannot be written.
    A reader of standard output that has left is no error.
    """
    if path is None or path == "-":
        _show(text, stream or sys.stdout)
        return
    try:
        target = _followed(Path(path))
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8", newline="")
        else:
            _replace(target, text.encode())
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot write {path!r}: {reason}; choose another --output") from error


def _show(text: str, stream: TextIO) -> None:
    try:
        stream.flush()
        buffer = getattr(stream, "buffer", None)  # a stream that a test or a caller made has none
        if buffer is None:
            stream.write(text)
        else:
            buffer.write(text.encode())
        stream.flush()
    except BrokenPipeError:
        # What is left in the buffers has nowhere to go; closing must not fail on it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _followed(path: Path) -> Path:
    target = path.resolve()
    if target.is_symlink():  # links in a circle, of which Python 3.13 says nothing
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:64]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), _mode(target))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the permissions of the file that is there, or those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
