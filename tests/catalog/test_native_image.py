"""SBOMs in programs made by GraalVM's native-image, at the symbols that its description names.

Programs are linked by the system's compiler; native-image itself could not be had.
"""

import gzip
import json
import shutil
import subprocess
from collections.abc import Callable

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.native_image import NATIVE_IMAGE
from lading.model.package import Evidence
from programs import an_elf

PROGRAM = "/usr/local/bin/orders"
SBOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "components": [
        {"type": "library", "group": "io.netty", "name": "netty-codec-http2",
         "version": "4.1.76.Final", "purl": "pkg:maven/io.netty/netty-codec-http2@4.1.76.Final"},
        {"type": "library", "group": "org.yaml", "name": "snakeyaml", "version": "1.26",
         "purl": "pkg:maven/org.yaml/snakeyaml@1.26"},
    ],
}  # fmt: skip
FOUND = [("io.netty:netty-codec-http2", "4.1.76.Final"), ("org.yaml:snakeyaml", "1.26")]


def packed(document: object = SBOM) -> bytes:
    return gzip.compress(json.dumps(document).encode(), mtime=0)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, int], bytes]:
    """Links a program with some bytes at `sbom`, and a number at `sbom_length`."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is installed")
    folder = tmp_path_factory.mktemp("program")

    def link(data: bytes, length: int) -> bytes:
        octets = ",".join(map(str, data))
        (folder / "x.c").write_text(
            f"const unsigned char sbom[] = {{{octets}}};\n"
            f"const unsigned long sbom_length = {length}UL;\nint main(void) {{ return sbom[0]; }}\n"
        )
        subprocess.run(
            [compiler, "-rdynamic", "-o", folder / "x", folder / "x.c"],
            check=True, capture_output=True,
        )  # fmt: skip
        return (folder / "x").read_bytes()

    return link


def test_libraries_at_the_symbol_are_bundled_in_the_program(
    linked: Callable[[bytes, int], bytes],
) -> None:
    data = packed()

    found = packages_of(NATIVE_IMAGE, PROGRAM, linked(data, len(data)))

    assert [(one.name, one.version) for one in found] == FOUND
    assert {(one.type, one.evidence, one.paths) for one in found} == {
        ("maven", Evidence.BUNDLED, (PROGRAM,))
    }


@pytest.mark.parametrize("length", [0, 1 << 60])
def test_a_length_that_the_program_cannot_hold_is_a_problem(
    length: int, linked: Callable[[bytes, int], bytes]
) -> None:
    assert reading(NATIVE_IMAGE, PROGRAM, linked(packed(), length)) == (
        [], f"{PROGRAM}: the SBOM in it is cut off"
    )  # fmt: skip


def test_a_section_of_the_name_is_read_alike() -> None:
    found = packages_of(NATIVE_IMAGE, PROGRAM, an_elf({".sbom": packed()}))

    assert [(one.name, one.version) for one in found] == FOUND


@pytest.mark.parametrize(("section", "reason"), [
    pytest.param(b"", "is cut off", id="empty"),
    pytest.param(b"no gzip", "is damaged", id="not packed"),
    pytest.param(packed()[:-20], "is cut off", id="cut off"),
    pytest.param(gzip.compress(bytes(80 << 20)), "is too large", id="a bomb"),
    pytest.param(gzip.compress(b"{}"), "cannot be read: ", id="no SBOM"),
    pytest.param(gzip.compress(b"\xff"), "cannot be read: ", id="no text"),
])  # fmt: skip
def test_an_sbom_that_cannot_be_read_is_a_problem(section: bytes, reason: str) -> None:
    facts, error = reading(NATIVE_IMAGE, PROGRAM, an_elf({".sbom": section}))

    assert facts == []
    assert error.startswith(f"{PROGRAM}: the SBOM in it {reason}")


def test_other_programs_have_no_sbom() -> None:
    assert packages_of(NATIVE_IMAGE, PROGRAM, an_elf({".text": b"code"})) == []


def test_damaged_programs_raise_nothing_unforeseen() -> None:
    for broken in damaged(an_elf({".sbom": packed()})):
        reading(NATIVE_IMAGE, PROGRAM, broken)
