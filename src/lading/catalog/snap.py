"""Snaps, and the Debian packages that were staged into them.

Formats: https://snapcraft.io/docs/snap-format (meta/snap.yaml),
https://snapcraft.io/docs/build-snaps-manifest (snap/manifest.yaml: `primed-stage-packages` and the
`stage-packages` of parts, as NAME=VERSION), and /usr/share/snappy/dpkg.yaml of base snaps
(`packages`, as NAME=VERSION). Only top-level scalars and such list items are read, line by line.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.model.package import Evidence, Fact, Package

_LONGEST = 4096  # characters of a line; names and versions are far shorter
_SCALAR = re.compile(r"(name|version):[ \t]+(.*?)[ \t]*(?:[ \t]#.*)?")
_KEY = re.compile(r"[ \t]*(?:-[ \t]+)?([\w-]+):[ \t]*")
_ITEM = re.compile(
    r"[ \t]*-[ \t]+['\"]?([a-z0-9][a-z0-9+.-]+)(?::([a-z0-9]+))?=([^'\"\s=]+)['\"]?[ \t]*"
)
_LISTS = frozenset(("packages", "primed-stage-packages", "stage-packages"))


def read_snap(file: ImageFile) -> Iterator[Fact]:
    """Yield the snap, and each Debian package in the lists of its manifest.

    Raises CatalogError, after the packages were yielded, for a snap without name or version; a
    version taken over from a part (`adopt-info`) is not known.
    """
    text = bytes(file.data).decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if len(line) <= _LONGEST]
    is_base = file.path.endswith("/dpkg.yaml")
    if not file.path.endswith("/meta/snap.yaml"):
        yield from _staged(file.path, lines, Evidence.INSTALLED if is_base else Evidence.BUNDLED)
    if is_base:
        if not lines:
            raise CatalogError(f"{file.path}: it is empty")
        return
    stated = {found[1]: _unquoted(found[2]) for line in lines if (found := _SCALAR.fullmatch(line))}
    name = word(stated.get("name"))
    if name is None:
        raise refuse(file.path, "name", stated.get("name"))
    yield Package(
        type="generic", name=name, version=word(stated.get("version")), paths=(file.path,)
    )


def _staged(path: str, lines: list[str], evidence: Evidence) -> Iterator[Package]:
    is_listed = False
    seen: set[tuple[str, str | None, str]] = set()
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None:
            if key := _KEY.fullmatch(line):
                is_listed = key[1] in _LISTS
            continue
        row = (item[1], item[2], item[3])
        if not is_listed or row in seen or word(row[0]) is None or word(row[2]) is None:
            continue
        seen.add(row)
        name, arch, version = row
        yield Package(
            type="deb", name=name, version=version, paths=(path,), arch=arch, evidence=evidence
        )


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


SNAP = Cataloger(
    name="snap",
    revision=1,
    wants=("**/usr/share/snappy/dpkg.yaml", "**/meta/snap.yaml", "**/snap/manifest.yaml"),
    max_size=16 << 20,
    read=read_snap,
)
