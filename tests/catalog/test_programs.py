"""Programs and libraries by their bytes, held against Debian's packages and wheels."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from struct import pack
from typing import NamedTuple

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.fingerprints import FINGERPRINTS
from lading.catalog.fingerprints.unproven import UNPROVEN
from lading.catalog.programs import PROGRAMS
from lading.model.package import Certainty, Evidence, Package
from programs import a_macho, a_pe, an_elf

OPENSSL = b"OpenSSL 3.0.17 1 Jul 2025\0"
OF_LIBCRYPTO = b'OPENSSLDIR: "/usr/lib/ssl"\0'
DEFLATE = b" deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly and Mark Adler \0"
SQLITE = (
    b"second argument to %#T() must be a constant between 0.0 and 1.0\0sqlite_master\0"
    b"cannot commit - no transaction is active\0"
)
ROOT = Path(__file__).parents[2]
DOCUMENTED = ROOT / "docs" / "fingerprints.md"
FACTS = ROOT / "tests" / "data" / "fingerprints.jsonl"
SCRIPT = ROOT / "scripts" / "fingerprint_facts.py"
SAMPLE = ("pypi:psycopg-binary==3.3.9", "npm:@lmdb/lmdb-linux-x64@3.5.6", "debian:bookworm:jq")


def found(data: bytes, *, path: str = "/opt/app/thing") -> dict[str, str | None]:
    return {one.name: one.version for one in packages_of(PROGRAMS, path, data)}


def holding(text: bytes) -> dict[str, str | None]:
    """What an executable file with this constant data is recognised as."""
    return found(an_elf({".text": bytes(64), ".rodata": b"\0" + text}))


def linked(text: bytes, *, soname: str = "", needed: Sequence[str] = ()) -> bytes:
    """A shared library that calls itself so, and loads others."""
    names, rows = b"\0", []
    for tag, name in ((14, soname), *((1, one) for one in needed)):
        if name:
            rows.append((tag, len(names)))
            names += name.encode() + b"\0"
    table = b"".join(pack("<qQ", *row) for row in (*rows, (0, 0)))
    return an_elf({".dynstr": names, ".dynamic": table, ".rodata": text})


def a_note(desc: bytes, *, owner: bytes = b"FDO\0", kind: int = 0xCAFE1A7E) -> bytes:
    return pack("<III", len(owner), len(desc), kind) + owner + desc


def a_resource(**fields: str) -> bytes:
    """The strings of a version resource, each at a multiple of four bytes."""
    text = "\0" * 3 + "VS_VERSION_INFO\0"
    for key, value in fields.items():
        text += "\0" * (len(text) % 2)
        text += f"{chr(len(value) * 2 + 40)}{chr(len(value) + 1)}\x01{key}\0"
        text += "\0" * (len(text) % 2) + value + "\0"
    return text.encode("utf-16-le")


@pytest.mark.parametrize(("text", "name", "version"), [
    (OPENSSL + OF_LIBCRYPTO, "openssl", "3.0.17"),
    (b"OpenSSL 1.1.1k  FIPS 25 Mar 2021\0" + OF_LIBCRYPTO, "openssl", "1.1.1k"),
    (b"OpenSSL 1.0.2k-fips  26 Jan 2017\0" + OF_LIBCRYPTO, "openssl", "1.0.2k"),
    (b"OpenSSL 3.5.0-beta1 25 Mar 2025\0" + OF_LIBCRYPTO, "openssl", "3.5.0-beta1"),
    (DEFLATE, "zlib", "1.3.1"),
    (b"BusyBox v1.35.0 (2022-08-01 15:14:44 UTC)\0", "busybox", "1.35.0"),
    (b"expat_2.5.0\0", "expat", "2.5.0"),
    (b"nginx version: nginx/1.25.3\n\0", "nginx", "1.25.3"),
    (b"AWS-LC 1.40.0\0", "aws-lc", "1.40.0"),
    (b"$Id: UPX 4.2.1 Copyright (C) 1996-2023 the UPX Team. $\0", "upx", "4.2.1"),
    (b"$Id: UPX 4.24 Copyright (C) 1996-2024 the UPX Team. $\0", "upx", "4.2.4"),
    (b"$Id: UPX 3.96 Copyright (C) 1996-2020 the UPX Team. $\0", "upx", "3.96"),
    (b"# Server\r\nvalkey_version:%s\x008.0.1\x008.0.1build-17000000000000000000\0",
     "valkey", "8.0.1"),
    (b"# Server\r\nredis_version:%s\x007.0.15\x007.0.1\x002.6.0\x00A7.0.151790282056000000000\0",
     "redis", "7.0.15"),
    (b"-//OASIS//DTD Entity Resolution XML Catalog V1.0//EN\0::20914\0", "libxml2", "2.9.14"),
    (SQLITE + b"3.40.1\0", "sqlite", "3.40.1"),
    (b"GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n\0", "glibc", "2.36"),
    (b"rustc version 1.75.0 (82e1608df 2023-12-21)\0", "rust", "1.75.0"),
])  # fmt: skip
def test_a_program_is_known_by_its_own_text(text: bytes, name: str, version: str) -> None:
    assert holding(text) == {name: version}


@pytest.mark.parametrize("file", [
    pytest.param(an_elf({".rodata": b"\0" + DEFLATE}), id="ELF"),
    pytest.param(an_elf({".rodata": b"\0" + DEFLATE}, bits=32, order="big"), id="ELF, big endian"),
    pytest.param(an_elf({".rodata": b"\0" + DEFLATE}, named=False), id="ELF without sections"),
    pytest.param(an_elf({".rodata": DEFLATE}), id="at the start of a section"),
    pytest.param(an_elf({".rodata": b"\x85\xff" + DEFLATE}), id="behind binary data"),
    pytest.param(a_pe({".rdata": b"\0" + DEFLATE}), id="PE"),
    pytest.param(a_macho({"__cstring": b"\0" + DEFLATE}), id="Mach-O"),
    pytest.param(a_macho({"__const": b"\0" + DEFLATE}, universal=True), id="Mach-O, universal"),
    pytest.param(an_elf({".rodata": bytes(9 << 20) + DEFLATE}), id="far behind"),
    pytest.param(b"\x7fELF" + DEFLATE, id="a damaged header"),
])  # fmt: skip
def test_it_is_known_in_any_form_of_file(file: bytes) -> None:
    assert found(file) == {"zlib": "1.3.1"}


@pytest.mark.parametrize("text", [
    pytest.param(b"built with OpenSSL 3.0.17 1 Jul 2025\0", id="what it was built with"),
    pytest.param(OPENSSL, id="the headers' text in a program built with them"),
    pytest.param(b"Make sure that you link to OpenSSL >= 1.0.2.\0", id="what it asks for"),
    pytest.param(b"curl/8.5.0 OpenSSL/3.0.2 zlib/1.3.1 libssh/0.10.6\0", id="a list of versions"),
    pytest.param(b"compiled with zlib 1.2.13 and libpng 1.6.39\0", id="names and versions"),
    pytest.param(b"libpng version 1.6.39\nneeded\0", id="a text without its witness"),
    pytest.param(b"OpenSSH_6.6.1*\0OpenSSH_2.*\0", id="peers it is careful with"),
    pytest.param(b"3.40.1\x001.2.13\x007.0.15\0", id="versions and nothing else"),
    pytest.param(SQLITE + b"3.40.1\x003.41.0\0", id="two versions that it may be"),
    pytest.param(DEFLATE + b"1.3.1.zlib-ng\0", id="a fork"),
    pytest.param(b"https://nodejs.org/download/release/v21.2.0/node-v21.2.0-headers.tar.gz\0",
                 id="what it downloads"),
    pytest.param(b"", id="nothing"),
])  # fmt: skip
def test_a_program_that_only_speaks_of_another_is_not_it(text: bytes) -> None:
    assert holding(text) == {}


def test_a_library_that_is_loaded_is_not_inside() -> None:
    text = OPENSSL + OF_LIBCRYPTO

    assert found(linked(text, needed=["libcrypto.so.3"])) == {}
    assert found(linked(text, needed=["libz.so.1"])) == {"openssl": "3.0.17"}
    assert found(linked(text, soname="libcrypto.so.3", needed=["libcrypto.so.3"])) == {
        "openssl": "3.0.17"
    }


@pytest.mark.parametrize(("soname", "text", "expected"), [
    ("libnghttp2.so.14", b"\xff1.52.0\0", {"nghttp2": "1.52.0"}),
    ("libnghttp2-8b9c369e.so.14.27.0", b"\xff1.52.0\0", {"nghttp2": "1.52.0"}),
    ("libnghttp2_asio.so.1", b"\xff1.52.0\0", {"nghttp2": "1.52.0"}),
    ("libnghttp3.so.9", b"\xff1.52.0\0", {}),
    ("libnghttp2.so.14", b"\xff1.52.0\x001.53.0\0", {}),
    ("", b"\xff1.52.0\0", {}),
])  # fmt: skip
def test_a_library_whose_texts_are_plain_is_known_by_its_own_name(
    soname: str, text: bytes, expected: dict[str, str | None]
) -> None:
    assert found(linked(text, soname=soname)) == expected


def test_two_copies_are_two() -> None:
    older = DEFLATE.replace(b"1.3.1", b"1.2.13")

    versions = [
        one.version for one in packages_of(PROGRAMS, "/a", an_elf({".rodata": DEFLATE + older}))
    ]

    assert versions == ["1.3.1", "1.2.13"]


def test_what_names_a_hundred_versions_is_a_list_of_them() -> None:
    listed = b"".join(b"BusyBox v1.%d.0\0" % minor for minor in range(17, 37))

    assert holding(listed) == {}


@pytest.mark.parametrize(("path", "text", "evidence"), [
    ("/opt/lib/libz.so.1.3.1", DEFLATE, Evidence.CONTENT),
    ("/opt/app/server", DEFLATE, Evidence.BUNDLED),
    ("/opt/app/libzoo.so", DEFLATE, Evidence.BUNDLED),
    ("/opt/tools/box", b"BusyBox v1.35.0\0", Evidence.CONTENT),
])  # fmt: skip
def test_a_library_in_a_file_of_another_name_is_bundled(
    path: str, text: bytes, evidence: Evidence
) -> None:
    (package,) = packages_of(PROGRAMS, path, an_elf({".rodata": b"\0" + text}))

    assert package.evidence is evidence


def test_the_text_that_proves_it_is_kept() -> None:
    (package,) = packages_of(PROGRAMS, "/opt/app/server", an_elf({".rodata": DEFLATE}))

    assert package == Package(
        type="generic", name="zlib", version="1.3.1", paths=("/opt/app/server",),
        evidence=Evidence.BUNDLED, proof="deflate 1.3.1 Copyright 1995-2024 J",
    )  # fmt: skip


def test_a_version_that_stands_by_itself_is_concluded() -> None:
    (package,) = packages_of(PROGRAMS, "/a", an_elf({".rodata": SQLITE + b"3.40.1\0"}))

    assert package.certainty is Certainty.INFERRED


def test_a_package_note_names_the_package() -> None:
    said = {"type": "rpm", "name": "bash", "version": "5.2.15-3.fc39", "architecture": "x86_64"}
    data = an_elf({".note.package": a_note(json.dumps(said).encode() + b"\0\0")})

    (package,) = packages_of(PROGRAMS, "/opt/sh", data)

    assert (package.name, package.version) == ("bash", "5.2.15-3.fc39")
    assert package.evidence is Evidence.CONTENT
    assert package.proof == json.dumps(said)


@pytest.mark.parametrize(("note", "reason"), [
    (b"abc", "its package note is cut off"),
    (a_note(b'{"name":'), "its package note is no JSON"),
    (a_note(b"[" * 20000), "its package note is no JSON"),
    (a_note(b"[]"), "its package note has no fit name or version"),
    (a_note(b'{"name": "a", "version": 1}'), "its package note has no fit name or version"),
    (a_note(b'{"name": "", "version": "\\ud800"}'), "its package note has no fit name or version"),
])  # fmt: skip
def test_a_package_note_that_cannot_be_read_is_said_and_hides_nothing(
    note: bytes, reason: str
) -> None:
    facts, error = reading(PROGRAMS, "/a", an_elf({".note.package": note, ".rodata": DEFLATE}))

    assert error == f"/a: {reason}"
    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["zlib"]


@pytest.mark.parametrize("note", [
    pytest.param(a_note(b"{}", owner=b"GNU\0"), id="of another owner"),
    pytest.param(a_note(b"{}", kind=3), id="of another kind"),
])  # fmt: skip
def test_another_note_is_no_package_note(note: bytes) -> None:
    assert found(an_elf({".note.package": note})) == {}


def test_a_version_resource_names_the_product() -> None:
    resource = a_resource(CompanyName="Example", FileVersion="4.4.6", ProductName="Scintilla")

    assert found(a_pe({".rsrc": resource})) == {"Scintilla": "4.4.6"}
    assert found(a_pe({".rsrc": a_resource(ProductName="Scintilla")})) == {}
    assert found(a_pe({".rsrc": a_resource(FileVersion="1", ProductName="  ")})) == {}


def test_a_version_resource_that_says_what_the_bytes_say_is_not_repeated() -> None:
    resource = a_resource(FileVersion="1.3.1", ProductName="The zlib library")

    assert found(a_pe({".rsrc": resource, ".rdata": b"\0" + DEFLATE})) == {"zlib": "1.3.1"}


@pytest.mark.parametrize("data", [
    pytest.param(linked(SQLITE + OPENSSL + OF_LIBCRYPTO + DEFLATE, soname="libz.so.1"), id="ELF"),
    pytest.param(an_elf({".note.package": a_note(b'{"name": "a", "version": "1"}')}), id="note"),
    pytest.param(a_pe({".rsrc": a_resource(FileVersion="1", ProductName="a")}), id="PE"),
])  # fmt: skip
def test_damage_is_survived(data: bytes) -> None:
    for changed in damaged(data):
        for fact in reading(PROGRAMS, "/a", changed)[0]:
            assert isinstance(fact, Package)
            assert fact.proof is not None
            assert fact.proof.isprintable()


@pytest.mark.slow
def test_a_file_of_nothing_but_numbers_ends_and_is_said_to_be_cut() -> None:
    _, error = reading(PROGRAMS, "/a", an_elf({".rodata": b"1.2." * (16 << 20)}))

    assert error == "/a: it holds too many numbers to be searched to its end"


class Proof(NamedTuple):
    """One program as it was met in a real file, with the texts that tell it there."""

    name: str
    version: str
    origin: str  # kind, a colon, and what to ask the kind's client for
    file: str
    known: str | None  # what else says so: the package's version, the file's name
    soname: str | None
    needed: list[str]
    texts: list[str]

    @property
    def kind(self) -> str:
        return self.origin.partition(":")[0]


PROOFS = [Proof(**json.loads(line)) for line in FACTS.read_text().splitlines()]
BY_NAME = {
    name: [proof for proof in PROOFS if proof.name == name]
    for name in sorted({one.name for one in FINGERPRINTS})
}


def is_proven(proofs: list[Proof]) -> bool:
    """Whether two versions and two kinds of origin were met."""
    return len({one.version for one in proofs}) > 1 and len({one.kind for one in proofs}) > 1


def documented() -> dict[str, str]:
    """What was met of each fingerprint, by its name."""
    rows = re.findall(r"(?m)^\| `([^`]+)` \|(.*)\|$", DOCUMENTED.read_text())
    return {name: cells.split("|")[-1].strip() for name, cells in rows}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_program_is_known_in_each_version_and_build_that_was_met(name: str) -> None:
    for proof in BY_NAME[name]:
        texts = b"".join(b"\0" + text.encode("latin-1") + b"\0" for text in proof.texts)

        data = linked(texts, soname=proof.soname or "", needed=proof.needed)

        versions = [
            one.version for one in packages_of(PROGRAMS, "/a", data) if one.name == proof.name
        ]
        assert proof.version in versions, proof


def test_every_fingerprint_is_proven_or_documented_as_not() -> None:
    stated = documented()

    assert set(stated) == set(BY_NAME)
    for name, proofs in BY_NAME.items():
        assert stated[name].startswith("not proven: ") is not is_proven(proofs), name
        assert all(f"{one.kind} {one.version}" in stated[name] for one in proofs), name


def test_what_is_not_proven_is_inferred_however_it_is_found() -> None:
    assert {name for name, proofs in BY_NAME.items() if not is_proven(proofs)} == UNPROVEN
    (package,) = packages_of(PROGRAMS, "/a", an_elf({".rodata": b"\0Berkeley DB 5.3.28: (\0"}))
    assert package.certainty is Certainty.INFERRED


def test_a_hundred_programs_are_proven_by_two_versions_from_two_origins() -> None:
    assert len([name for name, proofs in BY_NAME.items() if is_proven(proofs)]) >= 100


def test_every_fingerprint_names_its_product_and_is_bounded() -> None:
    for one in FINGERPRINTS:
        assert re.fullmatch(r"[a-z0-9_.-]+:[a-z0-9_.\\/-]+", one.cpe), one.name
        assert not re.search(rb"(?<!\\)[*+](?!\])", re.sub(rb"\[[^]]*\]", b"", one.pattern.pattern))


@pytest.mark.slow
@pytest.mark.registry
@pytest.mark.parametrize("origin", SAMPLE)
def test_what_was_recorded_is_what_the_origin_holds(origin: str, tmp_path: Path) -> None:
    """The script that wrote the proofs is the one that fetches again."""
    got = subprocess.run(
        [sys.executable, SCRIPT, "--folder", tmp_path, "--keep", "50", origin],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if f"{origin}: " in got.stderr or not got.stdout:
        pytest.skip(f"{origin} cannot be fetched")

    fresh = {(row["name"], row["version"]) for row in map(json.loads, got.stdout.splitlines())}

    recorded = {(one.name, one.version) for one in PROOFS if one.origin == origin}
    assert recorded
    assert recorded <= fresh


@pytest.mark.slow
@pytest.mark.registry
@pytest.mark.parametrize(("wheel", "platform", "expected"), [
    pytest.param(
        "psycopg2-binary==2.9.13", "win_amd64",
        {("openssl", "3.6.4"), ("The OpenSSL Toolkit", "3.6.4"), ("PostgreSQL", "18.4")},
        id="PE, with version resources",
    ),
    pytest.param(
        "cryptography==50.0.2", "macosx_11_0_arm64", {("openssl", "4.0.3")},
        id="Mach-O",
    ),
])  # fmt: skip
def test_files_of_other_systems_say_what_they_hold(
    wheel: str, platform: str, expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    got = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:",
         "--python-version=3.11", f"--platform={platform}", wheel],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    if got.returncode:
        pytest.skip(f"{wheel} cannot be downloaded")
    (archive,) = tmp_path.glob("*.whl")

    recognised: set[tuple[str, str | None]] = set()
    with zipfile.ZipFile(archive) as members:
        for member in members.namelist():
            data = members.read(member)
            if data.startswith((b"MZ", b"\xcf\xfa\xed\xfe")):
                recognised |= {
                    (one.name, one.version) for one in packages_of(PROGRAMS, f"/{member}", data)
                }

    assert recognised == expected
