"""apk's database of installed packages, also as an image of Alpine has it."""

import json
import time

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.apk import APK
from lading.catalog.selection import Selection
from lading.model.package import Ownership, Package, SourcePackage
from shared_data import shared

PATH = "/lib/apk/db/installed"
BUSYBOX = """\
C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=
P:busybox-binsh
V:1.36.1-r15
A:x86_64
S:1543
T:a shell
L:GPL-2.0-only
o:busybox
m:Some One <some.one@example.org>
D:busybox=1.36.1-r15 so:libc.musl-x86_64.so.1 !other>2
p:/bin/sh cmd:sh=1.36.1-r15
F:bin
R:sh
a:0:0:777
Z:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=
F:usr/share
F:
R:top

"""


@pytest.mark.parametrize("path", ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"])
def test_both_places_are_read(path: str) -> None:
    assert Selection([APK]).by_path(path) == (APK,)


def test_a_record_is_a_package_and_its_files() -> None:
    facts, error = reading(APK, PATH, BUSYBOX.encode())

    assert error == ""
    assert facts == [
        Package(
            type="apk",
            name="busybox-binsh",
            version="1.36.1-r15",
            paths=(PATH,),
            arch="x86_64",
            source=SourcePackage(name="busybox", version="1.36.1-r15"),
            licenses=("GPL-2.0-only",),
            requires=("busybox", "so:libc.musl-x86_64.so.1"),
            provides=("/bin/sh", "cmd:sh"),
            vendor="Some One <some.one@example.org>",
        ),
        Ownership(
            type="apk",
            name="busybox-binsh",
            version="1.36.1-r15",
            arch="x86_64",
            paths=("/bin/sh", "/top"),
        ),
    ]


def test_a_package_without_origin_is_its_own_source() -> None:
    [package] = packages_of(APK, PATH, b"P:a\nV:1-r0\n\n")

    assert package.source == SourcePackage(name="a", version="1-r0")


def test_a_database_of_no_packages_is_fine() -> None:
    assert packages_of(APK, PATH, b"") == []


@pytest.mark.parametrize(
    "record", ["P:b\n", "V:2-r0\n", "P:\nV:2-r0\n", "P:b\nV:" + "9" * 600 + "\n"]
)
def test_a_broken_record_is_counted_and_hides_no_other(record: str) -> None:
    facts, error = reading(APK, PATH, f"P:a\nV:1-r0\n\n{record}\nP:c\nV:3-r0\n\n".encode())

    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["a", "c"]
    assert error.startswith("1 records cannot be understood")


def test_two_records_that_run_into_one_are_not_silent() -> None:
    assert "1 records" in reading(APK, PATH, b"P:a\nV:1-r0\nP:b\nV:2-r0\n\n")[1]


def test_a_database_that_was_cut_is_not_silent() -> None:
    facts, error = reading(APK, PATH, BUSYBOX.rstrip().encode()[:-2])

    assert facts
    assert "cut" in error


def test_a_folder_that_every_file_repeats_does_not_fill_the_memory() -> None:
    bomb = "P:a\nV:1-r0\nF:" + "x" * 1_000_000 + "\n" + "R:y\n" * 250_000 + "\nP:b\nV:1-r0\n\n"

    facts, error = reading(APK, PATH, bomb.encode())

    assert [type(fact) for fact in facts] == [Package, Package]
    assert "absurd length" in error


def test_damage_raises_nothing_else() -> None:
    for broken in damaged(BUSYBOX.encode()):
        reading(APK, PATH, broken)


def test_a_large_database_is_read_in_time() -> None:
    files = "".join(f"R:file{number}\na:0:0:755\nZ:Q1{'A' * 27}=\n" for number in range(100))
    record = BUSYBOX.rstrip() + "\nF:usr/lib/some/where\n" + files + "\n"
    started = time.process_time()

    facts, error = reading(APK, PATH, (record * 200).encode())

    assert error == ""
    assert sum(len(fact.paths) for fact in facts if isinstance(fact, Ownership)) == 200 * 102
    assert time.process_time() - started < 1


@pytest.mark.shared
def test_a_real_database_gives_exactly_its_packages() -> None:
    folder = shared("pkgdb", "apk-syft")
    expected = json.loads((folder / "expected.json").read_text())

    found = packages_of(APK, PATH, (folder / "lib/apk/db/installed").read_bytes())

    assert sorted(
        (one.name, one.version, one.arch, one.source.name, one.licenses)
        for one in found
        if one.source is not None
    ) == sorted(
        (one["name"], one["version"], one["arch"], one["source"], (one["licence"],))
        for one in expected
    )
