"""What an executable file says of itself: package notes of ELF, version resources of PE.

Formats: https://systemd.io/ELF_PACKAGE_METADATA/ and
https://learn.microsoft.com/en-us/windows/win32/menurc/vs-versioninfo
"""

import json
import re
from struct import unpack_from
from typing import NamedTuple

from lading.catalog.executable import Program
from lading.catalog.wording import word

_NOTE = 0xCAFE1A7E
_MOST = 64 << 10  # bytes of a note
_FIELD = "([^\0]{1,256})\0"


class Label(NamedTuple):
    """Name and version, and the text that says so."""

    name: str
    version: str
    proof: str


class Unreadable(NamedTuple):
    """There is a label, and this is wrong with it."""

    reason: str


def package_note(program: Program) -> Label | Unreadable | None:
    """Return the package that an ELF file says it was built for; None when it says nothing."""
    span = program.section(".note.package")
    if span is None:
        return None
    data = bytes(program.content(span)[:_MOST])
    order = ">" if bytes(program.data[5:6]) == b"\x02" else "<"
    if len(data) < 16:
        return Unreadable("is cut off")
    owner, size, kind = unpack_from(order + "III", data)
    start = 12 + (owner + 3 & ~3)
    if kind != _NOTE or data[12 : 12 + owner].rstrip(b"\0") != b"FDO":
        return None
    text = data[start : start + size].rstrip(b"\0")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return Unreadable("is no JSON")
    fields = said if isinstance(said, dict) else {}
    name, version = word(fields.get("name")), word(fields.get("version"))
    if name is None or version is None:
        return Unreadable("has no fit name or version")
    return Label(name, version, text.decode("utf-8", "replace"))


def version_resource(program: Program) -> Label | None:
    """Return product and file version of a PE file; None when it does not name both."""
    span = program.section(".rsrc")
    if span is None:
        return None
    data = bytes(program.content(span))
    start = data.find("VS_VERSION_INFO".encode("utf-16-le"))
    if start < 0:
        return None
    text = data[start : start + _MOST].decode("utf-16-le", "replace")
    name, version = _field(text, "ProductName"), _field(text, "FileVersion")
    if name is None or version is None:
        return None
    return Label(name, version, f"ProductName {name}, FileVersion {version}")


def _field(text: str, key: str) -> str | None:
    """Return the value behind a key: text, its end, and up to one unit to a multiple of 32 bits."""
    found = re.search(f"\x01{key}\0\0?{_FIELD}", text)
    return word(found[1]) if found else None
