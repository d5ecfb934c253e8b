"""The line table of a Go binary into the packages it was built from.

Go's runtime needs the names of functions and files, so stripping leaves them. Format, in its four
versions: https://go.dev/src/debug/gosym/pclntab.go and https://go.dev/src/internal/abi/symtab.go.
Files in a module cache have the module's version in their path (https://go.dev/ref/mod#module-cache);
otherwise a package says no more than its path, and where in that its module ends is a convention
(https://go.dev/ref/mod#vcs-find).
"""

import re
from collections.abc import Iterator
from itertools import islice
from struct import Struct, error
from typing import NamedTuple

from lading.catalog.executable import Program

SECTIONS = (".gopclntab", ".data.rel.ro.gopclntab", "__gopclntab")
_MAGICS = (0xF1, 0xF0, 0xFA, 0xFB)  # the last byte of the number that a table begins with
_SIZES = frozenset(bytes((step, word)) for step in (1, 2, 4) for word in (4, 8))
_MOST_STARTS = 64  # of what may be a table
_CODE = (".text", "__text", ".debug_info")  # long, and never the place of a table
_OLD, _MIDDLE = 0xFFFFFFFB, 0xFFFFFFFA  # Go 1.2 and 1.16; later ones are alike but for the magic
_MOST_FUNCTIONS = 1 << 20
_MOST_BYTES = 64 << 20  # of a table of names
_LONGEST = 1024  # characters of a name
_CACHE = "/pkg/mod/"
_VERSION = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+!-]*")
_DOT = re.compile(r"%([0-9a-fA-F]{2})")
_MAJOR = re.compile(r"v(?:[2-9]|[1-9][0-9]+)")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_DEEP = frozenset((
    "bitbucket.org", "codeberg.org", "gitea.com", "gitee.com", "github.com", "gitlab.com",
    "golang.org", "salsa.debian.org", "git.sr.ht",
))  # fmt: skip
"""Hosts whose modules are two names below them; elsewhere it is one."""


class Packages(NamedTuple):
    """What a binary was built from."""

    versions: dict[str, str]  # of modules that lay in a module cache
    modules: frozenset[str]  # that the packages without a version most likely belong to


def packages_in(program: Program) -> Packages | None:
    """Return what the line table names; None where there is none that can be read."""
    span = program.section(*SECTIONS)
    others = (one for one in program.sections if one.name not in _CODE)
    for one in (span,) if span else (*others, *program.segments):
        data = program.content(one)
        for start in islice(_starts(bytes(data), program), _MOST_STARTS):
            names = _names(data[start:])
            if names is not None:
                return _sorted_out(*names)
    return None


def _starts(data: bytes, program: Program) -> Iterator[int]:
    """Yield where the first bytes of a table are: its number, two zeros, and two sizes."""
    is_big = bytes(program.data[:4]) == b"\x7fELF" and program.data[5] == 2
    for last in _MAGICS:
        number = (0xFFFFFF00 | last).to_bytes(4, "big" if is_big else "little") + bytes(2)
        start = data.find(number)
        while start >= 0:
            if data[start + 6 : start + 8] in _SIZES:
                yield start
            start = data.find(number, start + 1)


def module_of(package: str) -> str | None:
    """Return the module that a package's path most likely belongs to; None for Go's own."""
    parts = package.split("/")
    host = parts[0]
    if not _HOST.fullmatch(host) or len(parts) < 2:
        return None
    length = 3 if host in _DEEP else 2
    if host == "gopkg.in" and not re.search(r"\.v[0-9]+\Z", parts[1]):
        length = 3
    if (
        len(parts) > length
        and _MAJOR.fullmatch(parts[length])
        and parts[length] not in ("v0", "v1")
    ):
        length += 1
    return "/".join(parts[:length])


def _sorted_out(functions: set[str], sources: set[str]) -> Packages:
    versions = dict(found for source in sources if (found := _cached(source)))
    packages = {package for name in functions if (package := _package(name))}
    modules = {
        module
        for package in packages
        if not any(above in versions for above in _above(package))
        and (module := module_of(package))
    }
    return Packages(versions, frozenset(modules))


