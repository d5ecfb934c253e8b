"""YAML as people write ignore files: mappings, lists and scalars, each with its line.

Format: https://yaml.org/spec/1.2.2/, of which block style, quoted and plain scalars, texts of
several lines and flow lists of scalars are read. Anchors, tags and flow mappings are not: such a
line is told, and nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_KEY = re.compile(
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s'\"#\[\]{}&*!|>%@,-][^:#]*?|-[^\s:#][^:#]*?))\s*:(?:\s+|\Z)"
)
_TEXT = re.compile(r"[|>][+-]?[0-9]?[+-]?\s*(?:#.*)?\Z")
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    line: int


@dataclass(slots=True)
class Mapping:
    line: int
    values: dict[str, "Tree"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Listing:
    line: int
    items: list["Tree"] = field(default_factory=list)


Tree = Scalar | Mapping | Listing


@dataclass(frozen=True, slots=True)
class Document:
    root: Mapping
    unread: tuple[tuple[int, str], ...]  # line and why

    def has(self, key: str) -> bool:
        """Say whether there is such an outermost key."""
        return key in self.root.values


def read_yaml(text: str) -> Document:
    """Return the outermost mapping, empty where there is none, and the lines not understood."""
    reader = _Reader(text)
    tree = reader.block(0, 0)
    reader.unread += [(row[0], "this belongs to nothing") for row in reader.rows[reader.at :]]
    if not isinstance(tree, Mapping):
        if tree is not None:
            reader.unread.append((tree.line, "this is no mapping"))
        tree = Mapping(1)
    return Document(tree, tuple(sorted(reader.unread)))


class _Reader:
    def __init__(self, text: str) -> None:
        self.raw = text.splitlines()
        self.rows = list(_rows(self.raw))  # (line number, indent, text)
        self.at = 0
        self.unread: list[tuple[int, str]] = []

    def block(self, least: int, depth: int) -> Tree | None:
        """Read what is indented by `least` or more from here on."""
        if self.at >= len(self.rows) or self.rows[self.at][1] < least:
            return None
        number, indent, text = self.rows[self.at]
        if depth > _DEEPEST:
            self.unread.append((number, "nested too deep"))
            self._skip(indent)
            return None
        if text == "-" or text.startswith("- "):
            return self._listing(indent, depth)
        if _KEY.match(text):
            return self._mapping(indent, depth)
        self.at += 1
        return self._scalar(text, number)

    def _listing(self, indent: int, depth: int) -> Listing:
        found = Listing(self.rows[self.at][0])
        while self.at < len(self.rows):
            number, here, text = self.rows[self.at]
            if here != indent or not (text == "-" or text.startswith("- ")):
                break
            rest = text[1:].lstrip()
            inner = indent + len(text) - len(rest)
            if rest and not rest.startswith("#"):
                self.rows[self.at] = (number, inner, rest)
            else:
                self.at += 1
                inner = indent + 1
            item = self.block(inner, depth + 1)
            if item is not None:
                found.items.append(item)
        self._leftover(indent)
        return found

    def _mapping(self, indent: int, depth: int) -> Mapping:
        found = Mapping(self.rows[self.at][0])
        while self.at < len(self.rows) and self.rows[self.at][1] == indent:
            number, _, text = self.rows[self.at]
            key = _KEY.match(text)
            if key is None:
                if text == "-" or text.startswith("- "):
                    break
                self.unread.append((number, f"{text[:60]!r} cannot be understood"))
                self.at += 1
                continue
            name = next(one for one in key.groups() if one is not None)
            value = self._value(text[key.end() :], number, indent, depth)
            if name in found.values:
                self.unread.append((number, f"{name!r} is there twice"))
            elif value is not None:
                found.values[name] = value
            found.lines.setdefault(name, number)
        self._leftover(indent)
        return found

    def _value(self, rest: str, number: int, indent: int, depth: int) -> Tree | None:
        self.at += 1
        if _TEXT.match(rest):
            return self._text(number, indent)
        if rest and not rest.startswith("#"):
            return self._scalar(rest, number)
        is_list = self.at < len(self.rows) and self.rows[self.at][2].startswith("-")
        return self.block(indent if is_list else indent + 1, depth + 1)

    def _text(self, number: int, indent: int) -> Scalar:
        """Read a text of several lines, as one."""
        parts = []
        last = number
        for at in range(number, len(self.raw)):
            line = self.raw[at]
            if line.strip() and len(line) - len(line.lstrip()) <= indent:
                break
            parts.append(line.strip())
            last = at + 1
        while self.at < len(self.rows) and self.rows[self.at][0] <= last:
            self.at += 1
        return Scalar(" ".join(part for part in parts if part), number)

    def _scalar(self, text: str, number: int) -> Tree | None:
        if text[0] in "&*!{%@`":
            self.unread.append((number, f"{text[:60]!r} is YAML that is not read here"))
            return None
        if text[0] == "[":
            end = text.rfind("]")
            inner = text[1:end] if end > 0 else ""
            parts = [one.strip() for one in inner.split(",") if one.strip()]
            if end < 0 or any(one[0] in "[{&*!" for one in parts):
                self.unread.append((number, f"{text[:60]!r} is YAML that is not read here"))
                return None
            return Listing(number, [Scalar(_bare(one), number) for one in parts])
        return Scalar(_bare(text), number)

    def _leftover(self, indent: int) -> None:
        """Pass over lines that are indented deeper than what they could belong to."""
        while self.at < len(self.rows) and self.rows[self.at][1] > indent:
            number, _, text = self.rows[self.at]
            self.unread.append((number, f"{text[:60]!r} belongs to nothing"))
            self.at += 1

    def _skip(self, indent: int) -> None:
        while self.at < len(self.rows) and self.rows[self.at][1] >= indent:
            self.at += 1


def _rows(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare and not bare.startswith("#") and bare not in ("---", "..."):
            yield number, len(line) - len(line.lstrip()), bare


def _bare(text: str) -> str:
    """Return a scalar without its quotes or the comment behind it."""
    if text[0] in "'\"":
        end = text.find(text[0], 1)
        return text[1:end] if end > 0 else text[1:]
    return re.split(r"\s+#", text, maxsplit=1)[0].strip()
