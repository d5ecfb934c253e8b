"""Java properties into a dictionary.

Format: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html
(method load): ISO 8859-1 with escapes, `=`, `:` or a blank after the key, lines joined by a final
backslash.
"""

import re

_JOINED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:\r\n|\n|\r)[ \t\f]*")
_LINE = re.compile(r"[ \t\f]*((?:\\.|[^\\=: \t\f])+)[ \t\f]*[=:]?[ \t\f]*(.*)")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def read_properties(data: bytes) -> dict[str, str]:
    """Return values by key; of a key that stands twice, the last. Lines without a key are none."""
    text = _JOINED.sub(r"\1", data.removeprefix(b"\xef\xbb\xbf").decode("latin-1"))
    found: dict[str, str] = {}
    for line in re.split(r"\r\n|\n|\r", text):
        if line.lstrip(" \t\f")[:1] in ("#", "!"):
            continue
        if row := _LINE.fullmatch(line):
            found[_unescaped(row[1])] = _unescaped(row[2]).rstrip()
    return found


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    escape = found[1]
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _SHORT.get(escape, escape)
