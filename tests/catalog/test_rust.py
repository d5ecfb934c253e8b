"""Lists of crates in binaries, as cargo-auditable packs them."""

import json
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.rust import RUST
from lading.model.package import Package
from programs import a_macho, a_pe, an_elf

BINARY = "/usr/local/bin/pricer"
CRATES = [
    {"name": "cc", "version": "1.0.0", "source": "crates.io", "kind": "build"},
    {"name": "libc", "version": "0.2.191", "source": "crates.io"},
    {"name": "pricer", "version": "0.4.1", "source": "local", "root": True,
     "dependencies": [0, 1, 3]},
    {"name": "time", "version": "0.1.43", "source": "crates.io", "dependencies": [1]},
]  # fmt: skip


def packed(document: object) -> bytes:
    return zlib.compress(json.dumps(document).encode())


def a_binary(crates: list[Any]) -> bytes:
    return an_elf({".dep-v0": packed({"packages": crates})})


def test_crates_of_the_binary_are_listed_with_what_they_ask_for() -> None:
    assert packages_of(RUST, BINARY, a_binary(CRATES)) == [
        Package(type="cargo", name="libc", version="0.2.191", paths=(BINARY,)),
        Package(
            type="cargo",
            name="pricer",
            version="0.4.1",
            paths=(BINARY,),
            requires=("cc 1.0.0", "libc 0.2.191", "time 0.1.43"),
        ),
        Package(
            type="cargo",
            name="time",
            version="0.1.43",
            paths=(BINARY,),
            requires=("libc 0.2.191",),
        ),
    ]


def test_crates_that_only_ran_at_build_time_are_left_out() -> None:
    assert "cc" not in {package.name for package in packages_of(RUST, BINARY, a_binary(CRATES))}


@pytest.mark.parametrize("make", [an_elf, a_pe, a_macho])
def test_every_executable_format_is_read(make: Any) -> None:
    data = make({".dep-v0": packed({"packages": CRATES})})

    assert len(packages_of(RUST, BINARY, data)) == 3


def test_binaries_without_the_section_list_nothing() -> None:
    assert packages_of(RUST, BINARY, an_elf({".text": b"no Rust"})) == []


@pytest.mark.parametrize(("section", "reason"), [
    pytest.param(b"", "its list of crates is cut off", id="empty"),
    pytest.param(b"no zlib at all", "its list of crates is damaged", id="not packed"),
    pytest.param(packed({"packages": CRATES})[:-6], "its list of crates is cut off", id="cut off"),
    pytest.param(zlib.compress(bytes(40 << 20)), "its list of crates is too large", id="a bomb"),
    pytest.param(packed([]), "no JSON object, but a list", id="a list"),
    pytest.param(packed({}), "its list of crates has no packages", id="no packages"),
    pytest.param(zlib.compress(b"{"), "no JSON", id="no JSON"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_is_a_problem(section: bytes, reason: str) -> None:
    facts, error = reading(RUST, BINARY, an_elf({".dep-v0": section}))

    assert facts == []
    assert error.startswith(f"{BINARY}: {reason}")


@pytest.mark.parametrize("crate", [
    5,
    {"name": "x"},
    {"version": "1"},
    {"name": 1, "version": "1"},
    {"name": "x", "version": "1\n"[:1] + "\x00"},
])  # fmt: skip
def test_a_crate_without_name_or_version_is_told_and_the_others_are_listed(crate: object) -> None:
    facts, error = reading(RUST, BINARY, a_binary([crate, CRATES[1]]))

    assert [p.name for p in facts if isinstance(p, Package)] == ["libc"]
    assert error == f"{BINARY}: 1 crates in its list have no fit name or version"


@pytest.mark.parametrize("dependencies", ["a", [99, -1, "x", None, 0], {"a": 1}])
def test_indices_of_no_crate_point_at_nothing(dependencies: object) -> None:
    crate = {"name": "loop", "version": "1.0.0", "dependencies": dependencies}

    [package] = packages_of(RUST, BINARY, a_binary([crate]))

    assert set(package.requires) <= {"loop 1.0.0"}


def test_damaged_binaries_raise_nothing_unforeseen() -> None:
    for broken in damaged(a_binary(CRATES), times=500):
        reading(RUST, BINARY, broken)


@pytest.mark.skipif(
    shutil.which("objcopy") is None or not sys.platform.startswith("linux"),
    reason="objcopy is not installed",
)
def test_a_section_that_binutils_adds_to_a_real_program_is_found(tmp_path: Path) -> None:
    section, binary = tmp_path / "section", tmp_path / "program"
    section.write_bytes(packed({"packages": CRATES}))
    objcopy = shutil.which("objcopy") or ""
    subprocess.run(
        [objcopy, f"--add-section=.dep-v0={section}", shutil.which("true") or "", binary],
        check=True, capture_output=True,
    )  # fmt: skip

    found = packages_of(RUST, BINARY, binary.read_bytes())

    assert [package.name for package in found] == ["libc", "pricer", "time"]
