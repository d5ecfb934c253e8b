"""Package files into the files that they would install: forms that no tool here builds."""

import bz2
import gzip
from pathlib import Path

import pytest
import zstandard

from builders import a_zip, file_inventory
from lading.catalog.inventory import Inventory
from package_files import a_deb, a_gem, a_tar_of, an_apk, an_ar, an_rpm

INDEX = b'{"name":"thing","version":"1.0","subdir":"noarch"}'
INNER = b"Metadata-Version: 2.1\nName: inner\nVersion: 3\n"
FILES = {"site-packages/inner-3.dist-info/METADATA": INNER}
PKG = zstandard.compress(a_tar_of(FILES))
INFO = zstandard.compress(a_tar_of({"info/index.json": INDEX}))
CONDA = a_zip({"metadata.json": b"{}", "pkg-thing.tar.zst": PKG, "info-thing.tar.zst": INFO})


def inventory_of(folder: Path, name: str, data: bytes) -> Inventory:
    (folder / name).write_bytes(data)
    return file_inventory(folder / name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("thing-1.0-0.conda", CONDA),
        ("thing-1.0-0.tar.bz2", bz2.compress(a_tar_of({"info/index.json": INDEX, **FILES}))),
    ],
)
def test_both_forms_of_conda_packages_are_walked(tmp_path: Path, name: str, data: bytes) -> None:
    found = inventory_of(tmp_path, name, data)

    assert found.problems == ()
    assert [(one.type, one.name) for one in found.packages] == [
        ("conda", "thing"), ("pypi", "inner"),
    ]  # fmt: skip
    assert found.packages[1].paths == (f"/{name}!/site-packages/inner-3.dist-info/METADATA",)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("x.deb", an_ar({"debian-binary": b"2.0\n"}), "without data.tar", id="deb"),
        pytest.param("x.gem", a_tar_of({"metadata.gz": b""}), "without data.tar.gz", id="gem"),
        pytest.param("x.conda", a_zip({"a": b""}), "without pkg-*.tar.zst", id="conda"),
        pytest.param("x.apk", gzip.compress(a_tar_of({"a": b""})), "without .PKGINFO", id="apk"),
        pytest.param("x.rpm", an_rpm({}, tags={1124: "drpm"}), "the form drpm", id="delta rpm"),
        pytest.param("x.rpm", an_rpm({})[:200], "header", id="cut rpm"),
        pytest.param("x.apk", an_apk(b"pkgname = x\n", {})[:120], "cut short", id="cut apk"),
        pytest.param("x.deb", a_deb(b"", {}).replace(b"`\n", b"??"), "is damaged", id="no ar"),
        pytest.param("x.gem", a_gem(b"", {})[:300], "cut short", id="cut gem"),
    ],
)
def test_a_package_without_its_parts_says_which(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    found = inventory_of(tmp_path, name, data)

    assert any(reason in problem.reason for problem in found.problems)
