"""An image of Java modules, as jlink makes it, into the libraries among them.

Format: https://github.com/openjdk/jdk/blob/master/src/java.base/share/native/libjimage/imageFile.hpp:
a header, a table of locations, texts, then contents. Java's own modules belong to the runtime,
which `lading.catalog.jdk` reads from the file `release`. A library has no more than its module's
name, and the version that its compiler was told
(https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.7.25); its classes may say
more.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from struct import Struct, error, unpack_from
from typing import NamedTuple

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.jar_index import Class, is_class, recognise
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.image.entry import Glance
from lading.model.package import Certainty, Evidence, Fact, Package

_MAGIC = 0xCAFEDADA
_FOLDERS = ("", "modules", "packages")
_OWN = ("java.", "jdk.", "oracle.", "javafx.")
_MOST_ENTRIES = 1 << 20
_MOST_BYTES = 256 << 20  # of classes looked at
_LONGEST = 1024  # bytes of a text
_MODULE, _PARENT, _BASE, _EXTENSION, _OFFSET, _PACKED, _SIZE = range(1, 8)


class _Resource(NamedTuple):
    module: str
    name: str  # within the module
    offset: int  # in the file
    packed: int  # bytes, or 0 where it is not packed
    size: int


def read_jlink(file: ImageFile) -> Iterator[Fact]:
    """Yield the modules of others than Java, and the libraries recognised in them.

    Files that are no image of modules yield nothing. Raises CatalogError for a damaged one, and at
    the end for modules whose classes are packed.
    """
    data = memoryview(file.data)
    order = _order(data)
    if order is None:
        return
    packed: set[str] = set()
    modules: dict[str, list[_Resource]] = defaultdict(list)
    try:
        for one in _resources(data, order):
            modules[one.module].append(one)
            if one.packed:
                packed.add(one.module)
    except (error, IndexError) as reason:
        raise CatalogError(f"{file.path}: its table of modules is damaged") from reason
    budget = _MOST_BYTES
    for module, resources in sorted(modules.items()):
        budget -= sum(one.size for one in resources)
        if budget < 0:
            raise CatalogError(f"{file.path}: its modules are too large to be looked at")
        yield from _packages(file.path, data, module, resources)
    if packed:
        raise CatalogError(f"{file.path}: classes of {len(packed)} modules are packed, so not read")


def has_others(start: bytes) -> bool:
    """Return whether an image of modules may hold any but Java's own, by its tables."""
    data = memoryview(start)
    order = _order(data)
    if order is None:
        return False
    try:
        return any(True for _ in _resources(data, order))
    except (error, IndexError):
        return True  # damaged, or the tables go on


def _packages(
    path: str, data: memoryview, module: str, resources: list[_Resource]
) -> Iterator[Package]:
    plain = {
        one.name: data[one.offset : one.offset + one.size] for one in resources if not one.packed
    }
    classes = [Class(name, zlib.crc32(body)) for name, body in plain.items() if is_class(name)]
    recognised = recognise(classes)
    for one in recognised:
        certainty = Certainty.EXACT if one.is_sure else Certainty.INFERRED
        yield _package(path, one.name, one.version, certainty)
    if not any(one.is_all for one in recognised) and (name := word(module)):
        version = module_version(bytes(plain.get("module-info.class", b"")))
        yield _package(path, name, word(version), Certainty.INFERRED)


def _package(path: str, name: str, version: str | None, certainty: Certainty) -> Package:
    return Package(
        type="maven",
        name=name,
        version=version,
        paths=(path,),
        evidence=Evidence.BUNDLED,
        certainty=certainty,
    )


def _order(data: memoryview) -> str | None:
    head = bytes(data[:4])
    for mark, name in (("<", "little"), (">", "big")):
        if head == _MAGIC.to_bytes(4, "little" if name == "little" else "big"):
            return mark
    return None


def _resources(data: memoryview, order: str) -> Iterator[_Resource]:
    _, _, _, _, length, locations_size, texts_size = unpack_from(f"{order}7I", data)
    offsets_at = 28 + 4 * length
    locations = offsets_at + 4 * length
    texts = locations + locations_size
    contents = texts + texts_size
    if length > _MOST_ENTRIES or contents > len(data):
        raise IndexError
    rows = bytes(data[locations:texts])
    names = _Texts(bytes(data[texts:contents]))
    for (offset,) in Struct(f"{order}I").iter_unpack(data[offsets_at:locations]):
        # The module comes first, and most are Java's.
        length = (rows[offset] & 7) + 1
        first = int.from_bytes(rows[offset + 1 : offset + 1 + length], "big")
        if rows[offset] >> 3 != _MODULE or names.are_own[first]:
            continue
        values = _attributes(rows, offset)
        module, folder, base, extension = (
            names[values[kind]] for kind in (_MODULE, _PARENT, _BASE, _EXTENSION)
        )
        name = f"{folder}/" * bool(folder) + base + f".{extension}" * bool(extension)
        yield _Resource(module, name, contents + values[_OFFSET], values[_PACKED], values[_SIZE])


class _Texts(dict[int, str]):
    """The texts of an image by where they start, each cut out once."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.are_own = _Own(self)
        self._data = data

    def __missing__(self, start: int) -> str:
        found = self._data[start : start + _LONGEST].partition(b"\0")[0]
        self[start] = text = found.decode("utf-8", "replace")
        return text


class _Own(dict[int, bool]):
    """Whether the module called by a text is Java's, or one of the image's own folders."""

    def __init__(self, names: _Texts) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, start: int) -> bool:
        name = self._names[start]
        self[start] = found = name in _FOLDERS or name.startswith(_OWN)
        return found


def _attributes(rows: bytes, position: int) -> list[int]:
    """Return the numbers of a location by their kind: each after a byte of kind and length."""
    values = [0] * 8
    while rows[position] >> 3:
        kind, length = rows[position] >> 3, (rows[position] & 7) + 1
        values[kind] = int.from_bytes(rows[position + 1 : position + 1 + length], "big")
        position += 1 + length
    return values


_CONSTANTS = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4,
              18: 4, 19: 2, 20: 2}  # fmt: skip
"""Bytes of each kind of constant, but for text, which is 1."""


def module_version(data: bytes) -> str | None:
    """Return the version that a module-info.class states; None when it states none."""
    try:
        return _stated(data)
    except (error, IndexError, KeyError):
        return None


def _stated(data: bytes) -> str | None:
    count = unpack_from(">H", data, 8)[0]
    position, index = 10, 1
    texts: dict[int, str] = {}
    while index < count:
        tag = data[position]
        if tag == 1:
            length = unpack_from(">H", data, position + 1)[0]
            body = data[position + 3 : position + 3 + length]
            texts[index] = body.decode("utf-8", "replace")
            position += 3 + length
        else:
            position += 1 + _CONSTANTS[tag]
        index += 2 if tag in (5, 6) else 1  # long numbers take two places
    # Flags, this class, its parent; a module has no interfaces, fields or methods.
    attributes = unpack_from(">H", data, position + 12)[0]
    position += 14
    for _ in range(attributes):
        name, length = unpack_from(">HI", data, position)
        if texts.get(name) == "Module":
            return texts.get(unpack_from(">H", data, position + 10)[0])
        position += 6 + length
    return None


JLINK = Cataloger(
    name="jlink",
    revision=1,
    wants=("**/lib/modules",),
    max_size=256 << 20,
    glance=Glance(8 << 20, has_others),
    read=read_jlink,
)
