"""Lock files in YAML, as their tools write them, into keys and scalars.

Format: https://yaml.org/spec/1.2.2/ in block style: mappings by indentation, one key a line. That
is all that these tools write for what is read of them; lists, folded texts and flow collections are
passed over, aliases never followed. Files written by hand may hold more, and need a YAML reader.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lading.errors import CatalogError

_KEY = re.compile(
    r"(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)'|([^\s'\"#?-][^:]*+(?::\S[^:]*+)*+))\s*:(?=\s|\Z)"
)
_BLOCK = re.compile(r"[|>][0-9+-]*\Z")
_NONE = ("#", "---", "...", "%")
_DEEPEST = 32


class Outline(NamedTuple):
    """A document by its keys."""

    rows: tuple[tuple[tuple[str, ...], str], ...]  # keys from the outermost, and the scalar or ""
    broken: int  # lines that cannot be understood

    def facts(self, key: str) -> dict[str, dict[str, str]]:
        """Return the scalars of each mapping in the mapping at an outermost key."""
        found: dict[str, dict[str, str]] = {}
        for keys, value in self.rows:
            if keys[0] == key and len(keys) > 1:
                facts = found.setdefault(keys[1], {})
                if len(keys) == 3:
                    facts[keys[2]] = value
        return found

    def check(self, path: str) -> None:
        """Raise CatalogError when lines were passed over that should have been understood."""
        if self.broken:
            raise CatalogError(f"{path}: {self.broken} of its lines cannot be understood")


def read_outline(path: str, data: bytes | bytearray | memoryview) -> Outline:
    """Return the document; raises CatalogError for no UTF-8 and for keys nested absurdly deep."""
    try:
        text = bytes(data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path}: it is no UTF-8 text") from error
    rows: list[tuple[tuple[str, ...], str]] = []
    keys: list[tuple[int, str]] = []
    broken = 0
    for indent, line in _lines(text):
        found = _KEY.match(line)
        if found is None:
            broken += 1
            continue
        while keys and keys[-1][0] >= indent:
            keys.pop()
        if len(keys) == _DEEPEST:
            raise CatalogError(f"{path}: its keys are nested too deep")
        keys.append((indent, _key(found)))
        value = line[found.end() :].strip()
        rows.append((tuple(key for _, key in keys), "" if _BLOCK.match(value) else scalar(value)))
    return Outline(tuple(rows), broken)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their indentation, without those of lists and of longer texts."""
    inside: int | None = None  # what is indented deeper belongs to a list or a text
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith(_NONE):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and indent > inside:
            continue
        is_item = bare == "-" or bare.startswith("- ")
        inside = indent if is_item or not bare.endswith(":") else None
        if not is_item:
            yield indent, bare


def scalar(text: str) -> str:
    """Return a scalar without its quotes or the comment behind it."""
    if text[:1] in ("'", '"'):
        end = text.find(text[0], 1)
        return text[1:end] if end > 0 else text[1:]
    return text.partition(" #")[0].strip()


def _key(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return found[3] if found[2] is None else found[2].replace("''", "'")
