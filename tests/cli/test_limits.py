"""`--max-memory` and `--timeout`, from their text to what is left out."""

import argparse
import json
from pathlib import Path

import pytest

from cli.running import ran
from image.layouts import Layout, tagged
from image.tars import a_tar
from lading.cli.limits import limits_from
from lading.errors import UsageError
from lading.image.limits import MIB


def options(memory: str | None = None, timeout: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(max_memory=memory, timeout=timeout)


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        ("128M", 32 * MIB),
        ("256MiB", 160 * MIB),
        ("300mb", 204 * MIB),
        ("262144K", 160 * MIB),
        ("134217728", 32 * MIB),
        ("1T", 512 * MIB),
        (None, 512 * MIB),
    ],
)
def test_the_memory_is_what_is_left_for_contents(text: str | None, contents: int) -> None:
    assert limits_from(options(text)).contents.most == contents


@pytest.mark.parametrize("text", ["", "M", "-1G", "1.5G", "127M", "0", "lots", "1G1"])
def test_what_is_no_size_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="--max-memory"):
        limits_from(options(text))


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "1m", "soon"])
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="--timeout"):
        limits_from(options(timeout=text))


def test_the_time_is_up_when_the_clock_says_so() -> None:
    now = [100.0]
    limits = limits_from(options(timeout="2.5"), clock=lambda: now[0])

    assert not limits.is_late()
    now[0] = 102.5
    assert limits.is_late()


STATUS = b"Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
STATUS += b"X" * (33 << 20)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "layout")
    layout.list(tagged(layout.image(a_tar(("var/lib/dpkg/status", STATUS), ("f", b""))), "1"))
    return layout


def test_a_file_that_takes_more_memory_is_a_problem(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("packages", f"oci:{layout.folder}", "--no-cache", "--format", "json")

    assert len(json.loads(ran(capsys, *command)[1])["packages"]) == 1
    code, out, _ = ran(capsys, *command, "--max-memory", "128M", "--strict")
    result = json.loads(out)

    assert (code, result["packages"], result["coverage"]["files"]) == (4, [], 2)
    assert [one["reason"] for one in result["problems"]] == [
        f"file of {len(STATUS)} bytes, more than the memory that may be used"
    ]


def test_a_scan_that_takes_too_long_says_what_was_not_read(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("packages", f"oci:{layout.folder}", "--no-cache", "--format", "json")

    code, out, _ = ran(capsys, *command, "--timeout", "0.000001", "--strict")

    assert code == 4
    assert [(one["reason"], one["effect"]) for one in json.loads(out)["problems"]] == [
        (
            "layer 0: the time limit was reached",
            "the rest of layer 0 was not read, and its digest not verified",
        )
    ]


def test_a_directory_that_takes_too_long_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f").touch()

    code, out, _ = ran(capsys, "packages", f"dir:{tmp_path}", "--timeout", "1e-9", "--strict")

    assert code == 4
    assert "the time limit was reached" in out
