"""Line tables of Go binaries in their four versions, and what their names give away."""

import os
import shutil
import subprocess
from pathlib import Path
from struct import pack

import pytest

from builders import damaged
from lading.catalog.executable import Program, read_programs
from lading.catalog.go_table import module_of, packages_in
from programs import an_elf

FUNCTIONS = [
    "main.main",
    "runtime.main",
    "github.com/acme/thing/cmd.(*Root).Run",
    "github.com/acme/thing/v3/core.Do[...]",
    "gopkg.in/yaml%2ev2.Unmarshal",
    "golang.org/x/net/html.Parse.func1",
    "vendor/golang.org/x/crypto/chacha20.New",
    "type:.eq.github.com/hidden/thing.T",
]
FILES = [
    "/usr/lib/go/src/runtime/proc.go",
    "/root/go/pkg/mod/golang.org/x/net@v0.17.0/html/parse.go",
    "github.com/!burnt!sushi/toml@v1.2.1/decode.go",
    "/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.21.0.linux-amd64/src/os/file.go",
]
MODERN = {"1.16": (0xFFFFFFFA, 2), "1.18": (0xFFFFFFF0, 3), "1.20": (0xFFFFFFF1, 3)}


def modern(go: str, *, order: str = "<", width: int = 8) -> bytes:
    """A table since Go 1.16: counts, then where the tables of names are."""
    magic, counts = MODERN[go]
    names = b"".join(name.encode() + b"\0" for name in FUNCTIONS)
    files = b"".join(name.encode() + b"\0" for name in FILES)
    start = 8 + (counts + 5) * width
    places = (start, start + len(names), start + len(names), start + len(names) + len(files))
    word = "Q" if width == 8 else "I"
    head = pack(f"{order}IBBBB", magic, 0, 0, 1, width)
    head += pack(f"{order}{counts + 5}{word}", *[7] * counts, *places, places[-1])
    return head + names + files + bytes(64)


def old(*, order: str = "<") -> bytes:
    """A table of Go 1.2 to 1.15: functions by address, each with the place of its name."""
    count = len(FUNCTIONS)
    table = bytearray(16 + (2 * count + 1) * 8 + 8)
    table[:16] = pack(f"{order}IBBBBQ", 0xFFFFFFFB, 0, 0, 1, 8, count)
    for index, name in enumerate(FUNCTIONS):
        entry = len(table)
        table += pack(f"{order}QI", 0x1000 + index, entry + 12) + name.encode() + b"\0"
        at = 16 + 2 * index * 8
        table[at : at + 16] = pack(f"{order}2Q", 0x1000 + index, entry)
    places = []
    for name in FILES:
        places.append(len(table))
        table += name.encode() + b"\0"
    at = 16 + (2 * count + 1) * 8
    table[at : at + 4] = pack(f"{order}I", len(table))
    return bytes(table + pack(f"{order}{len(FILES) + 1}I", len(FILES) + 1, *places))


def program(data: bytes) -> Program:
    [found] = read_programs("/bin/x", data)
    return found


@pytest.mark.parametrize(("order", "table"), [
    pytest.param("little", old(), id="1.2"),
    pytest.param("big", old(order=">"), id="1.2, big endian"),
    pytest.param("little", modern("1.16"), id="1.16"),
    pytest.param("little", modern("1.18"), id="1.18"),
    pytest.param("big", modern("1.18", order=">", width=4), id="1.18, big endian, 32 bits"),
    pytest.param("little", modern("1.20"), id="1.20"),
])  # fmt: skip
@pytest.mark.parametrize("section", [".gopclntab", ".data.rel.ro"])
def test_every_version_of_the_table_is_read(order: str, section: str, table: bytes) -> None:
    parts = {".text": b"code", section: bytes(32) + table}

    found = packages_in(program(an_elf(parts, order=order)))

    assert found is not None
    assert found.versions == {"golang.org/x/net": "v0.17.0", "github.com/BurntSushi/toml": "v1.2.1"}
    assert found.modules == {
        "github.com/acme/thing", "github.com/acme/thing/v3", "gopkg.in/yaml.v2",
    }  # fmt: skip


@pytest.mark.parametrize(("package", "module"), [
    ("github.com/acme/thing", "github.com/acme/thing"),
    ("github.com/acme/thing/internal/x", "github.com/acme/thing"),
    ("github.com/acme/thing/v2/x", "github.com/acme/thing/v2"),
    ("github.com/acme/thing/v1/x", "github.com/acme/thing"),
    ("golang.org/x/crypto/ssh", "golang.org/x/crypto"),
    ("google.golang.org/grpc/codes", "google.golang.org/grpc"),
    ("k8s.io/api/core/v1", "k8s.io/api"),
    ("gopkg.in/yaml.v2", "gopkg.in/yaml.v2"),
    ("gopkg.in/square/go-jose.v2/json", "gopkg.in/square/go-jose.v2"),
    ("net/http", None),
    ("vendor/golang.org/x/net/idna", None),
    ("main", None),
])  # fmt: skip
def test_a_module_ends_where_its_host_has_it_end(package: str, module: str | None) -> None:
    assert module_of(package) == module


@pytest.mark.parametrize("data", [b"", b"no table", old()[:20], modern("1.20")[:40]])
def test_no_table_is_no_answer(data: bytes) -> None:
    assert packages_in(program(an_elf({".gopclntab": data, ".x": b"x"}))) is None


@pytest.mark.parametrize("table", [old(), modern("1.20")])
def test_damaged_tables_raise_nothing_unforeseen(table: bytes) -> None:
    for broken in damaged(table):
        packages_in(program(an_elf({".gopclntab": broken, ".x": b"x"})))


@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")
@pytest.mark.slow
def test_a_binary_built_without_modules_names_what_it_was_built_from(tmp_path: Path) -> None:
    library = tmp_path / "src/github.com/acme/thing/deep"
    library.mkdir(parents=True)
    (library / "deep.go").write_text("package deep\n\nfunc Answer() int { return len(x) }\n\n"
                                     "var x = make([]int, 42)\n")  # fmt: skip
    own = tmp_path / "src/example.com/tool"
    own.mkdir(parents=True)
    (own / "main.go").write_text(
        'package main\n\nimport "github.com/acme/thing/deep"\n\n'
        "func main() { println(deep.Answer()) }\n"
    )
    outside = {"GO111MODULE": "off", "GOPATH": str(tmp_path), "CGO_ENABLED": "0", "GOFLAGS": ""}
    go = shutil.which("go") or ""
    subprocess.run(
        [go, "build", "-gcflags=all=-l", "-ldflags=-s -w", "-o", tmp_path / "tool", "./tool"],
        cwd=own.parent, env=os.environ | outside, check=True, capture_output=True,
    )  # fmt: skip

    found = packages_in(program((tmp_path / "tool").read_bytes()))

    assert found is not None
    assert found.modules == {"github.com/acme/thing"}
    assert found.versions == {}
