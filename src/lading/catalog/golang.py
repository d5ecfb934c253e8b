"""Go modules, from the build information that the linker leaves in every binary.

Format: https://pkg.go.dev/debug/buildinfo and, for the list of modules,
https://pkg.go.dev/runtime/debug#BuildInfo. Since Go 1.18 the texts follow the header; before that
the header points at them. Binaries built without modules list none: what they were built from is
concluded from their line table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.executable import Program, Span, programs_of
from lading.catalog.go_table import SECTIONS as TABLES
from lading.catalog.go_table import packages_in
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Package

_MAGIC = b"\xff Go buildinf:"
_SECTIONS = (".go.buildinfo", "__go_buildinfo")
_ALIGNMENT = 16
_HEADER = 32
_CHUNK = 1 << 20
_FRAME = 16  # bytes before and after the list of modules
_BIG_ENDIAN, _INLINE = 1, 2
_LINKED = re.compile(
    r"-X[ =]\\*['\"]?([^\s'\"=]{1,256})\.(?:[A-Za-z]{0,16}[vV]ersion)="
    r"\\*['\"]?(v?[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)"
)
"""What `-ldflags` set as a version: the package of the variable, and the value."""


@dataclass(slots=True)
class _Module:
    path: str
    version: str | None
    stands_for: str | None = None  # the module that it replaces
    certainty: Certainty = Certainty.EXACT


@dataclass(slots=True)
class _Modules:
    main: _Module | None = None
    deps: list[_Module] = field(default_factory=list)
    linked: str = ""  # flags of the linker, as `go build` got them


def read_go(file: ImageFile) -> Iterator[Fact]:
    """Yield the standard library, the main module and the modules built into a Go binary.

    Binaries that are not Go's yield nothing. Raises CatalogError when there is build information
    that cannot be read.
    """
    for program in _programs(file):
        found = _find(program)
        if found is None and program.section(*_SECTIONS) is None:
            if program.section(*TABLES) is not None:  # built by Go 1.12 or older, or altered since
                yield from _packages(file.path, None, _concluded(program))
                return
            continue
        texts = _texts(program, *found) if found else None
        if texts is None:
            raise CatalogError(f"{file.path}: its Go build information is damaged")
        version, listed = texts
        modules = _modules(listed)
        if modules.main is None and not modules.deps:
            modules = _concluded(program)
        yield from _packages(file.path, version, modules)
        return


def _programs(file: ImageFile) -> Iterator[Program]:
    try:
        yield from programs_of(file)
    except CatalogError:
        # The marker may still be there; a damaged header alone does not make a file Go's.
        yield Program(data=memoryview(file.data), sections=(), segments=())


def _find(program: Program) -> tuple[Span, int] | None:
    """Return the span that holds the header, and where in it."""
    span = program.section(*_SECTIONS) or next(
        (span for span in (*program.segments, *program.sections) if span.writable and span.size),
        Span("", 0, 0, len(program.data), False),
    )
    data = program.content(span)
    for start in range(0, len(data), _CHUNK):
        chunk = bytes(data[start : start + _CHUNK + _HEADER])
        position = chunk.find(_MAGIC)
        while position >= 0:
            if (span.address + start + position) % _ALIGNMENT == 0:
                return span, start + position
            position = chunk.find(_MAGIC, position + 1)
    return None


def _texts(program: Program, span: Span, position: int) -> tuple[str, str] | None:
    """Return the version of Go and the list of modules; None when they cannot be read."""
    data = program.content(span)
    header = bytes(data[position : position + _HEADER])
    if len(header) < _HEADER:
        return None
    if header[15] & _INLINE:
        version, after = _inline(data, position + _HEADER)
        listed, _ = _inline(data, after)
    else:
        version, listed = _pointed(program, header)
    if not version or listed is None:
        return None
    return version.decode("utf-8", "replace"), _unframed(listed).decode("utf-8", "replace")


def _inline(data: memoryview, position: int) -> tuple[bytes | None, int]:
    """Return the text behind its length, a varint, and the position after it."""
    length = shift = 0
    for byte in bytes(data[position : position + 10]):
        position += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found = bytes(data[position : position + length])
            return (found if len(found) == length else None), position + length
    return None, position


def _pointed(program: Program, header: bytes) -> tuple[bytes | None, bytes | None]:
    width, is_big = header[14], header[15] & _BIG_ENDIAN

    def number(data: bytes, index: int) -> int:
        return int.from_bytes(data[index * width :][:width], "big" if is_big else "little")

    def text(address: int) -> bytes | None:
        slot = program.at(address, 2 * width)
        return None if slot is None else program.at(number(slot, 0), number(slot, 1))

    if width not in (4, 8):
        return None, None
    pointers = header[16:]
    # Without modules the second pointer is to nothing.
    return text(number(pointers, 0)), text(number(pointers, 1)) or b""


def _unframed(listed: bytes) -> bytes:
    if len(listed) > 2 * _FRAME and listed[-_FRAME - 1 : -_FRAME] == b"\n":
        return listed[_FRAME:-_FRAME]
    return b""


def _modules(listed: str) -> _Modules:
    """Return the modules of tab-separated lines; `=>` replaces the module of the line before."""
    found = _Modules()
    for line in listed.split("\n"):
        kind, *fields = line.split("\t")
        if not fields:
            continue
        path, version = fields[0], fields[1] if len(fields) > 1 else ""
        match kind:
            case "mod":
                found.main = _Module(path, _version(version))
            case "dep":
                found.deps.append(_Module(path, _version(version)))
            case "=>" if found.deps:
                found.deps[-1] = _replaced(found.deps[-1].path, path, version)
            case "=>" if found.main:
                found.main = _replaced(found.main.path, path, version)
            case "build" if path.startswith("-ldflags="):
                found.linked = path
            case _:
                pass
    if found.main is not None and found.main.version is None:
        _set_main(found.main, found.linked)
    return found


def _replaced(original: str, path: str, version: str) -> _Module:
    """Return what is built in: for a folder, the module it stands for, at no known version."""
    if path.startswith((".", "/")) or path[1:3] in (":\\", ":/"):
        return _Module(original, None)
    return _Module(path, _version(version), stands_for=original)


def _version(text: str) -> str | None:
    return None if text in ("", "(devel)") else text


def _set_main(main: _Module, linked: str) -> None:
    """Give the main module the version that its builder set, which nothing vouches for."""
    for package, version in _LINKED.findall(linked):
        if package == "main" or f"{package}/".startswith(f"{main.path}/"):
            main.version, main.certainty = version, Certainty.INFERRED
            return


def _concluded(program: Program) -> _Modules:
    """Return the modules that the line table points at."""
    found = packages_in(program)
    if found is None:
        return _Modules()
    modules = {**dict.fromkeys(found.modules), **found.versions}
    deps = [
        _Module(path, version, certainty=Certainty.INFERRED)
        for path, version in sorted(modules.items())
    ]
    return _Modules(deps=deps)


def _packages(path: str, version: str | None, modules: _Modules) -> Iterator[Package]:
    toolchain = word(version)
    if toolchain is None and version is not None:
        raise CatalogError(f"{path}: its Go version is none")
    yield _package(path, _Module("stdlib", toolchain))
    unfit = 0
    names: list[str] = []
    for module in modules.deps:
        if word(module.path) is None or (module.version and word(module.version) is None):
            unfit += 1
            continue
        found = _package(path, module)
        names.append(found.name)
        yield found
    if modules.main is not None and word(modules.main.path):
        yield _package(path, modules.main, requires=("stdlib", *dict.fromkeys(names)))
    if unfit:
        raise CatalogError(f"{path}: {unfit} modules in its Go build information have no fit name")


def _package(path: str, module: _Module, requires: tuple[str, ...] = ()) -> Package:
    is_concluded = module.certainty is Certainty.INFERRED and not requires
    return Package(
        type="golang",
        name=word(module.path) or module.path,
        version=word(module.version),
        paths=(path,),
        evidence=Evidence.CONTENT if is_concluded else Evidence.INSTALLED,
        certainty=module.certainty,
        requires=requires,
        provides=() if module.stands_for is None else (module.stands_for,),
    )


GO = Cataloger(
    name="go",
    revision=2,
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_go,
)
