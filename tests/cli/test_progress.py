"""What is said while something is being done: on a terminal, with --verbose, or not at all."""

import argparse
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from cli.running import ran
from lading.cli.progress import excused, size

ROOT = Path(__file__).parents[2]
SHOP = "examples/shop"
SCAN = (sys.executable, "-m", "lading", "scan", SHOP, "--no-cache", "--now", "2026-11-24T00:00:00Z")


def on_a_terminal(*more: str) -> tuple[str, str]:
    """Standard output of a scan, and what it drew on the terminal that standard error is."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    environ = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [*SCAN, *more], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        drawn = b""
        while chunk := _some(ours):
            drawn += chunk
        out = process.stdout.read() if process.stdout else b""
    os.close(ours)
    assert process.returncode == 0
    return out.decode(), re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", drawn.decode())


def _some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_a_terminal_shows_layers_bytes_and_what_comes_next() -> None:
    out, drawn = on_a_terminal("--format", "purl")

    assert "reading the image" in drawn
    assert "6/6 layers, 0.2 MB of 0.2 MB" in drawn
    assert "comparing 38 packages with advisories built" in drawn
    assert out.startswith("pkg:")


def test_a_quiet_terminal_shows_nothing() -> None:
    assert on_a_terminal("--quiet", "--format", "purl")[1] == ""


def test_nothing_is_said_to_what_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "scan", SHOP).err == ""


def test_verbose_says_what_is_read_and_from_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ran(capsys, "scan", SHOP, "--verbose", "--cache", str(tmp_path)).err.splitlines()

    assert told[0].startswith(f"lading: reading image {SHOP}: 6 layers, 0.2 MB stored, sha256:5d44")
    assert told[0].endswith(f", cache {tmp_path}/layers")
    assert told[1] == "lading: found 38 packages in 100 files"
    assert told[2].startswith("lading: comparing 38 packages with advisories built ")
    assert ran(capsys, "scan", SHOP, "--verbose", "--quiet").err == ""


@pytest.mark.parametrize(("count", "text"), [(0, "0.0 MB"), (1_234_567_890, "1,234.6 MB")])
def test_sizes_are_in_megabytes(count: int, text: str) -> None:
    assert size(count) == text


def test_what_takes_long_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    loud = argparse.Namespace(quiet=False)

    with excused(loud, "looking", after=0.01):
        time.sleep(0.3)
    assert capsys.readouterr().err == "lading: looking\n"
    with excused(loud, "looking", after=60):
        pass
    with excused(argparse.Namespace(quiet=True), "looking", after=0):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
