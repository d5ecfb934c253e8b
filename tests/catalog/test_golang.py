"""Build information of Go binaries, held against the Go tools where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path
from struct import pack

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.golang import GO
from lading.model.package import Certainty, Evidence, Package
from programs import a_macho, a_pe, an_elf

BINARY = "/usr/local/bin/tool"
MAGIC = b"\xff Go buildinf:"
FRAME = bytes(range(16))
MODULES = (
    "path\texample.com/tool\n"
    "mod\texample.com/tool\t(devel)\t\n"
    "dep\texample.com/a\tv1.2.0+incompatible\th1:sum=\n"
    "dep\texample.com/b\tv0.1.0\n"
    "=>\texample.com/fork\tv0.2.0\th1:sum=\n"
    "build\t-trimpath=true\n"
)

needs_go = pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def inline(version: str = "go1.20.1", modules: str = MODULES) -> bytes:
    """The form since Go 1.18: both texts follow the header."""
    framed = FRAME + modules.encode() + FRAME if modules else b""
    texts = (version.encode(), framed)
    header = MAGIC + b"\x08\x02" + bytes(16)
    return header + b"".join(varint(len(text)) + text for text in texts)


def pointers(address: int, *, width: int = 8, order: str = "little") -> bytes:
    """The form before Go 1.18, for a span at `address`: pointers to pairs of pointer and length."""

    def number(value: int) -> bytes:
        return value.to_bytes(width, "big" if order == "big" else "little")

    texts = (b"go1.17.2", FRAME + MODULES.encode() + FRAME)
    pairs_at = address + 32
    text_at = pairs_at + 4 * width
    header = MAGIC + bytes([width, order == "big"])
    header += (number(pairs_at) + number(pairs_at + 2 * width)).ljust(16, b"\0")
    pairs = number(text_at) + number(len(texts[0]))
    pairs += number(text_at + len(texts[0])) + number(len(texts[1]))
    return header + pairs + b"".join(texts)


def versions(data: bytes) -> dict[str, str | None]:
    return {package.name: package.version for package in packages_of(GO, BINARY, data)}


BUILT = {
    "stdlib": "go1.20.1",
    "example.com/tool": None,
    "example.com/a": "v1.2.0+incompatible",
    "example.com/fork": "v0.2.0",
}


@pytest.mark.parametrize("data", [
    pytest.param(an_elf({".go.buildinfo": inline()}), id="ELF"),
    pytest.param(an_elf({".go.buildinfo": inline()}, bits=32, order="big"), id="ELF, big endian"),
    pytest.param(an_elf({".data": bytes(64) + inline()}), id="ELF, its first data"),
    pytest.param(an_elf({".data": bytes(64) + inline()}, named=False), id="ELF without sections"),
    pytest.param(a_pe({".data": inline()}), id="PE"),
    pytest.param(a_macho({"__go_buildinfo": inline()}), id="Mach-O"),
    pytest.param(a_macho({"__go_buildinfo": inline()}, universal=True), id="universal Mach-O"),
])  # fmt: skip
def test_the_modules_built_in_are_found_in_every_format(data: bytes) -> None:
    assert versions(data) == BUILT


@pytest.mark.parametrize(("width", "order"), [(8, "little"), (8, "big"), (4, "little"), (4, "big")])
def test_the_older_form_is_read_through_its_pointers(width: int, order: str) -> None:
    bits = 8 * width
    address = an_elf.address(bits)
    data = an_elf({".data": pointers(address, width=width, order=order)}, bits=bits, order=order)

    assert versions(data) == BUILT | {"stdlib": "go1.17.2"}


def test_every_package_names_the_binary_and_the_main_module_asks_for_the_others() -> None:
    found = packages_of(GO, BINARY, an_elf({".go.buildinfo": inline()}))

    assert {package.paths for package in found} == {(BINARY,)}
    assert {package.name: package.requires for package in found if package.requires} == {
        "example.com/tool": ("stdlib", "example.com/a", "example.com/fork")
    }


def test_a_replacement_by_a_folder_is_the_module_at_no_known_version() -> None:
    modules = "dep\texample.com/a\tv1.0.0\n=>\t../fork\t(devel)\t\n"

    assert versions(an_elf({".go.buildinfo": inline(modules=modules)})) == {
        "stdlib": "go1.20.1",
        "example.com/a": None,
    }


def test_a_released_main_module_has_its_version() -> None:
    modules = "path\texample.com/tool/cmd\nmod\texample.com/tool\tv1.4.0\th1:sum=\n"

    assert versions(an_elf({".go.buildinfo": inline(modules=modules)})) == {
        "stdlib": "go1.20.1",
        "example.com/tool": "v1.4.0",
    }


def test_a_binary_built_without_modules_still_has_the_standard_library() -> None:
    data = an_elf({".go.buildinfo": inline("go1.21.0 X:boringcrypto", modules="")})

    assert versions(data) == {"stdlib": "go1.21.0 X:boringcrypto"}


def test_a_marker_between_alignments_is_only_text_about_the_marker() -> None:
    between = b"12345678" + inline()
    aligned = bytes(-len(between) % 16) + inline("go1.22.0", modules="")

    assert versions(an_elf({".data": between})) == {}
    assert versions(an_elf({".data": between + aligned})) == {"stdlib": "go1.22.0"}


@pytest.mark.parametrize("data", [
    pytest.param(an_elf({".text": b"no Go here", ".data": bytes(100)}), id="ELF"),
    pytest.param(b"MZ and then some text that goes on for a while, of no format at all.", id="MZ"),
    pytest.param(b"\x7fELF", id="four bytes"),
])  # fmt: skip
def test_what_is_not_go_has_no_modules(data: bytes) -> None:
    assert versions(data) == {}


@pytest.mark.parametrize("info", [
    pytest.param(b"", id="empty"),
    pytest.param(inline()[:20], id="header cut off"),
    pytest.param(inline()[:60], id="text cut off"),
    pytest.param(MAGIC + b"\x08\x02" + bytes(16) + b"\xff" * 20, id="absurd length"),
    pytest.param(MAGIC + b"\x08\x02" + bytes(16) + b"\x00\x00", id="no version"),
    pytest.param(MAGIC + b"\x03\x00" + bytes(16), id="absurd pointers"),
    pytest.param(MAGIC + b"\x08\x00" + b"\xff" * 16, id="pointers to nowhere"),
])  # fmt: skip
def test_damaged_build_information_is_a_problem(info: bytes) -> None:
    facts, error = reading(GO, BINARY, an_elf({".go.buildinfo": info}))

    assert facts == []
    assert error == f"{BINARY}: its Go build information is damaged"


def test_modules_with_unfit_names_are_counted() -> None:
    modules = "dep\t\tv1.0.0\ndep\texample.com/a\tv1.0.0\ndep\tx\x01y\tv1\n"

    facts, error = reading(GO, BINARY, an_elf({".go.buildinfo": inline(modules=modules)}))

    assert [p.name for p in facts if isinstance(p, Package)] == ["stdlib", "example.com/a"]
    assert "2 modules" in error


@pytest.mark.parametrize("whole", [
    an_elf({".go.buildinfo": inline()}),
    an_elf({".data": pointers(an_elf.address(64))}),
    a_pe({".data": inline()}),
    a_macho({"__go_buildinfo": inline()}, universal=True),
])  # fmt: skip
def test_damaged_binaries_raise_nothing_unforeseen(whole: bytes) -> None:
    for broken in damaged(whole):
        reading(GO, BINARY, broken)


@needs_go
@pytest.mark.slow
@pytest.mark.parametrize(("system", "arch", "flags"), [
    ("linux", "amd64", ["-trimpath", "-ldflags=-s -w"]),
    ("linux", "mips", []),
    ("linux", "386", ["-buildvcs=false"]),
    ("windows", "amd64", []),
    ("darwin", "arm64", []),
])  # fmt: skip
def test_a_binary_built_by_go_has_what_go_says(
    tmp_path: Path, system: str, arch: str, flags: list[str]
) -> None:
    fork = tmp_path / "fork"
    fork.mkdir()
    (fork / "go.mod").write_text("module example.com/dep\n\ngo 1.18\n")
    (fork / "dep.go").write_text("package dep\n\nfunc Answer() int { return 42 }\n")
    (tmp_path / "go.mod").write_text(
        "module example.com/tool\n\ngo 1.18\n\nrequire example.com/dep v1.2.3\n\n"
        "replace example.com/dep => ./fork\n"
    )
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.Answer()) }\n'
    )
    offline = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOOS": system, "GOARCH": arch}
    environment = os.environ | offline | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    go = shutil.which("go") or ""
    subprocess.run(
        [go, "build", *flags, "-o", "tool", "."],
        cwd=tmp_path, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    said = subprocess.run(
        [go, "version", tmp_path / "tool"], check=True, capture_output=True, text=True
    )

    assert versions((tmp_path / "tool").read_bytes()) == {
        "stdlib": said.stdout.split(": ")[1].strip(),
        "example.com/tool": None,
        "example.com/dep": None,
    }


def test_a_replaced_module_is_listed_as_what_is_built_in_and_still_answers_to_its_name() -> None:
    found = packages_of(GO, BINARY, an_elf({".go.buildinfo": inline()}))

    assert {package.name: package.provides for package in found if package.provides} == {
        "example.com/fork": ("example.com/b",)
    }


@pytest.mark.parametrize(("flags", "version"), [
    ('-ldflags="-s -w -X main.version=v1.4.2"', "v1.4.2"),
    ("-ldflags=\"-X 'main.Version=1.4.2-rc.1'\"", "1.4.2-rc.1"),
    ('-ldflags="-X example.com/tool/internal.buildVersion=1.4.2"', "1.4.2"),
    ('-ldflags="-X example.com/other.version=1.4.2"', None),
    ('-ldflags="-X main.commit=1.4.2"', None),
    ('-ldflags="-X main.version=dev"', None),
])  # fmt: skip
def test_a_version_set_by_the_linkers_flags_is_never_sure(flags: str, version: str | None) -> None:
    modules = f"path\texample.com/tool\nmod\texample.com/tool\t(devel)\t\nbuild\t{flags}\n"

    *_, main = packages_of(GO, BINARY, an_elf({".go.buildinfo": inline(modules=modules)}))

    assert (main.name, main.version) == ("example.com/tool", version)
    assert main.certainty is (Certainty.INFERRED if version else Certainty.EXACT)


def test_a_revision_alone_makes_no_version_of_the_main_module() -> None:
    modules = "mod\texample.com/tool\t(devel)\t\nbuild\tvcs.revision=0123456789abcdef\n"

    assert versions(an_elf({".go.buildinfo": inline(modules=modules)})) == {
        "stdlib": "go1.20.1",
        "example.com/tool": None,
    }


def a_line_table() -> bytes:
    """Of Go 1.20, with one function."""
    names = b"github.com/acme/thing/cmd.Run\0"
    places = (72, 72 + len(names), 72 + len(names), 72 + len(names), 72 + len(names))
    return pack("<IBBBB8Q", 0xFFFFFFF1, 0, 0, 1, 8, 1, 0, 0, *places) + names


@pytest.mark.parametrize(("sections", "stdlib"), [
    pytest.param({".go.buildinfo": inline(modules="")}, "go1.20.1", id="no list of modules"),
    pytest.param({}, None, id="no build information"),
])  # fmt: skip
def test_without_a_list_modules_are_concluded_from_the_line_table(
    sections: dict[str, bytes], stdlib: str | None
) -> None:
    found = packages_of(GO, BINARY, an_elf(sections | {".gopclntab": a_line_table()}))

    assert [(one.name, one.version) for one in found] == [
        ("stdlib", stdlib), ("github.com/acme/thing", None),
    ]  # fmt: skip
    assert (found[1].certainty, found[1].evidence) == (Certainty.INFERRED, Evidence.CONTENT)


def test_a_line_table_adds_nothing_to_a_list_of_modules() -> None:
    data = an_elf({".go.buildinfo": inline(), ".gopclntab": a_line_table()})

    assert "github.com/acme/thing" not in versions(data)


@needs_go
@pytest.mark.registry
@pytest.mark.slow
@pytest.mark.parametrize("flags", [[], ["-trimpath", "-ldflags=-s -w"]])
def test_modules_of_a_registry_are_those_that_go_version_lists(
    tmp_path: Path, flags: list[str]
) -> None:
    (tmp_path / "go.mod").write_text(
        "module example.com/tool\n\ngo 1.18\n\nrequire rsc.io/quote v1.5.2\n\n"
        "replace rsc.io/sampler => rsc.io/sampler v1.3.1\n"
    )
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "rsc.io/quote"\n\nfunc main() { println(quote.Hello()) }\n'
    )
    environment = os.environ | {"GOFLAGS": "-mod=mod", "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    go = shutil.which("go") or ""
    built = subprocess.run(
        [go, "build", *flags, "-o", "tool", "."],
        cwd=tmp_path, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if built.returncode:
        pytest.skip(f"go could not build: {built.stderr[-200:]}")
    said = subprocess.run(
        [go, "version", "-m", tmp_path / "tool"], check=True, capture_output=True, text=True
    ).stdout
    rows = [line.split("\t")[1:] for line in said.splitlines()[1:]]
    listed: dict[str, str] = {}
    for kind, path, version, *_ in (row for row in rows if row[0] in ("dep", "=>")):
        if kind == "=>":
            listed.popitem()
        listed[path] = version

    found = packages_of(GO, BINARY, (tmp_path / "tool").read_bytes())

    modules = {one.name: one.version for one in found if not one.requires and one.name != "stdlib"}
    assert modules == listed
    assert set(listed) == {"golang.org/x/text", "rsc.io/quote", "rsc.io/sampler"}
    assert [set(one.requires) for one in found if one.requires] == [{"stdlib", *listed}]
    assert {one.name for one in found if one.provides} == {"rsc.io/sampler"}
