"""The user's database opened for writing by any number of processes at once.

A new one starts from the bundled snapshot, to lose nothing. One into which nothing came is deleted,
since the snapshot itself becomes newer with Lading: but only when nobody else has it open. Writers
hold a shared lock on the folder, and who deletes an exclusive one.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from lading.advisories.bundled import copy_bundled, open_bundled
from lading.advisories.database import Database
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Open or make the database; AdvisoryError when it cannot be written."""
    with _locked(path) as lock:
        is_new = _make(path, lock)
        is_kept = not is_new
        try:
            with Writer(path) as writer:
                yield writer
                is_kept = is_kept or writer.is_described
        finally:
            if not is_kept:
                _delete(path, lock)


def _make(path: Path, lock: int) -> bool:
    """Make the database unless it is there; return whether it was made here."""
    is_new = False
    while not path.exists():  # until it is there: somebody may just have deleted his own
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not path.exists()
        if is_new:
            copy_bundled(path)
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_SH)
    return is_new


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise AdvisoryError(
            f"{path}: cannot be written ({error.strerror}); choose another with --advisories FILE"
        ) from error
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield lock
    finally:
        os.close(lock)


def _delete(path: Path, lock: int) -> None:
    """Delete a database that is as the snapshot was copied, unless somebody else writes it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    with contextlib.suppress(AdvisoryError, OSError):
        if _is_snapshot(path):
            path.unlink()


def _is_snapshot(path: Path) -> bool:
    with Database.open(path) as one, open_bundled(None) as other:
        return one.built == other.built
