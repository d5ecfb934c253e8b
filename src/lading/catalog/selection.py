"""Which catalogers want a file, by its path and first bytes; asked once for every file."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lading.catalog.cataloger import Cataloger, Content

_MAGIC: dict[bytes, Content] = {
    b"\x7fELF": Content.ELF,
    b"PK\x03\x04": Content.ZIP,
    b"PK\x05\x06": Content.ZIP,
    b"\xfe\xed\xfa\xce": Content.MACHO,
    b"\xfe\xed\xfa\xcf": Content.MACHO,
    b"\xce\xfa\xed\xfe": Content.MACHO,
    b"\xcf\xfa\xed\xfe": Content.MACHO,
}
_FAT_MACHO = b"\xca\xfe\xba\xbe"
_FIRST = frozenset((b"#", b"M", b"\xca", *(magic[:1] for magic in _MAGIC)))


def content_of(head: bytes) -> Content | None:
    """Return what the first 24 bytes say, or None for data and text."""
    if head[:1] not in _FIRST:
        return None
    if head[:2] == b"#!":
        return Content.SCRIPT
    if head[:2] == b"MZ":
        return Content.PE
    if head[:4] == _FAT_MACHO:
        # Java classes start the same way; their version number is far above a count of processors.
        return Content.MACHO if 0 < int.from_bytes(head[4:8], "big") < 40 else None
    return _MAGIC.get(head[:4])


class _Rule(NamedTuple):
    holds: Callable[[str], object]
    cataloger: Cataloger


class Selection:
    """Catalogers, indexed by the last component of their globs."""

    def __init__(self, catalogers: Iterable[Cataloger]) -> None:
        self._by_name: dict[str, list[_Rule]] = {}
        self._by_extension: dict[str, list[_Rule]] = {}
        self._by_folder: dict[str, list[_Rule]] = {}
        self._others: list[tuple[str, _Rule]] = []  # with a text that the path must have
        self._by_content: dict[str, tuple[Cataloger, ...]] = {}
        self.fixed: dict[str, None] = {}  # paths that are wanted without a pattern
        for cataloger in catalogers:
            for glob in cataloger.wants:
                self._add(glob, cataloger)
            for content in cataloger.content:
                self._by_content[content] = (*self._by_content.get(content, ()), cataloger)

    def _add(self, glob: str, cataloger: Cataloger) -> None:
        last = glob.rpartition("/")[2]
        rule = _Rule(compile_glob(glob), cataloger)
        if not _is_glob(glob):
            self.fixed[glob] = None
        if not _is_glob(last):
            self._by_name.setdefault(last, []).append(rule)
        elif last.startswith("*.") and not _is_glob(last[2:]):
            self._by_extension.setdefault(last.rpartition(".")[2], []).append(rule)
        elif "**" not in last and not _is_glob(glob[: -len(last)]):
            self._by_folder.setdefault(glob[: -len(last) - 1], []).append(rule)
        else:
            self._others.append((_literal(glob), rule))

    def by_path(self, path: str) -> tuple[Cataloger, ...]:
        """Return the catalogers that want the file for its name."""
        slash = path.rfind("/")
        name = path[slash + 1 :]
        dot = name.rfind(".")
        named = self._by_name.get(name)
        placed = self._by_folder.get(path[:slash])
        ended = self._by_extension.get(name[dot + 1 :]) if dot >= 0 else None
        others = [rule for literal, rule in self._others if literal in path]
        if named is placed is ended is None and not others:
            return ()  # as for nearly every file
        rules = (*others, *(named or ()), *(placed or ()), *(ended or ()))
        found = [rule.cataloger for rule in rules if rule.holds(path)]
        return tuple({one.name: one for one in found}.values()) if found else ()

    def by_content(self, content: str | None) -> tuple[Cataloger, ...]:
        """Return the catalogers that want every file of that content."""
        return self._by_content.get(content, ()) if content is not None else ()


def _is_glob(text: str) -> bool:
    return "*" in text or "?" in text


def _literal(glob: str) -> str:
    """Return the longest text that every path has which the glob fits."""
    return max(re.split(r"[*?]+", glob.replace("**/", "*")), key=len)


def compile_glob(glob: str) -> Callable[[str], object]:
    """Return a test of whole absolute paths: `*` and `?` within one name, `**/` over any number."""
    glob = glob if glob.startswith(("/", "**/")) else "/" + glob
    if not _is_glob(glob):
        return glob.__eq__
    last = glob.rpartition("/")[2]
    if glob == f"**/{last}" and last.startswith("*") and not _is_glob(last[1:]):
        return _ending(last[1:])
    if glob.startswith("**/") and not _is_glob(glob[3:]):
        return _ending(glob[2:])
    return _Pattern(glob)


def _ending(end: str) -> Callable[[str], object]:
    return lambda path: path.endswith(end)


class _Pattern:
    """A glob that is compiled when it is first asked: most images ask few of them."""

    __slots__ = ("_glob", "_literal", "_match")

    def __init__(self, glob: str) -> None:
        self._glob = glob
        self._literal = _literal(glob)
        self._match: Callable[[str], object] | None = None

    def __call__(self, path: str) -> object:
        if self._literal not in path:  # most are told apart by that
            return False
        if self._match is None:
            text = re.escape(self._glob).replace(r"/\*\*/", "/(?:.*/)?")
            if text.startswith(r"\*\*/"):
                text = "(?:/.*)?/" + text[5:]
            text = text.replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
            self._match = re.compile(text, re.DOTALL).fullmatch
        return self._match(path)
