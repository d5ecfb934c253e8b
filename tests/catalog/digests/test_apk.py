"""Damage in apk's database; which digests are compared is in the ledger's tests."""

import time

import pytest

from builders import damaged
from catalog.digests.kept import files, kept
from lading.catalog.digests.apk import APK_DIGESTS
from shared_data import shared

PATH = "/lib/apk/db/installed"
SUM = "Q1" + "A" * 27 + "="
RECORD = f"P:a\nV:1-r0\nF:bin\nM:0:0:755\nR:x\na:0:0:755\nZ:{SUM}\nF:\nR:y\nZ:{SUM}\n\n"


def test_files_are_below_the_folder_before_them() -> None:
    assert files(APK_DIGESTS, PATH, RECORD.encode()) == {
        "/bin/x": "sha1:" + "00" * 20,
        "/y": "sha1:" + "00" * 20,
    }


@pytest.mark.parametrize("digest", ["", "Q1", "Q1A===", "Q2" + SUM[2:], "Q1ü", "Q3" + SUM[2:]])
def test_a_digest_of_another_form_is_counted(digest: str) -> None:
    found, error = kept(APK_DIGESTS, PATH, RECORD.replace(SUM, digest, 1).encode())

    assert len(found) == 1
    assert error == "1 of its digests are of no known form"


def test_a_folder_that_every_file_repeats_does_not_fill_the_memory() -> None:
    started = time.process_time()
    bomb = f"P:a\nV:1\nF:{'x' * 100_000}\n" + f"R:y\nZ:{SUM}\n" * 50_000

    found, error = kept(APK_DIGESTS, PATH, bomb.encode())

    assert found == []
    assert "absurd length" in error
    assert time.process_time() - started < 5


@pytest.mark.shared
def test_every_digest_of_a_real_database_is_kept() -> None:
    data = shared("pkgdb", "apk-syft", "lib", "apk", "db", "installed").read_bytes()

    assert len(files(APK_DIGESTS, PATH, data)) == data.count(b"\nZ:") > 0


def test_damage_raises_nothing_else() -> None:
    for broken in damaged(RECORD.encode()):
        kept(APK_DIGESTS, PATH, broken)
