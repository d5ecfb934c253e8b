"""Snaps and their manifests, after their documentation."""

import pytest

from builders import damaged, packages_of, reading
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
