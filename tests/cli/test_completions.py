"""Completion as the real shells do it, and the manual as its judge reads it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import ran
from lading.cli.completions import SCRIPTS
from lading.cli.grammar import Grammar, grammar_of
from lading.cli.main import COMMANDS, parser_for
from lading.report import FORMATS

ROOT = Path(__file__).parents[2]
WHOLE = grammar_of(parser_for([name for name, _ in COMMANDS]))

_ZSH = """
compdef() { : }
source $1
shift
words=("$@"); CURRENT=$#words; PREFIX=$words[-1]
compadd() { shift; print -rl -- "$@" }
_files() { print -r -- FILES }
_describe() { print -rl -- "${(@P)2}" }
_lading
"""
_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lading
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    for name, script in SCRIPTS.items():
        (folder / name).write_text(script(tuple(WHOLE.walk())))
    return folder


def completed(shell: str, script: Path, *words: str) -> set[str]:
    """What the shell offers for the last word; descriptions are left out."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    command = {
        "bash": ["bash", "--norc", "-c", _BASH, "bash", str(script), *words],
        "zsh": ["zsh", "-f", "-c", _ZSH, "zsh", str(script), *words],
        "fish": ["fish", "--no-config", "-c", f'source {script}; complete -C "{" ".join(words)}"'],
    }[shell]
    home = {"HOME": str(script.parent), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=home, cwd=script.parent, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    offered = {line.split("\t")[0] if shell == "fish" else line for line in lines if line}
    return {one.partition(":")[0] for one in offered} if shell == "zsh" else offered


@pytest.mark.parametrize("shell", SCRIPTS)
def test_commands_are_completed(shell: str, scripts: Path) -> None:
    offered = completed(shell, scripts / shell, "lading", "")

    assert {name for name, _ in COMMANDS} <= offered


@pytest.mark.parametrize("shell", SCRIPTS)
def test_actions_and_their_options_are_completed(shell: str, scripts: Path) -> None:
    script = scripts / shell

    assert {"status", "update", "import"} <= completed(shell, script, "lading", "advisories", "")
    options = completed(shell, script, "lading", "advisories", "update", "--")
    assert {"--only", "--from"} <= options
    assert "--fail-on" not in options


@pytest.mark.parametrize("shell", SCRIPTS)
def test_values_are_completed(shell: str, scripts: Path) -> None:
    script = scripts / shell

    assert set(FORMATS) <= completed(shell, script, "lading", "scan", "--format", "")
    levels = completed(shell, script, "lading", "scan", "x", "--fail-on", "")
    assert levels == {"critical", "high", "medium", "low", "negligible", "unknown"}
    assert completed(shell, script, "lading", "scan", "--max-age", "") == set()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_files_are_completed(shell: str, scripts: Path) -> None:
    files = {"FILES"} if shell == "zsh" else set(SCRIPTS)

    assert files <= completed(shell, scripts / shell, "lading", "scan", "")
    assert files <= completed(shell, scripts / shell, "lading", "scan", "--output", "")


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_command_writes_the_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = ran(capsys, "completions", shell)

    assert answer.out == SCRIPTS[shell](tuple(WHOLE.walk()))


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_the_manual_has_nothing_that_mandoc_warns_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "lading.1"
    page.write_text(ran(capsys, "man").out)

    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(page)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_the_manual_shows_every_command_and_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "lading.1"
    page.write_text(ran(capsys, "man").out)

    shown = subprocess.run(
        ["mandoc", "-T", "ascii", "-O", "width=500", str(page)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    shown = re.sub(".\b", "", shown)  # bold is a letter printed twice
    for command in WHOLE.walk():
        for name in names_of(command):
            assert name in shown


def names_of(command: Grammar) -> list[str]:
    """What the page must name of a command: itself where it does something, and its options."""
    own = [] if command.actions else [command.name]
    return [*own, *(flag for option in command.options for flag in option.flags if own)]


def test_the_page_of_all_commands_is_what_the_program_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_commands.py"), "--check"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
