"""Snaps as snapd reads them; manifests of what was staged into them, after their documentation."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
from lading.catalog.snap import SNAP
from lading.model.package import Evidence

META = "/snap/hello/42/meta/snap.yaml"
MANIFEST = "/snap/hello/42/snap/manifest.yaml"
BASE = "/snap/core22/1/usr/share/snappy/dpkg.yaml"
STAGED = b"""name: hello
version: '2.10'
summary: version 3 of a thing
parts:
  hello:
    stage-packages:
    - libc6=2.35-0ubuntu3.1
    - libfoo1:i386=1:2.0~rc1-1
    build-packages:
    - gcc=4:11.2.0-1ubuntu1
    nested:
      name: another
primed-stage-packages:
- libc6=2.35-0ubuntu3.1
- "libbar=1.0"
"""


@pytest.mark.skipif(shutil.which("snap") is None, reason="snapd is not installed")
@pytest.mark.parametrize("version", ["'1.10'", '"1.10"', "1.2-3~git5", "1.0.0+b1"])
def test_a_snap_is_what_snapd_says_it_is(tmp_path: Path, version: str) -> None:
    meta = tmp_path / "tree" / "meta"
    meta.mkdir(parents=True)
    (meta / "snap.yaml").write_text(
        f"name: lading-sample\nversion: {version}\nsummary: A\ndescription: |\n  version: 9\n"
        "architectures: [amd64]\nconfinement: strict\n"
    )
    around = os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def snap(*arguments: str) -> str:
        return subprocess.run(
            ["snap", *arguments], check=True, capture_output=True, text=True, cwd=tmp_path,
            env=around,
        ).stdout  # fmt: skip

    snap("pack", "tree", "packed")
    (packed,) = (tmp_path / "packed").glob("*.snap")
    told = dict(re.findall(r"(?m)^(name|version):\s+(\S+)", snap("info", str(packed))))

    packages, _ = packages_below(tmp_path / "tree", SNAP, prefix="/snap/lading-sample/1")

    assert {name: one.version for name, one in packages.items()} == {told["name"]: told["version"]}


@pytest.mark.parametrize(("stated", "version"), [
    ("version: '1.10'", "1.10"),
    ('version: "git-1"', "git-1"),
    ("version: 2.0  # from the tag", "2.0"),
    ("adopt-info: part", None),
])  # fmt: skip
def test_the_snap_is_read_from_its_scalars(stated: str, version: str | None) -> None:
    data = f"name: hello\n{stated}\napps:\n  name: other\n".encode()

    (package,) = packages_of(SNAP, META, data)

    assert (package.type, package.name, package.version) == ("generic", "hello", version)


def test_staged_packages_are_bundled_and_build_tools_are_not_there() -> None:
    found = packages_of(SNAP, MANIFEST, STAGED)

    rows = [(one.type, one.name, one.version, one.arch) for one in found]
    assert rows == [
        ("deb", "libc6", "2.35-0ubuntu3.1", None),
        ("deb", "libfoo1", "1:2.0~rc1-1", "i386"),
        ("deb", "libbar", "1.0", None),
        ("generic", "hello", "2.10", None),
    ]
    assert {one.evidence for one in found if one.type == "deb"} == {Evidence.BUNDLED}


def test_the_packages_of_a_base_snap_are_installed() -> None:
    data = b"package-repositories:\n- type=apt\npackages:\n- adduser=3.118ubuntu5\n- apt=2.4.11\n"

    found = packages_of(SNAP, BASE, data)

    assert [(one.name, one.version) for one in found] == [
        ("adduser", "3.118ubuntu5"), ("apt", "2.4.11"),
    ]  # fmt: skip
    assert {one.evidence for one in found} == {Evidence.INSTALLED}


@pytest.mark.parametrize(("path", "data", "reason"), [
    (META, b"version: 1\n", "its name is missing"),
    (META, b"", "its name is missing"),
    (BASE, b"", "empty"),
    (META, b"name: " + b" " * (1 << 20) + b"x", "its name is missing"),
])  # fmt: skip
def test_a_file_that_names_nothing_is_refused(path: str, data: bytes, reason: str) -> None:
    facts, error = reading(SNAP, path, data)

    assert facts == []
    assert reason in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(STAGED):
        reading(SNAP, MANIFEST, data)
