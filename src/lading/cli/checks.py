"""The settings to what works on this machine and what does not: one check for each thing.

Nothing is changed: what would be written is asked of the system, not tried.
"""

import contextlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from lading import __version__
from lading.advisories import open_database
from lading.config import Settings
from lading.errors import LadingError
from lading.image.known_bases import file_in, read_known
from lading.net.transport import UnixTransport, read_all
from lading.sources.credentials import Credentials

_ROOM = 1 << 30  # bytes that should be free
_PATIENCE = 3.0  # seconds that an engine may take to answer
_HOUR = 3600
_OTHERS = 0o077  # permissions of everybody but the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: str  # ok; absent: not there, and need not be; warning; broken
    said: str


def checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Yield every check, in the order in which people look for what is wrong."""
    yield Check(name="lading", state="ok", said=__version__)
    yield _interpreter()
    yield from _libraries()
    where = str(settings.source) if settings.source else "none read; the defaults hold"
    yield Check(name="settings", state="ok", said=where)
    yield from _cache(settings.cache_dir)
    yield from _advisories(settings, now)
    yield _bases(settings.data_dir)
    for name, sockets in (("docker", settings.docker_sockets), ("podman", settings.podman_sockets)):
        yield _engine(name, sockets)
    yield _containerd(settings.containerd_root)
    yield from map(_login, settings.login_files)
    if settings.ca_file is not None:
        yield _readable("ca_file", settings.ca_file)
    yield from _space(settings)


def _interpreter() -> Check:
    version = platform.python_version()
    state = "ok" if sys.version_info >= (3, 11) else "broken"
    return Check(name="python", state=state, said=f"{version} ({sys.executable})")


def _libraries() -> Iterator[Check]:
    """Say which libraries that Lading needs, or can use, are installed."""
    try:
        wanted = metadata.requires("lading") or []
    except metadata.PackageNotFoundError:
        said = "unknown: Lading runs from its source, without being installed"
        yield Check(name="libraries", state="warning", said=said)
        return
    for text in wanted:
        name = text.partition(";")[0]
        name = next((name[:at] for at, char in enumerate(name) if char in "[<>=!~ "), name)
        marks = text.partition(";")[2]
        if "extra" in marks and "dev" in marks:
            continue  # what only who develops Lading has
        yield _library(name, is_optional="extra" in marks)


def _library(name: str, *, is_optional: bool) -> Check:
    try:
        return Check(name=f"library {name}", state="ok", said=metadata.version(name))
    except metadata.PackageNotFoundError:
        state, said = ("absent", "optional") if is_optional else ("broken", "install it with pip")
        return Check(name=f"library {name}", state=state, said=f"not installed; {said}")


def _cache(folder: Path) -> Iterator[Check]:
    sizes, bad = [], 0
    for path in folder.glob("*/??/*"):
        try:
            sizes.append(path.stat().st_size)
            bad += not os.access(path, os.R_OK)
        except OSError:
            bad += 1
    said = f"{folder}: {len(sizes):,} entries, {_size(sum(sizes))}"
    if bad:
        said += f"; {bad:,} that cannot be read: delete the folder"
    yield Check(name="cache", state="warning" if bad else "ok", said=said)
    yield _writable("cache folder", folder)


def _advisories(settings: Settings, now: datetime) -> Iterator[Check]:
    yield _writable("data folder", settings.data_dir)
    try:
        with open_database(
            None, data_dir=settings.data_dir, cache_dir=settings.cache_dir
        ) as database:
            feeds = database.feeds()
            said = f"built {database.built}, {len(feeds)} feeds"
            if database.partial:
                said += "; a partial snapshot: `lading advisories update`"
            yield Check(name="advisories", state="warning" if database.partial else "ok", said=said)
            for feed in feeds:
                hours = None if feed.as_of is None else _hours(feed.as_of, now)
                is_stale = not feed.is_own and (hours is None or hours > settings.stale_after_hours)
                age = "of unknown age" if hours is None else f"{hours:,.0f} hours old"
                yield Check(
                    name=f"feed {feed.name}",
                    state="warning" if is_stale else "ok",
                    said=f"{feed.records:,} records, {age}" + (", stale" if is_stale else ""),
                )
    except LadingError as error:
        yield Check(name="advisories", state="broken", said=str(error))


def _hours(as_of: str, now: datetime) -> float | None:
    try:
        return (now - datetime.fromisoformat(as_of)).total_seconds() / _HOUR
    except (ValueError, TypeError):
        return None


def _bases(data_dir: Path) -> Check:
    try:
        known = read_known(file_in(data_dir))
    except LadingError as error:
        return Check(name="base images", state="broken", said=str(error))
    return Check(
        name="base images", state="ok" if known else "absent", said=f"{len(known):,} known"
    )


def _engine(name: str, sockets: tuple[Path, ...]) -> Check:
    for path in sockets:
        with contextlib.suppress(OSError):
            if path.is_socket():
                return _asked(name, path)
    return Check(name=name, state="absent", said=f"no socket at {', '.join(map(str, sockets))}")


def _asked(name: str, path: Path) -> Check:
    try:
        answer = UnixTransport(path, timeout=_PATIENCE).request("GET", "/_ping")
        read_all(answer, 1 << 16)
    except LadingError as error:
        return Check(name=name, state="warning", said=f"{path} does not answer: {error}")
    if answer.status != 200:
        return Check(name=name, state="warning", said=f"{path} answers HTTP {answer.status}")
    return Check(name=name, state="ok", said=f"answers at {path}")


def _containerd(root: Path) -> Check:
    try:
        is_there = root.is_dir()
    except OSError:
        is_there = True  # below what this user may not enter
    if not is_there:
        return Check(name="containerd", state="absent", said=f"no folder {root}")
    if not os.access(root, os.R_OK | os.X_OK):
        return Check(name="containerd", state="warning", said=f"{root} cannot be read by this user")
    return Check(name="containerd", state="ok", said=f"{root} can be read")


def _login(path: Path) -> Check:
    name = "login file"
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Check(name=name, state="absent", said=str(path))
    except OSError as error:
        return Check(name=name, state="warning", said=f"{path}: {error.strerror}")
    try:
        Credentials((path,)).account("registry.invalid")
    except LadingError as error:
        return Check(name=name, state="warning", said=str(error))
    if mode & _OTHERS:
        return Check(name=name, state="warning", said=f"{path} can be read by others: chmod 600")
    return Check(name=name, state="ok", said=str(path))


def _readable(name: str, path: Path) -> Check:
    if os.access(path, os.R_OK):
        return Check(name=name, state="ok", said=str(path))
    return Check(name=name, state="broken", said=f"{path} cannot be read")


def _writable(name: str, folder: Path) -> Check:
    """Look at the folder, or at the lowest one above it that is there and would hold it."""
    there = _there(folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Check(name=name, state="ok", said=f"{folder} can be written")
    return Check(name=name, state="broken", said=f"{folder} cannot be written by this user")


def _there(folder: Path) -> Path:
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)


def _space(settings: Settings) -> Iterator[Check]:
    for name, folder in (("cache", settings.cache_dir), ("data", settings.data_dir)):
        try:
            free = shutil.disk_usage(_there(folder)).free
        except OSError as error:
            yield Check(name=f"space for {name}", state="warning", said=str(error))
            continue
        state = "ok" if free >= _ROOM else "warning"
        yield Check(name=f"space for {name}", state=state, said=f"{_size(free)} free")


def _size(count: int) -> str:
    return f"{count / (1 << 20):,.0f} MiB" if count >= 1 << 20 else f"{count:,} bytes"
