"""Version pairs, and the reference programs that judge them in one child process each."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions import compare

Pair = tuple[str, str]
INVALID = "!"
"""What a judge prints for a pair of which at least one is no version to it."""


def version_pairs(
    samples: Sequence[str],
    pieces: Sequence[str],
    count: int = 2500,
    accept: Callable[[str], bool] = bool,
) -> list[Pair]:
    """Return pairs of real versions, of versions with small damage, and of pieces put together.

    `accept` keeps to what the judge can be asked.
    """
    dice = random.Random(20)
    seen: dict[Pair, None] = {}
    while len(seen) < count:
        one = dice.choice(samples) if dice.random() < 0.8 else _assembled(dice, pieces)
        match dice.randrange(3):
            case 0:
                other = dice.choice(samples)
            case 1:
                other = _damaged(dice, one, pieces)
            case _:
                one, other = _damaged(dice, one, pieces), _damaged(dice, one, pieces)
        if accept(one) and accept(other):
            seen[one, other] = None
    return list(seen)


def _assembled(dice: random.Random, pieces: Sequence[str]) -> str:
    return "".join(dice.choice(pieces) for _ in range(dice.randrange(1, 8)))


def _damaged(dice: random.Random, text: str, pieces: Sequence[str]) -> str:
    for _ in range(dice.randrange(1, 3)):
        start = dice.randrange(len(text) + 1)
        text = text[:start] + dice.choice(["", *pieces]) + text[start + dice.randrange(2) :]
    return text


def verdicts(
    command: Sequence[str | Path], pairs: Sequence[Pair], cwd: Path | None = None
) -> list[str]:
    """Send one pair a line, as two words of JSON, to `command`; return the signs it prints."""
    lines = "".join(json.dumps(pair) + "\n" for pair in pairs)
    done = subprocess.run(
        [str(word) for word in command],
        input=lines,
        cwd=cwd,
        timeout=50,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    signs = done.stdout.split()
    assert len(signs) == len(pairs), done.stderr
    return signs


def sign(scheme: str, one: str, other: str) -> str:
    """Return what Lading says of a pair, in a judge's words."""
    try:
        return "=><"[compare(scheme, one, other)]
    except InvalidVersion:
        return INVALID


def disagreements(scheme: str, pairs: Sequence[Pair], signs: Sequence[str]) -> list[str]:
    """Return the pairs on which Lading and the judge differ, readable."""
    assert len(set(signs)) >= 3, "the judge knows no order"
    return [
        f"{one!r} {ours} {other!r}, to the judge {theirs}"
        for (one, other), theirs in zip(pairs, signs, strict=True)
        if (ours := sign(scheme, one, other)) != theirs
    ]


def program(name: str) -> str:
    """Return the path of a reference program, or skip the calling test when there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"the judge needs {name}, which is not installed")
    return found


def is_read_as(scheme: str) -> Callable[[str], bool]:
    """Return a test for what Lading reads, for a judge that takes any text."""
    return lambda text: sign(scheme, text, text) == "="


def semver_of_npm() -> Path:
    """Return the folder of the semver module that npm brings, or skip the calling test."""
    modules = subprocess.run([program("npm"), "root", "-g"], capture_output=True, check=True)
    found = Path(modules.stdout.decode().strip(), "npm", "node_modules", "semver")
    if not found.is_dir():
        pytest.skip("the judge needs the semver that npm brings, which is not where npm is")
    return found


def rust_judge(folder: Path, dependency: str, main: str) -> Path:
    """Build a program with one crate from the registry; skip the calling test where that fails."""
    cargo = program("cargo")
    (folder / "src").mkdir()
    (folder / "src" / "main.rs").write_text(main)
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "judge"\nversion = "0.1.0"\nedition = "2021"\n'
        f"[dependencies]\n{dependency}\n"
    )
    built_or_skipped([cargo, "build", "--quiet"], folder)
    return folder / "target" / "debug" / "judge"


def built_or_skipped(command: Sequence[str | Path], folder: Path) -> None:
    """Run the build of a judge; skip the calling test when its package registry is out of reach."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        timeout=280,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"the judge cannot be built: {done.stderr.strip()[-200:]}")
