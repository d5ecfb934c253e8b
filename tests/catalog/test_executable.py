"""Sections and addresses of ELF, PE and Mach-O files."""

import contextlib
import shutil
import subprocess
import sys

import pytest

from builders import damaged
from lading.catalog.executable import Program, read_programs
from lading.errors import CatalogError
from programs import a_macho, a_pe, an_elf

PARTS = {".one": b"first", ".two": b"second part"}


def program(data: bytes) -> Program:
    [found] = read_programs("/bin/x", data)
    return found


@pytest.mark.parametrize("data", [
    pytest.param(an_elf(PARTS), id="ELF 64"),
    pytest.param(an_elf(PARTS, bits=32), id="ELF 32"),
    pytest.param(an_elf(PARTS, order="big"), id="ELF 64, big endian"),
    pytest.param(a_pe(PARTS), id="PE"),
    pytest.param(a_macho(PARTS), id="Mach-O"),
    pytest.param(a_macho(PARTS, universal=True), id="universal Mach-O"),
])  # fmt: skip
def test_sections_are_found_by_name_and_address(data: bytes) -> None:
    found = program(data)
    section = found.section(".missing", ".two")

    assert section is not None
    assert bytes(found.content(section)) == b"second part"
    assert found.at(section.address + 7, 4) == b"part"
    assert section.writable
    assert found.section(".missing") is None


def test_an_address_that_the_file_does_not_hold_has_no_bytes() -> None:
    found = program(an_elf(PARTS))
    section = found.section(".one")

    assert section is not None
    assert found.at(section.address, 1 << 40) is None
    assert found.at(0, 1) is None


def test_without_a_section_table_the_segments_are_left() -> None:
    found = program(an_elf(PARTS, named=False))

    assert found.sections == ()
    assert found.at(an_elf.address(64), 5) == b"first"


@pytest.mark.parametrize("data", [
    b"",
    b"MZ is how this text starts, and it goes on for more than sixty-four bytes, as texts do.",
    b"\xca\xfe\xba\xbe\x00\x00\x00\x00",
    b"#!/bin/sh\n",
])  # fmt: skip
def test_other_files_hold_no_programs(data: bytes) -> None:
    assert list(read_programs("/bin/x", data)) == []


@pytest.mark.parametrize("data", [an_elf(PARTS)[:40], a_macho(PARTS)[:20], a_pe(PARTS)[:140]])
def test_a_header_that_is_cut_off_is_an_error(data: bytes) -> None:
    with pytest.raises(CatalogError, match="/bin/x: its executable header is cut off"):
        list(read_programs("/bin/x", data))


@pytest.mark.parametrize("whole", [an_elf(PARTS), a_pe(PARTS), a_macho(PARTS, universal=True)])
def test_damaged_executables_raise_nothing_unforeseen(whole: bytes) -> None:
    for broken in damaged(whole, times=1000):
        with contextlib.suppress(CatalogError):
            for found in read_programs("/bin/x", broken):
                for span in found.sections:
                    found.content(span)
                    found.at(span.address, span.size)


@pytest.mark.skipif(
    shutil.which("readelf") is None or not sys.platform.startswith("linux"),
    reason="readelf is not installed",
)
def test_a_real_program_has_the_sections_that_readelf_shows() -> None:
    readelf = shutil.which("readelf") or ""
    with open(sys.executable, "rb") as file:  # noqa: PTH123  # the interpreter running this test
        found = program(file.read())
    said = subprocess.run(
        [readelf, "--sections", "--wide", sys.executable],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    names = [span.name for span in found.sections if span.name]

    assert names
    assert all(f" {name} " in said for name in names)
    assert ".text" in names
