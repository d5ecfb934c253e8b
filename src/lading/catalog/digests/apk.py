"""Digests of Alpine packages' files, from apk's database of installed packages.

Format: https://wiki.alpinelinux.org/wiki/Apk_spec (installed database v2): `F:` a folder, `R:` a
file in it, `Z:` its digest in base64 behind `Q1` (SHA-1) or `Q2` (SHA-256); of a link, that of its
target. What lies below /etc is configuration, as apk-protected_paths(5) has it by default.
"""

import base64
import binascii
from collections.abc import Iterator

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import DigestReader, Kept, Recorded, Records
from lading.catalog.owned import Allowance
from lading.errors import CatalogError

_ALGORITHMS = {"Q1": ("sha1", 20), "Q2": ("sha256", 32)}


def read(file: ImageFile) -> Iterator[Kept]:
    """Yield the files of each package; CatalogError, at the end, for digests of no known form."""
    text = bytes(file.data).decode("utf-8", "surrogateescape")
    allowance = Allowance(len(text))
    broken = 0
    for record in text.split("\n\n"):
        head, _, rest = f"\n{record}".partition("\nF:")
        fields = {line[:2]: line[2:].strip() for line in head.split("\n")}
        files: list[Recorded] = []
        for path, digest in _digests(rest.split("\n")):
            if not allowance.take(1, len(path)):
                raise CatalogError("its files make a list of absurd length")
            expected = _expected(digest)
            if expected is None:
                broken += 1
            else:
                files.append(Recorded(path, expected, is_configuration=path.startswith("/etc/")))
        if files and fields.get("P:"):
            yield Records(
                type="apk",
                name=fields["P:"],
                version=fields.get("V:"),
                arch=fields.get("A:"),
                files=tuple(files),
            )
    if broken:
        raise CatalogError(f"{broken} of its digests are of no known form")


def _digests(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield path and digest; the first line is a folder without its letter."""
    folder = f"/{lines[0]}" if lines[0] else ""
    path = ""
    for line in lines[1:]:
        letter, value = line[:2], line[2:]
        if letter == "F:":
            folder, path = f"/{value}" if value else "", ""
        elif letter == "R:":
            path = f"{folder}/{value}"
        elif letter == "Z:" and path:
            yield path, value


def _expected(text: str) -> str | None:
    algorithm, size = _ALGORITHMS.get(text[:2], ("", 0))
    try:
        raw = base64.b64decode(text[2:].strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return f"{algorithm}:{raw.hex()}" if size and len(raw) == size else None


APK_DIGESTS = DigestReader(
    name="apk",
    wants=("/lib/apk/db/installed", "/usr/lib/apk/db/installed"),
    max_size=128 << 20,
    read=read,
)
