"""Java libraries compiled into a program, from the SBOM that GraalVM's native-image puts into it.

Format: https://www.graalvm.org/latest/security-guide/native-image/sbom/: CycloneDX, packed by gzip,
at the symbol `sbom`, as long as the number at the symbol `sbom_length` says; here also a section of
that name. The program of an image is named by its main component, if at all.
"""

from collections.abc import Iterator
from dataclasses import replace
from struct import Struct

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.executable import Program, programs_of
from lading.catalog.packed_text import unpacked
from lading.errors import CatalogError, UnreadableError
from lading.model.package import Evidence, Fact

_SECTIONS = (".sbom", "__sbom")
_TABLES = ((".dynsym", ".dynstr"), (".symtab", ".strtab"))
_NAME, _LENGTH = b"sbom", b"sbom_length"
_MOST_PACKED = 16 << 20  # bytes
_MOST_BYTES = 64 << 20  # of JSON
_MOST_SYMBOLS = 1 << 20
_GZIP = 31  # the window size by which zlib expects gzip's header


def read_native_image(file: ImageFile) -> Iterator[Fact]:
    """Yield the libraries that the SBOM in a program lists; nothing for other programs.

    Raises CatalogError when there is one that cannot be read.
    """
    for program in programs_of(file):
        packed = _packed(program)
        if packed is None:
            continue
        yield from _listed(
            file.path, unpacked(packed, _MOST_BYTES, f"{file.path}: the SBOM in it", wbits=_GZIP)
        )
        return


def _listed(path: str, data: bytes) -> Iterator[Fact]:
    from lading import sbom

    try:
        document = sbom.read(data, path)
    except UnreadableError as error:
        raise CatalogError(f"{path}: the SBOM in it cannot be read: {error}") from error
    for package in document.packages:
        yield replace(
            package, id="", purl="", depends_on=(), paths=(path,), evidence=Evidence.BUNDLED
        )
    if document.problems:
        raise CatalogError(f"{path}: the SBOM in it: {document.problems[0].reason}")


def _packed(program: Program) -> bytes | None:
    if span := program.section(*_SECTIONS):
        return bytes(program.content(span)[:_MOST_PACKED])
    found = _symbols(program)
    if _NAME not in found or _LENGTH not in found:
        return None
    number = program.at(found[_LENGTH], 8) or b""
    length = int.from_bytes(number, "big" if bytes(program.data[5:6]) == b"\x02" else "little")
    if not 0 < length <= _MOST_PACKED:
        return b""
    return program.at(found[_NAME], length) or b""


def _symbols(program: Program) -> dict[bytes, int]:
    """Return the addresses of the two symbols, as far as an ELF file has them."""
    if bytes(program.data[:5]) != b"\x7fELF\x02":  # native images are 64-bit
        return {}
    order = ">" if bytes(program.data[5:6]) == b"\x02" else "<"
    row = Struct(f"{order}IBBHQQ")
    found: dict[bytes, int] = {}
    for table, strings in _TABLES:
        symbols, names = program.section(table), program.section(strings)
        if symbols is None or names is None:
            continue
        text = bytes(program.content(names))
        if b"\0sbom\0" not in text:
            continue
        data = program.content(symbols)
        whole = min(len(data) // row.size, _MOST_SYMBOLS) * row.size
        for name, _, _, _, address, _ in row.iter_unpack(data[:whole]):
            word = text[name : name + len(_LENGTH) + 1].partition(b"\0")[0]
            if word in (_NAME, _LENGTH):
                found.setdefault(word, address)
    return found


NATIVE_IMAGE = Cataloger(
    name="native-image",
    revision=1,
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_native_image,
)
