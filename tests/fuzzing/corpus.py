"""Inputs of readers on disk: one file each, its first line the path that the reader is told."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOUND = Path(__file__).parents[1] / "data" / "fuzz"
"""What was found, by subject; the suite replays all of it."""


class Input(NamedTuple):
    """What a reader is handed."""

    path: str
    data: bytes


def save(folder: Path, subject: str, input: Input) -> Path:
    """Write the input under its digest below `folder/subject`; return the file."""
    content = input.path.encode("utf-8", "surrogateescape") + b"\n" + input.data
    file = folder / subject / hashlib.sha256(content).hexdigest()[:16]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def load(file: Path) -> Input:
    """Return what `save` wrote."""
    path, _, data = file.read_bytes().partition(b"\n")
    return Input(path.decode("utf-8", "surrogateescape"), data)


def inputs(folder: Path, subject: str) -> Iterator[Input]:
    """Yield the inputs of a subject, in the order of their names."""
    for file in sorted((folder / subject).glob("*")):
        yield load(file)


def found() -> list[tuple[str, Path]]:
    """Return (subject, file) of everything that was found."""
    return [(file.parent.name, file) for file in sorted(FOUND.glob("*/*"))]
