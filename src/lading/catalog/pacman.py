"""Arch Linux packages, from pacman's local database: a `desc` and a `files` for each.

Format: https://gitlab.archlinux.org/pacman/pacman/-/blob/master/lib/libalpm/be_local.c (blocks of
`%KEY%`, one value a line, ended by a blank line).
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage

_BOUNDS = "<>=:"


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield the package of a `desc`, or the files that a `files` lists."""
    folder, _, name = file.path.rpartition("/")
    blocks = _blocks(bytes(file.data).decode("utf-8", "surrogateescape"))
    if name == "files":
        yield _owned(folder.rpartition("/")[2], blocks)
        return
    if not blocks.get("NAME") or not blocks.get("VERSION"):
        raise CatalogError("a record without %NAME% or %VERSION%")
    package, version = blocks["NAME"][0], blocks["VERSION"][0]
    yield Package(
        type="alpm",
        name=package,
        version=version,
        paths=(file.path,),
        arch=blocks.get("ARCH", [None])[0],
        source=SourcePackage(name=blocks.get("BASE", [package])[0], version=version),
        licenses=tuple(blocks.get("LICENSE", ())),
        requires=tuple(_name(text) for text in blocks.get("DEPENDS", ())),
        provides=tuple(_name(text) for text in blocks.get("PROVIDES", ())),
        vendor=blocks.get("PACKAGER", [None])[0],
    )


def _blocks(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in text.split("\n\n"):
        head, *values = block.strip("\n").split("\n")
        if head.startswith("%") and head.endswith("%"):
            found[head[1:-1]] = [value for value in values if value]
    return found


def _name(text: str) -> str:
    """Return a dependency without its version bound or its description."""
    for position, character in enumerate(text):
        if character in _BOUNDS:
            return text[:position]
    return text


def _owned(folder: str, blocks: dict[str, list[str]]) -> Ownership:
    """Read the list; the folder is NAME-VERSION-RELEASE."""
    name, version, release = (["", "", *folder.rsplit("-", 2)])[-3:]
    paths = tuple(f"/{path}" for path in blocks.get("FILES", ()) if not path.endswith("/"))
    return Ownership(type="alpm", name=name, version=f"{version}-{release}", paths=paths)


PACMAN = Cataloger(
    name="pacman",
    revision=1,
    wants=("/var/lib/pacman/local/*/desc", "/var/lib/pacman/local/*/files"),
    read=read,
)
