"""Gentoo packages, from the folder that Portage keeps for each: its name, and the files it owns.

Format: https://dev.gentoo.org/~zmedico/portage/doc/man/portage.5.html (CATEGORY/NAME-VERSION,
with CONTENTS: `obj PATH MD5 TIME`, `sym PATH -> TARGET TIME`, `dir PATH`;
`repository`: the name of the one that its ebuild is from). Names and versions:
https://projects.gentoo.org/pms/8/pms.html#names-and-versions
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package

_VERSION = re.compile(
    r"-([0-9]+(?:\.[0-9]+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)[0-9]*)*(?:-r[0-9]+)?)\Z"
)
_OBJECT = re.compile(r"obj (/.*) [0-9a-f]{32} -?[0-9]+")
_LINK = re.compile(r"sym (/.*)")
_OTHERS = ("dir ", "fif ", "dev ")


def read_portage(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that the folder names and the files that CONTENTS lists.

    Raises CatalogError for a folder that names no version, and, after the rest was yielded, for
    lines that cannot be understood.
    """
    name, version = name_and_version(file.path)
    if file.path.endswith("/repository"):
        origin = word(bytes(file.data[:4096]).decode("utf-8", "replace"))
        if origin is None:
            raise refuse(file.path, "repository", None)
        yield Ownership(type="ebuild", name=name, version=version, paths=(), repository=origin)
        return
    yield Package(type="ebuild", name=name, version=version, paths=(file.path,))
    paths: list[str] = []
    broken = 0
    allowance = Allowance(len(file.data))
    for line in bytes(file.data).decode("utf-8", "backslashreplace").split("\n"):
        if entry := _OBJECT.fullmatch(line) or _LINK.fullmatch(line.partition(" -> ")[0]):
            if not allowance.take(1, len(entry[1])):
                raise CatalogError(f"{file.path}: its files make a list of absurd length")
            paths.append(entry[1])
        else:
            broken += bool(line) and not line.startswith(_OTHERS)
    if paths:
        yield Ownership(type="ebuild", name=name, version=version, paths=tuple(paths))
    if broken:
        raise CatalogError(f"{file.path}: {broken} of its lines cannot be understood")


def name_and_version(path: str) -> tuple[str, str]:
    """Return CATEGORY/NAME and the version that the folder of a file states, or CatalogError."""
    category, folder, _ = path.rsplit("/", 3)[1:]
    found = _VERSION.search(folder)
    name = word(f"{category}/{folder[: found.start()]}") if found and found.start() else None
    if found is None or name is None:
        raise CatalogError(f"{path}: its folder names no package and version")
    return name, found[1]


PORTAGE = Cataloger(
    name="portage",
    revision=2,
    wants=("/var/db/pkg/*/*/CONTENTS", "/var/db/pkg/*/*/repository"),
    max_size=32 << 20,
    read=read_portage,
)
