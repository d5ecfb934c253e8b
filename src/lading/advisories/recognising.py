"""A file to its format and its content: by what is in it, and not by what it is called.

Files are read as they are or unpacked (.gz, .bz2, .xz), within bounds.
"""

import bz2
import gzip
import lzma
import zlib
from pathlib import Path
from typing import Any

import msgspec

from lading.advisories.format import HEAD, Format
from lading.advisories.markup import root_of
from lading.advisories.sources import FORMATS
from lading.errors import InvalidRecord

_OPENERS: dict[str, Any] = {".bz2": bz2.open, ".gz": gzip.open, ".xz": lzma.open}
_UNREAD = {
    "statements": "VEX documents are not read",
    "dataType": "CVE records are not read yet",
    "cveMetadata": "CVE records are not read yet",
}


def recognised(file: Path) -> tuple[Format, bytes] | str:
    """Return the format of a document and its content, or why it is none that is read.

    InvalidRecord when it is damaged.
    """
    head = _unpacked(file, HEAD)
    for format in FORMATS:
        if format.claims(head):
            return format, document(file)
    if ".json" in {suffix.lower() for suffix in file.suffixes[-2:]}:
        return recognised_json(document(file))
    root = root_of(head)
    if root == "repomd":
        return "the index of a repository: import the updateinfo that it names"
    if root == "oval_definitions" or "oval" in file.name.lower():
        return "OVAL definitions of no vendor that is read"
    return "no format that is read"


def recognised_json(data: bytes) -> tuple[Format, bytes] | str:
    """Return the format of a JSON document, or why it is none; InvalidRecord for no JSON."""
    try:
        members = frozenset(msgspec.json.decode(data, type=dict[str, msgspec.Raw]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if data.lstrip()[:1] == b"[":
            return "JSON of no format that is read"
        raise InvalidRecord(f"no JSON object: {error}") from error
    for format in FORMATS:
        if format.recognises(members):
            return format, data
    reasons = (reason for member, reason in _UNREAD.items() if member in members)
    return next(reasons, "JSON of no format that is read")


def document(file: Path, largest: int = 1 << 30) -> bytes:
    """Return a file's content, unpacked; InvalidRecord when it is damaged or larger (bytes)."""
    data = _unpacked(file, largest + 1)
    if len(data) > largest:
        raise InvalidRecord(f"more than {largest} bytes")
    return data


def _unpacked(file: Path, most: int) -> bytes:
    """Return so many bytes of the file's content; InvalidRecord when it is damaged."""
    opener = _OPENERS.get(file.suffix.lower(), open)
    try:
        with opener(file, "rb") as stream:
            data: bytes = stream.read(most)
            return data
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise InvalidRecord(f"cannot be read: {error}") from error
