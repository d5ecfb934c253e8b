"""A .NET assembly into the NuGet package that it most likely comes from.

Formats: https://learn.microsoft.com/en-us/windows/win32/menurc/vs-versioninfo and, for what makes a
PE file an assembly, ECMA-335 II.25.3.3
(https://ecma-international.org/publications-and-standards/standards/ecma-335/). Packages are most
often called as their assembly, and state their version as the product's. A manifest that lists the
file knows better: see `lading.catalog.assemblies`.
"""

import re
from collections.abc import Iterator
from struct import Struct, error

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.executable import Program, programs_of
from lading.catalog.wording import word
from lading.model.package import Certainty, Evidence, Fact, Package

_KEY = "VS_VERSION_INFO".encode("utf-16-le")
_MOST = 64 << 10  # bytes of a version resource
_VERSION = re.compile(r"([0-9]+(?:\.[0-9]+){1,3}(?:-[0-9A-Za-z.-]+)?)(?:\+\S*)?")
_CLR = 14  # the place of the runtime's header among the data directories
_DIRECTORY = Struct("<II")
_TRANSLATIONS = ".resources"


def read_assembly(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that a .NET assembly comes from, as inferred; nothing for other files."""
    for program in programs_of(file):
        if not is_assembly(program):
            continue
        said = _said(program)
        name = word(said.get("OriginalFilename") or said.get("InternalName"))
        stem = name[:-4] if name and name.lower().endswith(".dll") else None
        version = _version(said)
        if not stem or version is None or stem.lower().endswith(_TRANSLATIONS):
            continue
        yield Package(
            type="nuget",
            name=stem,
            version=version,
            paths=(file.path,),
            evidence=Evidence.CONTENT,
            certainty=Certainty.INFERRED,
            proof=f"OriginalFilename {name}, version {version}",
        )


def is_assembly(program: Program) -> bool:
    """Return whether a program is a PE file with a header for .NET's runtime."""
    data = program.data
    if bytes(data[:2]) != b"MZ":
        return False
    optional = int.from_bytes(data[0x3C:0x40], "little") + 24
    wide = bytes(data[optional : optional + 2]) == b"\x0b\x02"
    directories = optional + (112 if wide else 96)
    try:
        _, size = _DIRECTORY.unpack_from(data, directories + _CLR * _DIRECTORY.size)
    except error:
        return False
    return bool(size)


def _version(said: dict[str, str]) -> str | None:
    for key in ("ProductVersion", "FileVersion"):
        found = _VERSION.fullmatch(said.get(key, "")[:128].strip())
        if found and found[1].strip(".0"):  # of all zeros nobody set it
            return word(found[1])
    return None


def _said(program: Program) -> dict[str, str]:
    """Return the texts of the version resource: each a key, its end, padding, and the value."""
    span = program.section(".rsrc")
    if span is None:
        return {}
    data = bytes(program.content(span))
    start = data.find(_KEY)
    if start < 0:
        return {}
    text = data[start : start + _MOST].decode("utf-16-le", "replace")
    keys = "ProductVersion|FileVersion|OriginalFilename|InternalName"
    return {
        found[1]: found[2] for found in re.finditer(f"\x01({keys})\0\0?([^\0]{{1,256}})\0", text)
    }


ASSEMBLY = Cataloger(
    name="dotnet-assembly",
    revision=1,
    content=(Content.PE,),
    max_size=512 << 20,
    read=read_assembly,
)
