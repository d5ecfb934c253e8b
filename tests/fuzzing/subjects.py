"""Everything that reads foreign bytes, behind one call: bytes in, broken promises out."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fuzzing.corpus import Input
from fuzzing.samples import BOLTS, LAYERS, MANIFESTS, PACKAGES, TARS, VERSIONS, ZIPS
from image.tars import Collector, chunked, paths
from lading.advisories.format import Format
from lading.advisories.sources import FORMATS
from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS
from lading.catalog.archive import Archive
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.printable import printable
from lading.errors import CatalogError, InvalidVersion, LadingError
from lading.image import manifest
from lading.image.entry import LayerFiles
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.package_archive import read_inside
from lading.image.package_format import PEEKED, format_of
from lading.image.source import BlobLayer
from lading.image.tree import Tree
from lading.model.image import Layer
from lading.model.package import Fact, Ownership, Package
from lading.sources.bolt import Bucket
from lading.sources.bolt import read as read_bolt
from lading.versions import SCHEMES

if TYPE_CHECKING:
    from typing_extensions import Buffer

Run = Callable[[Input], Iterator[str]]
"""Yields what is wrong with what was read. Raises LadingError as the reader may; nothing else."""

_LIMITS = Limits(layer_bytes=64 << 20, ratio_from=1 << 20)


class Subject(NamedTuple):
    """A reader, and inputs that it understands beside those that tests hand it."""

    name: str
    run: Run
    seeds: tuple[Input, ...] = ()


def _cataloger(cataloger: Cataloger) -> Subject:
    def run(input: Input) -> Iterator[str]:
        file = ImageFile(path=input.path, data=memoryview(input.data), mode=0o755)
        for fact in map(printable, cataloger.read(file)):
            yield from _wrong(fact, input.path)

    return Subject(f"catalog.{cataloger.name}", run)


_MAPS = frozenset((".pnp.cjs", ".pnp.data.json"))  # Yarn's: they say where packages are


def _wrong(fact: Fact, path: str) -> Iterator[str]:
    """Yield the promises that a fact breaks."""
    match fact:
        case Package():
            if not fact.name or not fact.type:
                yield "a package without name or type"
            is_placed = path.rpartition("/")[2] in _MAPS
            if not fact.paths or not all(one.startswith(path) or is_placed for one in fact.paths):
                yield "a package whose paths do not begin with the file's"
            texts = (fact.name, fact.version, fact.arch, fact.vendor, fact.module, fact.proof)
            source = (fact.source.name, fact.source.version) if fact.source else ()
            yield from _unfit((*texts, *source), "a package")
            yield from _unencodable((*fact.requires, *fact.provides, *fact.licenses), "a package")
            if fact.version == "":
                yield "a version that is empty instead of None"
        case Ownership():
            yield from _unfit((fact.name, fact.version, fact.arch), "an ownership")
        case _:
            yield from _unfit((fact.id, fact.version_id, fact.pretty_name), "a release")


def _unfit(texts: tuple[str | None, ...], what: str) -> Iterator[str]:
    yield from _unencodable(tuple(text for text in texts if text is not None), what)
    for text in texts:
        if text is not None and any(mark < " " or mark == "\x7f" for mark in text):
            yield f"{what} with a control character"


def _unencodable(texts: tuple[str, ...], what: str) -> Iterator[str]:
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            yield f"{what} with text that cannot be written as UTF-8"


def _format(format: Format) -> Subject:
    def run(input: Input) -> Iterator[str]:
        parsed = format.parse(input.data, input.path or None, None)
        for advisory in parsed.advisories:
            if not advisory.id:
                yield "an advisory without an id"
            texts = (advisory.id, *advisory.aliases, *(one.name for one in advisory.affected))
            yield from _unencodable(texts, "an advisory")

    return Subject(f"advisories.{format.name}", run)


_CIRCULAR = frozenset(("maven",))  # Maven itself holds that 1 < 1.>. < 1SNAPSHOT < 1


def _scheme(name: str) -> Subject:
    def run(input: Input) -> Iterator[str]:
        key = SCHEMES[name]
        lines = input.data[:2000].decode("utf-8", "replace")
        keys = []
        for text in lines.split("\n")[:20]:
            try:
                keys.append(key(text))
            except InvalidVersion:
                continue
        backwards = keys[::-1]
        if name not in _CIRCULAR and sorted(keys) != sorted(backwards):
            yield "an order that depends on where one begins"

    text = "\n".join(VERSIONS).encode()
    return Subject(f"versions.{name}", run, (Input("", text),))


def _walk_tar(input: Input) -> Iterator[str]:
    files = LayerFiles()
    opened = chunked(input.data)
    with suppress(LadingError):  # what came before is merged all the same
        read_layer(
            iter(opened()),
            Collector("*"),
            what="layer 0",
            limits=_LIMITS,
            files=files,
            again=lambda: (chunk for chunk in opened()),
        )
    yield from _merged(files)


def _merged(files: LayerFiles) -> Iterator[str]:
    for path in paths(files):
        if path and (not path.startswith("/") or ".." in path.split("/") or "\0" in path):
            yield "a path that is not clean"
    tree = Tree()
    tree.apply(files)
    tree.apply(files)
    for path in paths(files):
        tree.real_path(path)
    if sum(1 for _ in tree.names()) > tree.count():
        yield "more names than there are"


class _Raw(io.RawIOBase):
    """Bytes as the file of a blob."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        return self._file.readinto(buffer)


