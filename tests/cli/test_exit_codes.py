"""Each exit code of the reference page, from a real run of the program."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"(?m)^\| ([0-9]+) \| ")
SHOP = "examples/shop"
PURL = "purl:pkg:npm/left-pad@1.3.0"


def a_process(*arguments: str, home: Path) -> "subprocess.Popen[bytes]":
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        [sys.executable, "-m", "lading", *arguments],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def code_of(*arguments: str, home: Path) -> int:
    with a_process(*arguments, home=home) as process:
        process.communicate()
    return process.returncode


def a_tree_with_a_broken_lock_file(folder: Path) -> str:
    (folder / "tree").mkdir()
    (folder / "tree" / "package-lock.json").write_text("{")
    return f"dir:{folder / 'tree'}"


def test_the_pages_and_the_manual_list_the_same_codes() -> None:
    cli = ROW.findall((ROOT / "docs" / "cli.md").read_text())
    readme = ROW.findall((ROOT / "README.md").read_text())

    assert cli == readme == ["0", "1", "2", "3", "4", "130"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("scan", PURL), 0, id="nothing breaches"),
        pytest.param(("scan", SHOP), 0, id="findings without a policy"),
        pytest.param(("scan", SHOP, "--fail-on", "high"), 1, id="a breach"),
        pytest.param(("scan", PURL, "--max-age", "1h"), 1, id="old feeds"),
        pytest.param(("scan", PURL, "--nope"), 2, id="an option that is none"),
        pytest.param(("scan",), 2, id="no target"),
        pytest.param(("scan", PURL, "--policy", "README.md"), 2, id="a policy that is none"),
        pytest.param(("scan", "oci:README.md"), 3, id="a target that is none"),
        pytest.param(("scan", PURL, "--advisories", "README.md"), 3, id="a database that is none"),
    ],
)
def test_an_exit_code_is_what_the_page_says(
    arguments: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    assert code_of(*arguments, home=tmp_path) == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param((), 0, id="problems alone"),
        pytest.param(("--strict",), 4, id="problems with --strict"),
        pytest.param(("--strict", "--max-age", "1h"), 1, id="1 wins over 4"),
    ],
)
def test_problems_count_where_strict_asks(more: tuple[str, ...], code: int, tmp_path: Path) -> None:
    target = a_tree_with_a_broken_lock_file(tmp_path)

    assert code_of("scan", target, *more, home=tmp_path) == code


def test_an_interrupt_leaves_130_one_line_and_no_file(tmp_path: Path) -> None:
    output = tmp_path / "result.json"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"registry:127.0.0.1:{silent.getsockname()[1]}/app:1"
        more = ("--format", "json", "--output", str(output))
        with a_process("scan", target, *more, home=tmp_path) as process, silent.accept()[0]:
            process.send_signal(signal.SIGINT)
            told = process.communicate()[1]

    assert process.returncode == 130
    assert told.endswith(b"lading: interrupted\n")
    assert list(tmp_path.glob("*.json")) == []


def test_an_update_that_is_interrupted_leaves_130(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with a_process("advisories", "update", "--from", place, home=tmp_path) as process:
            silent.settimeout(20)
            with silent.accept()[0]:
                process.send_signal(signal.SIGINT)
                told = process.communicate()[1]

    assert (process.returncode, told[-20:]) == (130, b"lading: interrupted\n")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    with a_process("scan", SHOP, "--format", "json", home=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()

    assert (process.returncode, told) == (0, b"")


def test_output_is_the_whole_result(tmp_path: Path) -> None:
    output = tmp_path / "result.json"

    assert code_of("scan", PURL, "--format", "json", "--output", str(output), home=tmp_path) == 0
    assert json.loads(output.read_text())["schema"] == "lading.scan/1"
