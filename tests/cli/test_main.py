"""The door: which command runs, what an error looks like, and how a run ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import is_one_line, ran
from lading import __version__
from lading.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
SHOP = str(ROOT / "examples" / "shop")


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def an_environment(home: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": os.environ["PATH"],
        "LADING_CACHE_DIR": str(home / "cache"),
        "LADING_DATA_DIR": str(home / "data"),
    }


def a_process(*arguments: str, home: Path) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "lading", *arguments],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=an_environment(home),
        cwd=home,
    )


def test_version_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert ran(capsys, "--version", now="") == (0, f"lading {__version__}\n", "")
    process = a_process("--version", home=tmp_path)
    assert process.communicate() == (f"lading {__version__}\n".encode(), b"")
    assert process.returncode == 0


def test_without_a_command_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, now="")

    assert (code, err) == (0, "")
    out = " ".join(out.split())  # long lines are wrapped
    for name, text in COMMANDS:
        assert name in out
        assert text.partition(":")[0] in out


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, name, "--help", now="")

    assert (code, err) == (0, "")
    assert out.startswith(f"usage: lading {name}")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["sail"], id="unknown command"),
        pytest.param(["scan"], id="no target"),
        pytest.param(["scan", "x", "--colour", "always"], id="unknown option"),
        pytest.param(["scan", "x", "--mo", "basic"], id="an option cut short"),
        pytest.param(["scan", "x", "--mode", "extreme"], id="unknown choice"),
        pytest.param(["scan", "x", "--fail-on", "awful"], id="unknown severity"),
        pytest.param(["scan", "x", "--format", "pdf"], id="unknown format"),
    ],
)
def test_what_the_parser_does_not_know_is_wrong_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, *arguments, now="")

    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("lading")
    assert line.endswith("--help")


def test_an_empty_cache_is_not_the_working_directory(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "packages", SHOP, "--cache", "", now="")

    assert (code, out) == (2, "")
    assert is_one_line(err)
    assert "--cache names no directory" in err


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "",
        "2026-13-01",
        "12:00",
        "2026-01-31T12:00:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_a_clock_that_is_no_time_is_wrong_usage(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, "packages", SHOP, f"--now={text}", now="")

    assert (code, out) == (2, "")
    assert is_one_line(err)
    assert "--now" in err


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T00:00:00Z", "2026-11-24", "2026-11-24T01:00:00+01:00", "2026-11-23T19:00-05:00"],
)
def test_a_clock_is_read_in_utc(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = ran(capsys, "advisories", "status", "--format", "json", "--now", text, now="")

    assert first == ran(capsys, "advisories", "status", "--format", "json")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param("colour = 1", "colour", id="unknown setting"),
        pytest.param("workers = 'two'", "workers", id="wrong type"),
        pytest.param("workers = 0", "workers", id="no workers"),
        pytest.param("= = =", "TOML", id="no TOML"),
        pytest.param(None, "No such file", id="no file"),
    ],
)
def test_settings_that_cannot_be_used_are_wrong_usage(
    content: str | None, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lading.toml"
    if content is not None:
        path.write_text(content)

    code, out, err = ran(capsys, "packages", SHOP, "--config", str(path))

    assert (code, out) == (2, "")
    assert is_one_line(err)
    assert str(path) in err or word == "workers"
    assert word in err


def test_a_config_is_read_and_named_in_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("stale_after_hours = 1")

    _, out, _ = ran(capsys, "scan", SHOP, "--format", "json", "--config", str(path))

    result = json.loads(out)
    assert result["config"] == str(path)
    assert all(feed["stale"] for feed in result["advisories"]["feeds"])


def test_an_interrupt_ends_with_130_and_one_line(tmp_path: Path) -> None:
    with a_process("versions", "sort", "deb", home=tmp_path) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # More than a pipe holds: when this is through, the command is reading.
        process.stdin.write(b"1.0\n" * 200_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)

        assert process.wait() == 130
        assert process.stderr.read() == b"lading: interrupted\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("scan", SHOP, "--format", "json"), id="a report"),
        pytest.param(("advisories", "show", "CVE-2021-44228"), id="printed lines"),
        pytest.param(("scan", "--help"), id="help"),
    ],
)
def test_a_reader_that_leaves_is_no_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with a_process(*arguments, home=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()

        assert process.wait() == 0
        assert process.stderr.read() == b""


def test_lines_to_a_reader_that_leaves_early(tmp_path: Path) -> None:
    with a_process("versions", "sort", "deb", home=tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"1.0\n" * 100_000)
        process.stdin.close()
        assert process.stdout.readline() == b"1.0\n"
        process.stdout.close()

        assert process.wait() == 0
        assert process.stderr.read() == b""


def test_a_message_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "scan", "no\x1b[31mthing\nhere")

    assert (code, out) == (3, "")
    assert is_one_line(err)
    assert "\x1b" not in err


def test_a_reader_of_the_cache_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["packages", SHOP, "--cache", str(tmp_path / "elsewhere")]) == 0

    assert capsys.readouterr().out
    assert list((tmp_path / "elsewhere" / "layers").iterdir())
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("packages", SHOP, "--format", "json"), id="a report"),
        pytest.param(("advisories", "status"), id="printed lines"),
        pytest.param(("--version",), id="version"),
        pytest.param(("scan", "--help"), id="help"),
    ],
)
def test_output_that_cannot_be_written_is_said_in_one_line(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f'exec "{sys.executable}" -m lading "$@" >/dev/full'

    code, err = in_shell(command, *arguments, home=tmp_path)

    assert code == 3
    assert err == "lading: standard output: No space left on device\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(closed: str, tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" -m lading "$@" {closed}'

    assert in_shell(command, "packages", SHOP, home=tmp_path) == (0, "")
    assert in_shell(command, "packages", "./nowhere", home=tmp_path)[0] == 3


def in_shell(command: str, *arguments: str, home: Path) -> tuple[int, str]:
    """Run a shell command with the arguments; return its exit code and standard error."""
    done = subprocess.run(
        ["sh", "-c", command, "sh", *arguments],
        env=an_environment(home),
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode()
