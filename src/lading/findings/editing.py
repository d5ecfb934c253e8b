"""A file of exceptions to the same file with more or fewer of them: all else stays as it was.

Text is edited, not rewritten: comments, order and spacing are the authors'. A comment right above
an exception goes with it.
"""

import json
import re
from collections.abc import Mapping, Sequence

from lading.errors import UsageError
from lading.findings.exceptions import KEYS, Exemption, read_exceptions
from lading.findings.foreign.draft import Value

_HEADER = re.compile(r"\s*\[")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def written_block(values: Mapping[str, Value]) -> str:
    """Return the TOML of one exception, its keys in their usual order."""
    lines = [f"{key} = {_toml(values[key])}" for key in KEYS if key in values]
    return "\n".join(("[[exception]]", *lines)) + "\n"


def _toml(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_text, value)) + "]"
    return value if _DAY.fullmatch(value) else _text(value)


def _text(value: str) -> str:
    """Return a basic string; JSON's escapes are TOML's too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_added(data: bytes, file: str, blocks: Sequence[str]) -> bytes:
    """Return the file with the exceptions behind what is there; UsageError for invalid ones.

    The file may be empty, but must be valid before, too.
    """
    read_exceptions(data, file)
    gap = b"" if not data or data.endswith(b"\n\n") else b"\n" if data.endswith(b"\n") else b"\n\n"
    made = data + gap + "\n".join(blocks).encode()
    read_exceptions(made, file)
    return made


def without(data: bytes, file: str, gone: Sequence[Exemption]) -> bytes:
    """Return the file without these of its exceptions; UsageError when it cannot be edited."""
    lines = data.decode().splitlines(keepends=True)
    before = read_exceptions(data, file)
    for one in sorted(gone, key=_line, reverse=True):
        if not _HEADER.match(lines[_line(one) - 1]):
            raise UsageError(f"{one.source}: this is no [[exception]] table; edit it by hand")
        start, end = _extent(lines, _line(one) - 1)
        del lines[start:end]
    made = "".join(lines).encode()
    kept = [one.about for one in before if one not in gone]
    if [one.about for one in read_exceptions(made, file)] != kept:
        raise UsageError(f"{file}: it cannot be edited without harm; edit it by hand")
    return made


def _line(one: Exemption) -> int:
    return int(one.source.rpartition(":")[2])


def _extent(lines: Sequence[str], header: int) -> tuple[int, int]:
    """Return the lines from the comment above a table's header to what belongs to the next."""
    start = header
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    end = header + 1
    while end < len(lines) and not _HEADER.match(lines[end]):
        end += 1
    if end < len(lines):
        while end > header + 1 and lines[end - 1].lstrip().startswith("#"):
            end -= 1
    return start, end
