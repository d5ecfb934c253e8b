"""Images of a few entries, their inventory taken with catalogers of a few lines."""

import tarfile
from collections.abc import Iterator, Mapping, Sequence

from image.tars import a_tar, an_info, chunked
from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.inventory import Assembly, Inventory
from lading.catalog.reading import Reading
from lading.catalog.selection import Selection
from lading.image.entry import LayerFiles
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.model.package import Evidence, Fact, Ownership, Package, Release

LayerTable = Mapping[str, bytes | tarfile.TarInfo]


def _lines(file: ImageFile) -> Iterator[list[str]]:
    for line in bytes(file.data).decode("utf-8", "surrogateescape").splitlines():
        yield line.split()


def _database(file: ImageFile) -> Iterator[Fact]:
    """`NAME VERSION ARCH [PATH…]` a line: a package of the system, and its files."""
    for name, version, arch, *paths in _lines(file):
        yield Package(type="deb", name=name, version=version, arch=arch, paths=(file.path,))
        yield Ownership(type="deb", name=name, version=version, arch=arch, paths=tuple(paths))


def _module(file: ImageFile) -> Iterator[Fact]:
    """`NAME VERSION [REQUIRED…]`: a Python package; its folder's .py files are its own."""
    for name, version, *requires in _lines(file):
        yield Package(
            type="pypi", name=name, version=version, paths=(file.path,), requires=tuple(requires)
        )
        folder = file.path.rpartition("/")[0]
        yield Ownership(type="pypi", name=name, version=version, paths=(f"{folder}/main.py",))


def _lock(file: ImageFile) -> Iterator[Fact]:
    """`NAME VERSION` a line: a Python package that somebody wants."""
    for name, version in _lines(file):
        yield Package(
            type="pypi", name=name, version=version, paths=(file.path,), evidence=Evidence.DECLARED
        )


def _program(file: ImageFile) -> Iterator[Fact]:
    version = bytes(file.data)[4:].decode() or None
    yield Package(
        type="golang", name="example.com/tool", version=version, paths=(file.path,),
        evidence=Evidence.CONTENT,
    )  # fmt: skip


def _release(file: ImageFile) -> Iterator[Fact]:
    text = bytes(file.data).decode()
    yield Release(id=text, version_id="1" if text else None, path=file.path)


DATABASE = Cataloger(name="database", revision=1, wants=("/var/lib/db",), read=_database)
MODULE = Cataloger(name="module", revision=1, wants=("**/METADATA",), read=_module)
LOCK = Cataloger(name="lock", revision=1, wants=("**/app.lock",), read=_lock)
PROGRAM = Cataloger(name="program", revision=1, content=(Content.ELF,), read=_program)
RELEASE = Cataloger(
    name="release",
    revision=1,
    wants=(
        "/etc/os-release",
        "/usr/lib/os-release",
        "/etc/alpine-release",
        "/etc/redhat-release",
        "/etc/debian_version",
    ),
    read=_release,
)
ALL = (DATABASE, MODULE, LOCK, PROGRAM, RELEASE)


def link(to: str) -> tarfile.TarInfo:
    return an_info("", tarfile.SYMTYPE, to)


def hard(to: str) -> tarfile.TarInfo:
    return an_info("", tarfile.LNKTYPE, to)


def folder() -> tarfile.TarInfo:
    return an_info("", tarfile.DIRTYPE)


def a_layer(table: LayerTable) -> bytes:
    members: list[tuple[str, bytes] | tarfile.TarInfo] = []
    for name, content in table.items():
        if isinstance(content, tarfile.TarInfo):
            content.name = name
            members.append(content)
        else:
            members.append((name, content))
    return a_tar(*members)


def inventory(
    *layers: LayerTable,
    exclude: Sequence[str] = (),
    release: Release | None = None,
    is_layered: bool = True,
    catalogers: Sequence[Cataloger] = ALL,
    keep_deleted: bool = False,
) -> Inventory:
    selection = Selection(catalogers)
    assembly = Assembly(selection, is_layered=is_layered, keep_deleted=keep_deleted)
    for number, table in enumerate(layers):
        reading = Reading(selection, lambda one, file: tuple(one.read(file)), exclude)
        files = LayerFiles()
        chunks = chunked(a_layer(table))
        read_layer(
            iter(chunks()),
            reading,
            what=f"layer {number}",
            limits=Limits(),
            files=files,
            again=lambda chunks=chunks: (chunk for chunk in chunks()),  # type: ignore[misc]  # bound here
        )
        assembly.add(files, reading.found)
    return assembly.finish(release)


def found(inventory: Inventory) -> dict[str, int | None]:
    """`name version` → layer."""
    return {f"{one.name} {one.version}": one.layer for one in inventory.packages}
