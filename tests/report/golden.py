"""Whole outputs against files; LADING_GOLDEN=write writes them anew, to be read and committed."""

import os
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "golden" / "report"


def assert_golden(name: str, text: str) -> None:
    path = _FOLDER.parent / name if "/" in name else _FOLDER / name
    if os.environ.get("LADING_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8")
