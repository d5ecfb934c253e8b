"""Key ids in signatures: packets of every form, and rpm's own word for real packages."""

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_of
from lading.catalog.rpm import RPM
from lading.catalog.rpmdb.signature import key_id, key_id_of_text
from rpm_databases import a_header, header_of, sqlite_of
from shared_data import shared

ID = bytes.fromhex("199e2f91fd431d51")
V3 = b"\x03\x05\x00TIME" + ID + b"\x01\x08xx"
ISSUER = b"\x09\x10" + ID
FINGERPRINT = b"\x16\x21\x04" + bytes(12) + ID
TIME = b"\x05\x02time"


def v4(hashed: bytes, unhashed: bytes) -> bytes:
    sizes = [len(area).to_bytes(2, "big") for area in (hashed, unhashed)]
    return b"\x04\x00\x01\x08" + sizes[0] + hashed + sizes[1] + unhashed + b"xx"


def old_form(body: bytes) -> bytes:
    return b"\x89" + len(body).to_bytes(2, "big") + body


def new_form(body: bytes) -> bytes:
    return b"\xc2" + bytes([len(body)]) + body


@pytest.mark.parametrize("form", [old_form, new_form])
@pytest.mark.parametrize("body", [
    pytest.param(V3, id="version 3"),
    pytest.param(v4(TIME, ISSUER), id="an issuer that is not hashed"),
    pytest.param(v4(ISSUER + TIME, b""), id="an issuer that is hashed"),
    pytest.param(v4(FINGERPRINT + TIME, b""), id="a fingerprint alone"),
    pytest.param(v4(b"\xff\0\0\0\x05\x14text" + FINGERPRINT, ISSUER), id="a long length"),
])  # fmt: skip
def test_the_issuer_is_found_in_signatures_of_every_form(form: object, body: bytes) -> None:
    assert callable(form)
    assert key_id(form(body)) == ID.hex()


def test_a_signature_in_base_64_is_read_too() -> None:
    header = header_of(
        [(278, [base64.b64encode(new_form(V3)).decode()]), (1000, "a"), (1001, "1"), (1002, "2")]
    )

    [package] = packages_of(RPM, "/var/lib/rpm/rpmdb.sqlite", sqlite_of([header]))

    assert package.key_id == ID.hex()


def test_a_package_that_nobody_signed_has_no_key() -> None:
    [package] = packages_of(RPM, "/var/lib/rpm/rpmdb.sqlite", sqlite_of([a_header("a")]))

    assert package.key_id is None


@pytest.mark.parametrize("packet", [
    b"", b"\x89", b"\x99\x00\x01x", old_form(b"\x05xx"), old_form(v4(TIME, TIME)),
    old_form(v4(b"\x00" * 9, b"\xff")), new_form(b"\x03\x05"),
])  # fmt: skip
def test_what_states_no_issuer_gives_none(packet: bytes) -> None:
    assert key_id(packet) is None


def test_damage_raises_nothing() -> None:
    for broken in damaged(new_form(v4(FINGERPRINT + TIME, ISSUER)), times=500):
        key_id(broken)
        key_id_of_text(broken.decode("latin-1"))


@pytest.mark.shared
@pytest.mark.skipif(shutil.which("rpm") is None, reason="needs rpm")
def test_rpm_says_the_same_of_a_real_package(tmp_path: Path) -> None:
    database = shared("pkgdb", "rpm-sqlite-osv-scanner", "var", "lib", "rpm", "rpmdb.sqlite")
    shutil.copy(database, tmp_path)
    told = subprocess.run(
        ["rpm", "--dbpath", tmp_path, "-qa", "--qf", "%{NAME} %{RSAHEADER:pgpsig}\n"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip

    found = packages_of(RPM, "/var/lib/rpm/rpmdb.sqlite", database.read_bytes())

    assert [(line.split()[0], line.split()[-1]) for line in told] == [
        (one.name, one.key_id) for one in found
    ]
