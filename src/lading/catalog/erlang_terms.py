"""Erlang terms in a text file into plain values.

Format: https://www.erlang.org/doc/apps/kernel/file.html#consult/1 (terms, each ended by a dot) and
https://www.erlang.org/doc/system/data_types.html
"""

import re

from lading.errors import CatalogError

Term = object
"""Atom, str (texts and binaries), int as `str`, list (also for maps), tuple."""

_DEEPEST = 64
_TOKEN = re.compile(
    r"""(?P<blank>\s+|%[^\n]*)
    |<<\s*"(?P<binary>(?:[^"\\]|\\.)*+)"\s*(?:/[\w-]+)?\s*>>|(?P<bytes><<[^<>"]*+>>)
    |"(?P<text>(?:[^"\\]|\\.)*+)"|'(?P<quoted>(?:[^'\\]|\\.)*+)'|(?P<atom>[a-z][\w@]*+)
    |(?P<number>[-+]?[0-9]+(?:\#[0-9A-Za-z]+)?(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?)?|\$\\?.)
    |(?P<open>\{|\[|\#\{)|(?P<close>\}|\])|(?P<joint>,|\||=>)|(?P<end>\.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Atom(str):
    """A name, where a text of the same letters would be another value."""

    __slots__ = ()


def read_terms(path: str, data: bytes) -> list[Term]:
    """Return the terms of a file.

    Raises CatalogError for text that is none, that is cut within a term or nested too deep.
    """
    text = data.decode("utf-8", "replace")
    done: list[Term] = []
    stack: list[tuple[str, list[Term]]] = [("", done)]
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise CatalogError(f"{path}: no Erlang term at character {at}")
        at = found.end()
        kind = str(found.lastgroup)
        word = found[kind]
        if kind == "open":
            if len(stack) > _DEEPEST:
                raise CatalogError(f"{path}: its terms are nested too deep")
            stack.append((word, []))
        elif kind == "close":
            opened, items = stack.pop()
            if not stack or (opened == "[") != (word == "]"):
                raise CatalogError(f"{path}: a bracket at character {at - 1} closes nothing")
            stack[-1][1].append(tuple(items) if opened == "{" else items)
        elif kind == "end" and len(stack) > 1:
            raise CatalogError(f"{path}: a term ends within brackets at character {at - 1}")
        elif kind not in ("blank", "joint", "end"):
            stack[-1][1].append(_value(kind, word))
    if len(stack) > 1:
        raise CatalogError(f"{path}: it is cut within a term")
    return done


def _value(kind: str, word: str) -> str:
    text = _ESCAPED.sub(r"\1", word) if "\\" in word else word
    return Atom(text) if kind in ("atom", "quoted") else text
