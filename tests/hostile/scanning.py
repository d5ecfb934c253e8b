"""Scans in a process of its own: what it printed, what it used, and what it wrote where."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 50
"""A scan that takes longer hangs."""

_SRC = str(Path(__file__).parents[2] / "src")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan left behind."""

    code: int
    out: bytes
    err: str
    peak: int  # MiB of memory at most
    seconds: float  # of processors' time

    @property
    def result(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    @property
    def packages(self) -> list[str]:
        return [f"{one['name']} {one['version']}" for one in self.result["packages"]]

    @property
    def reasons(self) -> list[str]:
        return [one["reason"] for one in self.result["problems"]]


def places(folder: Path) -> dict[str, str]:
    """Return the environment in which everything that Lading may write is below the folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "LADING_CACHE_DIR": str(folder / "cache"),
        "LADING_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": _SRC,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def scanned(
    target: str | Path,
    folder: Path,
    *options: str,
    within: Sequence[str] = (),
    limit: Callable[[], None] | None = None,
) -> Scanned:
    """Run `lading packages` on the target; `within` is a command to run it under."""
    process = started(target, folder, *options, within=within, limit=limit)
    return finished(process, folder)


def started(
    target: str | Path,
    folder: Path,
    *options: str,
    within: Sequence[str] = (),
    limit: Callable[[], None] | None = None,
) -> "subprocess.Popen[bytes]":
    for name in ("home", "temporary", "work"):
        (folder / name).mkdir(exist_ok=True)
    command = (
        *within, *measured(folder), "packages", str(target), "--format", "json",
        "--offline", "--now", "2026-01-01T00:00:00Z", *options,
    )  # fmt: skip
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder / "work",
            env=places(folder),
            preexec_fn=limit,  # noqa: PLW1509 - only sets a limit, in a process without threads
        )


def finished(process: "subprocess.Popen[bytes]", folder: Path) -> Scanned:
    end = time.monotonic() + SECONDS
    used: resource.struct_rusage | None = None
    status = 0
    while used is None:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            used = usage
        elif time.monotonic() > end:
            process.kill()
            process.wait()
            raise AssertionError(f"the scan hangs: {(folder / 'err').read_text()[-500:]}")
        else:
            time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Scanned(
        code=process.returncode,
        out=(folder / "out").read_bytes(),
        err=(folder / "err").read_text(),
        peak=peak_of(folder, used.ru_maxrss),
        seconds=used.ru_utime + used.ru_stime,
    )


_TELLING = """
import atexit, re, sys
from lading.cli.main import entry
def tell(path=sys.argv.pop(1)):
    with open("/proc/self/status") as status, open(path, "w") as file:
        file.write(re.search("VmHWM:\\s+([0-9]+)", status.read())[1])
atexit.register(tell)
sys.argv[0] = "lading"
entry()
"""


def measured(folder: Path) -> tuple[str, ...]:
    """Return the command `lading`, which leaves its peak of memory in the folder.

    What the system counts for a child begins with the memory of whoever started it.
    """
    return (sys.executable, "-c", _TELLING, str(folder / "peak"))


def peak_of(folder: Path, otherwise: int) -> int:
    """Return MiB; `otherwise` is what the system counted, KiB, for a process that was killed."""
    file = folder / "peak"
    kib = int(file.read_text()) if file.is_file() else otherwise
    file.unlink(missing_ok=True)
    return kib >> 10


def written(folder: Path) -> set[str]:
    """Return every file below the folder but those in the cache and what the scan printed."""
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.relative_to(folder).parts[0] not in ("cache", "out", "err", "peak")
        and (file.is_symlink() or not file.is_dir())
    }
