"""Arch Linux packages, from pacman's local database: a `desc` and a `files` for each.

Format: https://man.archlinux.org/man/alpm-db-desc.5.en and alpm-db-files.5.en: blocks of `%KEY%`,
one value a line, ended by a blank line.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage

_BOUNDS = "<>=:"


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield the package of a `desc`, or the files that a `files` lists.

    Raises CatalogError for a `desc` without name or version, and for a list in a folder that names
    no package.
    """
    folder, _, name = file.path.rpartition("/")
    blocks = _blocks(bytes(file.data).decode("utf-8", "backslashreplace"))
    if name == "files":
        allowance = Allowance(len(file.data))
        yield _owned(file.path, folder.rpartition("/")[2], blocks, allowance)
    else:
        yield _package(file.path, blocks)


def _blocks(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in text.split("\n\n"):
        head, *values = block.strip("\n").split("\n")
        if head.startswith("%") and head.endswith("%"):
            found.setdefault(head[1:-1], []).extend(value for value in values if value)
    return found


def _package(path: str, blocks: dict[str, list[str]]) -> Package:
    name, version = word(_first(blocks, "NAME")), word(_first(blocks, "VERSION"))
    if name is None:
        raise refuse(path, "name", _first(blocks, "NAME"))
    if version is None:
        raise refuse(path, "version", _first(blocks, "VERSION"))
    return Package(
        type="alpm",
        name=name,
        version=version,
        paths=(path,),
        arch=word(_first(blocks, "ARCH")),
        source=SourcePackage(name=word(_first(blocks, "BASE")) or name, version=version),
        licenses=words(blocks.get("LICENSE")),
        requires=_names(blocks.get("DEPENDS", [])),
        provides=_names(blocks.get("PROVIDES", [])),
        vendor=word(_first(blocks, "PACKAGER")),
        repository=word(_first(blocks, "INSTALLED_DB")),  # which CachyOS's pacman writes
    )


def _first(blocks: dict[str, list[str]], key: str) -> str | None:
    values = blocks.get(key)
    return values[0] if values else None


def _names(texts: list[str]) -> tuple[str, ...]:
    return words([_name(text) for text in texts])


def _name(text: str) -> str:
    """Return a dependency without its version bound or its description."""
    for position, character in enumerate(text):
        if character in _BOUNDS:
            return text[:position]
    return text


def _owned(path: str, folder: str, blocks: dict[str, list[str]], allowance: Allowance) -> Ownership:
    """Read the list; the folder is NAME-VERSION-RELEASE."""
    name, *rest = folder.rsplit("-", 2)
    if len(rest) != 2 or word(name) is None:
        raise CatalogError(f"{path}: its folder names no package and version")
    paths = tuple(f"/{one}" for one in blocks.get("FILES", ()) if not one.endswith("/"))
    if not allowance.take(len(paths), sum(map(len, paths))):
        raise CatalogError(f"{path}: its files make a list of absurd length")
    return Ownership(type="alpm", name=name, version="-".join(rest), paths=paths)


PACMAN = Cataloger(
    name="pacman",
    revision=2,
    wants=("/var/lib/pacman/local/*/desc", "/var/lib/pacman/local/*/files"),
    max_size=32 << 20,
    read=read,
)
