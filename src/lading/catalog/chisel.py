"""Debian packages of which Chisel cut slices, from its manifest, and the files of each slice.

Format: https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/ (zstd-packed JSON, one
object a line, the first a header). Slices are named PACKAGE_SLICE.
"""

from collections.abc import Iterator
from typing import Any

import zstandard

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.owned import Allowance
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package

_MAX_BYTES = 64 << 20  # of JSON; every file of a whole Ubuntu takes less


def read_chisel(file: ImageFile) -> Iterator[Fact]:
    """Yield each package and the files of its slices.

    Raises CatalogError for what is no manifest, and, after the others were yielded, for lines that
    cannot be understood.
    """
    lines = _unpacked(file.path, bytes(file.data)).split(b"\n")
    if "jsonwall" not in read_object(file.path, lines[0]):
        raise CatalogError(f"{file.path}: it is no jsonwall")
    owned: dict[str, list[str]] = {}
    packages: list[Package] = []
    complaints: list[str] = []
    allowance = Allowance(len(file.data))
    for line in filter(None, lines[1:]):
        try:
            row = read_object(file.path, line)
            if row.get("kind") == "package":
                packages.append(_package(file.path, row))
            elif row.get("kind") == "content":
                _own(file.path, row, owned, allowance)
        except CatalogError as error:
            complaints.append(str(error))
    for package in packages:
        yield package
        if paths := owned.get(package.name):
            yield _ownership(package, paths)
    if complaints:
        raise CatalogError(f"{complaints[0]}; {len(complaints)} of its lines in all are unfit")


def _unpacked(path: str, data: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data) as reader:
            found = reader.read(_MAX_BYTES + 1)
    except zstandard.ZstdError as error:
        raise CatalogError(f"{path}: it cannot be unpacked: {error}") from error
    if len(found) > _MAX_BYTES:
        raise CatalogError(f"{path}: it is larger than {_MAX_BYTES} bytes when unpacked")
    return found


def _package(path: str, row: dict[str, Any]) -> Package:
    name, version = word(row.get("name")), word(row.get("version"))
    if name is None:
        raise refuse(path, "name", row.get("name"))
    if version is None:
        raise refuse(path, "version", row.get("version"))
    return Package(
        type="deb", name=name, version=version, paths=(path,), arch=word(row.get("arch"))
    )


def _own(path: str, row: dict[str, Any], owned: dict[str, list[str]], allowance: Allowance) -> None:
    slice, where = word(row.get("slice")), row.get("path")
    if slice is None or not isinstance(where, str) or not where.startswith("/"):
        raise CatalogError(f"{path}: a file without a slice or a path")
    if not allowance.take(1, len(where)):
        raise CatalogError(f"{path}: its files make a list of absurd length")
    if not where.endswith("/"):
        owned.setdefault(slice.rpartition("_")[0], []).append(where)


def _ownership(package: Package, paths: list[str]) -> Ownership:
    return Ownership(
        type="deb",
        name=package.name,
        version=package.version,
        arch=package.arch,
        paths=tuple(dict.fromkeys(paths)),
    )


CHISEL = Cataloger(
    name="chisel",
    revision=1,
    wants=("**/manifest.wall",),
    max_size=16 << 20,
    read=read_chisel,
)