def _unpack(input: Input) -> Iterator[str]:
    layer = Layer(index=0, digest=None, diff_id="", size=len(input.data), created_by=None)
    stored = BlobLayer(layer, lambda: _Raw(input.data), _LIMITS)
    yield from _merged(stored.read(Collector("*")))


def _read_package(input: Input) -> Iterator[str]:
    """Open the bytes as a package file of that name, and walk what is inside."""
    data = memoryview(input.data)
    name = input.path.removeprefix("/")
    format = format_of(name, data[:PEEKED])
    if format is not None:
        files = LayerFiles()
        with suppress(LadingError):
            read_inside(format, data, Collector("*"), name, _LIMITS, files)
        yield from _merged(files)


def _read_zip(input: Input) -> Iterator[str]:
    archive = Archive(input.path, input.data)
    for entry in archive.entries():
        try:
            archive.read(entry)
        except CatalogError:
            continue
    yield from ()


def _read_bolt(input: Input) -> Iterator[str]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(input.data)
        file.flush()
        read_bolt(Path(file.name), _all_of)
    yield from ()


def _all_of(bucket: Bucket, depth: int = 0) -> int:
    """Count what is in the bucket; a damaged one may hold itself."""
    found = 0
    for _, value in islice(bucket.items(), 20):
        found += 1 if isinstance(value, bytes) or depth > 2 else _all_of(value, depth + 1)
    return found


def _read_manifest(input: Input) -> Iterator[str]:
    found = manifest.document(input.data, "manifest")
    for member in ("manifests", "layers"):
        try:
            for one in manifest.descriptors(found, member, "manifest"):
                _ = one.is_foreign, one.is_manifest, one.is_image, one.name, one.is_called("1")
        except LadingError:
            continue
    manifest.config(input.data, "config")
    yield from ()


SUBJECTS: dict[str, Subject] = {
    one.name: one
    for one in (
        *map(_cataloger, (*CATALOGERS, *ARCHIVE_CATALOGERS)),
        *map(_format, FORMATS),
        *map(_scheme, SCHEMES),
        Subject("image.tar", _walk_tar, TARS),
        Subject("image.blob", _unpack, LAYERS),
        Subject("image.manifest", _read_manifest, MANIFESTS),
        Subject("image.package", _read_package, PACKAGES),
        Subject("catalog.archive", _read_zip, ZIPS),
        Subject("sources.bolt", _read_bolt, BOLTS),
    )
}
"""By name; each reader of the lists is here by itself."""
