"""A block of `Name: value` lines into pairs, as Python metadata and Java manifests write them.

Forms: https://packaging.python.org/en/latest/specifications/core-metadata/ and
https://docs.oracle.com/en/java/javase/17/docs/specs/jar/jar.html#jar-manifest
Both end at the first blank line and go on in lines that start with a blank; they differ in what a
break stands for.
"""

import re

LONGEST = 1 << 20  # bytes of a block; descriptions come after it
_END = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n")
_BREAK = re.compile(r"\r\n|\n|\r")

Fields = dict[str, tuple[str, ...]]
"""Values by name in lower case; a name may stand several times."""


def read_fields(data: bytes, *, joint: str = "\n") -> Fields:
    """Return the fields of the first block; bytes that are no UTF-8 become U+FFFD.

    `joint` is put where a value goes on in the next line. Lines that are no field are passed over,
    as the tools that install packages do.
    """
    block = data[:LONGEST].lstrip(b"\r\n")
    end = _END.search(block)
    text = block[: end.start() if end else len(block)].decode("utf-8-sig", "replace")
    found: dict[str, list[list[str]]] = {}
    parts: list[str] = []
    for line in _BREAK.split(text):
        if line[:1] in (" ", "\t"):
            parts.append(line[1:])
            continue
        name, colon, value = line.partition(":")
        parts = [value.strip()]
        if colon:
            found.setdefault(name.strip().lower(), []).append(parts)
    return {
        name: tuple(joint.join(lines).strip() for lines in values) for name, values in found.items()
    }


def first(fields: Fields, name: str) -> str | None:
    """Return the first value of a name given in lower case; None when there is none."""
    values = fields.get(name)
    return values[0] if values else None
