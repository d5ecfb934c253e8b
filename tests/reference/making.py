"""Parts of one image, each made by a real package manager, with what its own program says of it.

A part is a module with `make(work) -> Said`: what belongs into the image goes below `work/root` (or
is the finished `work/layer.tar`), everything else in `work` stays outside.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PATIENCE = 280  # seconds for one program


class NotHere(Exception):
    """The part cannot be made on this machine; the text says why."""


class Said(NamedTuple):
    """What the reference program says is installed, and what asks for what."""

    packages: list[str]  # "name version", sorted; each as often as it is there
    edges: dict[str, list[str]]  # without packages that ask for nothing
    places: dict[str, list[str]]  # the paths of each copy, where the program tells them


def said(
    packages: Iterable[str],
    edges: dict[str, set[str]],
    places: dict[str, list[str]] | None = None,
) -> Said:
    return Said(
        sorted(packages),
        {one: sorted(to) for one, to in sorted(edges.items()) if to},
        {one: sorted(paths) for one, paths in (places or {}).items()},
    )


def ran(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The output of a program that must be there and succeed."""
    name = str(command[0])
    if shutil.which(name) is None:
        raise NotHere(f"{name} is not installed")
    try:
        done = subprocess.run(
            command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotHere(f"{Path(name).name} took more than {PATIENCE} s") from error
    if done.returncode:
        raise NotHere(f"{Path(name).name} cannot do this here: {done.stderr[-300:]}")
    return done.stdout
