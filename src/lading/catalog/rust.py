"""Rust crates, from the dependency list that cargo-auditable links into a binary, or its messages.

Format: https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md: a section with
zlib-packed JSON. Crates of kind "build" only ran at build time, are not in the binary, and are left
out; one that is both is recorded as "runtime".

A binary without a list names the source files that may panic, and those of crates lie where cargo
unpacked them (https://doc.rust-lang.org/cargo/guide/cargo-home.html#directories): that gives some
crates, not all.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.constants import constants_of
from lading.catalog.document import read_object
from lading.catalog.executable import programs_of
from lading.catalog.packed_text import unpacked
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Package

_SECTION = ".dep-v0"
_MARKS = (b"/registry/src/", b"\\registry\\src\\", b"/cargo/registry/")
_MOST_CRATES = 4096
_SOURCE = re.compile(
    rb"[/\\](?:registry[/\\]src[/\\][\w.-]{1,100}-[0-9a-f]{16}|usr/share/cargo/registry)[/\\]"
    rb"([A-Za-z][\w-]{0,63})-([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}[0-9A-Za-z.+-]{0,40})[/\\]"
)
"""Where a crate's source is: a registry's folder in cargo's home, or Debian's for all crates."""
_MAX_BYTES = 32 << 20  # of JSON; a tree of a thousand crates takes a hundred thousand


def read_rust(file: ImageFile) -> Iterator[Fact]:
    """Yield the crates built into a binary; those of its messages only where it has no list.

    Raises CatalogError when the list, or a header of the executable, cannot be read, and, after
    the others were yielded, for crates without a name or version.
    """
    programs = programs_of(file)
    for program in programs:
        if span := program.section(_SECTION):
            yield from _read_list(
                file.path,
                unpacked(program.content(span), _MAX_BYTES, f"{file.path}: its list of crates"),
            )
            return
    if not programs:
        return  # two letters do not make an executable
    for (name, version), source in sorted(_leaked(file).items()):
        yield Package(
            type="cargo",
            name=name,
            version=version,
            paths=(file.path,),
            evidence=Evidence.BUNDLED,
            certainty=Certainty.INFERRED,
            proof=source,
        )


def _leaked(file: ImageFile) -> dict[tuple[str, str], str]:
    """Return the crates whose source files the file's messages name, with the folder named."""
    texts = constants_of(file).windows
    found: dict[tuple[str, str], str] = {}
    if not any(mark in texts for mark in _MARKS):  # far faster than the pattern
        return found
    for source in _SOURCE.finditer(texts):
        folder, name, version = (group.decode() for group in source.group(0, 1, 2))
        found.setdefault((name, version), folder)
        if len(found) == _MOST_CRATES:
            break
    return found


def _read_list(path: str, data: bytes) -> Iterator[Package]:
    listed = read_object(path, data).get("packages")
    if not isinstance(listed, list):
        raise CatalogError(f"{path}: its list of crates has no packages")
    rows = [row if isinstance(row, dict) else {} for row in listed]
    unfit = 0
    for row in rows:
        name, version = word(row.get("name")), word(row.get("version"))
        if row.get("kind", "runtime") == "build":
            continue
        if name is None or version is None:
            unfit += 1
            continue
        requires = tuple(_required(row, rows))
        yield Package(type="cargo", name=name, version=version, paths=(path,), requires=requires)
    if unfit:
        raise CatalogError(f"{path}: {unfit} crates in its list have no fit name or version")


def _required(row: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield `name version` of the crates that a row points at by their place in the list.

    Versions of one crate may stand side by side in a binary.
    """
    indices = row.get("dependencies")
    if not isinstance(indices, list):
        return
    for index in dict.fromkeys(index for index in indices if isinstance(index, int)):
        if not 0 <= index < len(rows):
            continue
        name, version = word(rows[index].get("name")), word(rows[index].get("version"))
        if name and version:
            yield f"{name} {version}"


RUST = Cataloger(
    name="rust",
    revision=3,
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_rust,
)
