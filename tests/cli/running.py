"""Runs the command line in this process, and says what came of it."""

from typing import NamedTuple

import pytest

from lading.cli.main import main

NOW = "2026-11-24T00:00:00Z"


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def ran(capsys: pytest.CaptureFixture[str], *arguments: str, now: str = NOW) -> Ran:
    """Run the command with a fixed clock; argparse's own exit counts as one."""
    capsys.readouterr()
    try:
        code = main([*arguments, *(["--now", now] if now else [])])
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return Ran(code, out, err)


def is_one_line(err: str) -> bool:
    """Say whether the message is what a user can act on: one line, and no traceback."""
    return err.startswith("lading: ") and err.count("\n") == 1 and err.endswith("\n")