def _cached(source: str) -> tuple[str, str] | None:
    """Return module and version of a file in a module cache, `path@version/file`."""
    before, _, after = source.rpartition(_CACHE)[2].partition("@")
    version, slash, _ = after.partition("/")
    module = _from_host(before)
    if not slash or not _VERSION.fullmatch(version) or module == "golang.org/toolchain":
        return None
    return _with_capitals(module), _with_capitals(version)


def _above(package: str) -> Iterator[str]:
    """Yield the path and those of the folders it is in."""
    while package:
        yield package
        package = package.rpartition("/")[0]


def _from_host(path: str) -> str:
    """Return a module's path without the folders before it, which end at the first host."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if _HOST.fullmatch(part):
            return "/".join(parts[index:])
    return path


def _with_capitals(path: str) -> str:
    """Return a path of the module cache with its capitals: `!a` is `A`."""
    return re.sub(r"!([a-z])", lambda found: found[1].upper(), path)


def _package(function: str) -> str | None:
    """Return the path before the first dot after the last slash; None for what is compiler-made."""
    plain = function.partition("[")[0]
    if plain.startswith(("type:", "type..", "go:", "go.")) or ("/" not in plain):
        return None
    slash = plain.rindex("/")
    folder, name = plain[:slash], plain[slash + 1 :].partition(".")[0]
    if "(" in folder or not name:
        return None
    return _DOT.sub(lambda found: chr(int(found[1], 16)), f"{folder}/{name}")


def _names(table: memoryview) -> tuple[set[str], set[str]] | None:
    """Return names of functions and of files; None when this is no table after all."""
    order = "<" if table[1] == 0xFF and table[0] != 0xFF else ">"
    magic = Struct(f"{order}I").unpack_from(table)[0]
    try:
        if magic == _OLD:
            return _old(table, order)
        word = Struct(order + ("Q" if table[7] == 8 else "I"))
        first = 2 if magic == _MIDDLE else 3  # words of counts before the offsets
        offsets = [
            word.unpack_from(table, 8 + (first + place) * word.size)[0] for place in range(4)
        ]
    except error:
        return None
    names, units, files, lines = offsets
    if not 0 < names <= units <= files <= lines <= len(table):
        return None
    return set(_texts(table[names:units])), set(_texts(table[files:lines]))


def _texts(data: memoryview) -> Iterator[str]:
    for text in bytes(data[:_MOST_BYTES]).split(b"\0"):
        if 0 < len(text) <= _LONGEST:
            yield text.decode("utf-8", "replace")


def _old(table: memoryview, order: str) -> tuple[set[str], set[str]] | None:
    """Read the table of Go 1.2: pairs of address and offset, then the offset of the file table."""
    word = Struct(order + ("Q" if table[7] == 8 else "I"))
    half = Struct(f"{order}I")
    count = word.unpack_from(table, 8)[0]
    pairs = 8 + word.size
    files_at = pairs + (2 * count + 1) * word.size
    if not 0 < count <= _MOST_FUNCTIONS or files_at + half.size > len(table):
        return None
    functions = set()
    for index in range(count):
        entry = word.unpack_from(table, pairs + (2 * index + 1) * word.size)[0]
        if entry + word.size + half.size <= len(table):
            functions.add(_text(table, half.unpack_from(table, entry + word.size)[0]))
    start = half.unpack_from(table, files_at)[0]
    files = half.unpack_from(table, start)[0]
    sources = {
        _text(table, half.unpack_from(table, start + index * half.size)[0])
        for index in range(1, min(files, _MOST_FUNCTIONS))
        if start + (index + 1) * half.size <= len(table)
    }
    return functions, sources


def _text(table: memoryview, start: int) -> str:
    return bytes(table[start : start + _LONGEST]).partition(b"\0")[0].decode("utf-8", "replace")
