"""OCaml packages, as opam itself installs them."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.opam import OPAM

PATH = "/home/opam/.opam/4.14/.opam-switch/packages/two.2.1/opam"
HEAD = """opam-version: "2.0"
synopsis: "Sample"
maintainer: "one@example.org"
authors: "One"
homepage: "https://example.org"
bug-reports: "https://example.org"
"""
ONE = HEAD + 'license: "MIT"\n'
TWO = (
    HEAD
    + """license: ["MIT" "ISC"]
description: \"\"\"
depends: [ "prose" ]\"\"\"
depends: [
  "one" {>= "1.0" & build}  # a comment
  "three" {with-test}
  ("four" | "one" {< "2"})
  "five" {with-doc & (dev | >= "3")} (* another *)
]
depopts: "six"
conflicts: ["seven"]
"""
)


@pytest.mark.skipif(shutil.which("opam") is None, reason="opam is not installed")
def test_what_opam_installed_is_read_as_it_lists_it(tmp_path: Path) -> None:
    around = os.environ | {
        "HOME": str(tmp_path), "OPAMROOT": str(tmp_path / ".opam"), "OPAMROOTISOK": "1",
        "OPAMYES": "1", "OPAMCOLOR": "never",
    }  # fmt: skip

    def opam(*arguments: str) -> str:
        return subprocess.run(
            ["opam", *arguments], check=True, capture_output=True, text=True, env=around
        ).stdout

    for stem, text in (("one/one.1.0", ONE), ("two/two.2.1+b~c", TWO)):
        place = tmp_path / "repository" / "packages" / stem
        place.mkdir(parents=True)
        (place / "opam").write_text(text)
    (tmp_path / "repository" / "repo").write_text('opam-version: "2.0"\n')
    opam("init", "--bare", "--no-setup", "--disable-sandboxing", "-k", "local",
         str(tmp_path / "repository"))  # fmt: skip
    opam("switch", "create", "sample", "--empty")
    opam("install", "two")

    packages, _ = packages_below(tmp_path, OPAM)

    columns = ("--installed", "--short", "--columns", "name,version")
    rows = [line.split() for line in opam("list", *columns).splitlines()]
    assert {name: one.version for name, one in packages.items()} == dict(rows)
    needs = opam("list", "--installed", "--short", "--required-by", "two").split()
    found = edges_among(*(replace(one, id=one.name) for one in packages.values()))
    assert found == {"two": needs} == {"two": ["one"]}


def test_what_is_asked_for_is_read_without_tests_and_documents() -> None:
    (package,) = packages_of(OPAM, PATH, TWO.encode())

    assert (package.type, package.name, package.version) == ("opam", "two", "2.1")
    assert package.licenses == ("MIT", "ISC")
    assert package.requires == ("one", "four")


@pytest.mark.parametrize("text", [
    b"", b"\xff\xfe", b"depends: [", b"depends: " + b"[" * 50_000, b"depends: [{" * 50_000,
    b"depends: }" * 9, b'"""' * 50_001,
])  # fmt: skip
def test_the_package_is_there_whatever_its_file_says(text: bytes) -> None:
    (package,) = packages_of(OPAM, PATH, text)

    assert package.requires == ()


@pytest.mark.parametrize("folder", ["two", ".2", "two."])
def test_a_folder_that_names_no_package_is_refused(folder: str) -> None:
    facts, error = reading(OPAM, PATH.replace("two.2.1", folder), ONE.encode())

    assert facts == []
    assert "is none" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(TWO.encode()):
        assert reading(OPAM, PATH, data)[0]
