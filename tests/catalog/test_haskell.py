"""GHC's package databases, as GHC itself ships them, and as cabal registers packages in its own."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.haskell import HASKELL

GHC = Path("/var/lib/ghc")
PATH = "/usr/lib/ghc/package.conf.d/text-2.0.2.conf"
CONF = b"""name:                 text
version:              2.0.2
visibility:           public
id:                   text-2.0.2
license:              BSD-2-Clause
copyright:
    2009-2011 Some One,
    2008-2009 Another

maintainer:
    Some One <one@example.org>

depends:
    array-0.5.4.0 base-4.17.2.1
    ghc-prim-0.9.1-4a6f random-1.2.1-AbC9z
"""


@pytest.mark.skipif(not GHC.is_dir(), reason="GHC is not installed")
def test_what_ghc_registered_is_read() -> None:
    packages, _ = packages_below(GHC, HASKELL)

    stems = {path.stem for path in GHC.glob("package.conf.d/*.conf")} - {"rts"}
    assert stems <= {f"{one.name}-{one.version}" for one in packages.values()}
    assert "rts" in packages  # its file is called so without a version


@pytest.mark.skipif(shutil.which("ghc-pkg") is None, reason="GHC is not installed")
def test_edges_are_those_that_ghc_lists() -> None:
    listed = subprocess.run(
        ["ghc-pkg", "--global", "field", "*", "id,depends"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    packages, _ = packages_below(GHC, HASKELL)

    found = edges_among(*(replace(one, id=one.provides[0]) for one in packages.values()))

    judged: dict[str, list[str]] = {}
    for row in listed.split("id: ")[1:]:
        id, *needs = row.replace("depends:", "").split()
        judged |= {id: sorted(needs)} if needs else {}
    assert len(judged) > 20
    assert found == judged


CABAL = """cabal-version: 2.4
name: {name}
version: {version}
license: MIT
build-type: Simple
library
  exposed-modules: {module}
  build-depends: base, {needs}
  default-language: Haskell2010
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cabal") is None, reason="cabal is not installed")
def test_what_cabal_installed_in_its_store_is_read(tmp_path: Path) -> None:
    around = os.environ | {"HOME": str(tmp_path), "CABAL_CONFIG": str(tmp_path / "config")}
    (tmp_path / "config").write_text(
        f"repository local\n  url: file+noindex://{tmp_path}/index\nstore-dir: {tmp_path}/store\n"
    )

    def cabal(*arguments: str, at: str = "") -> None:
        subprocess.run(
            ["cabal", *arguments], check=True, capture_output=True, cwd=tmp_path / at, env=around
        )

    for name, version, module, needs in (
        ("lading-one", "1.2.0.1", "One", "bytestring"), ("lading-two", "2.0", "Two", "lading-one"),
    ):  # fmt: skip
        place = tmp_path / name
        place.mkdir()
        (place / f"{module}.hs").write_text(f"module {module} where\n")
        text = CABAL.format(name=name, version=version, module=module, needs=needs)
        (place / f"{name}.cabal").write_text(text)
        cabal("sdist", "-o", "../index", at=name)
    cabal("v2-update")
    cabal("v2-install", "--lib", "lading-two", f"--package-env={tmp_path}/env")

    packages, _ = packages_below(tmp_path / "store", HASKELL)

    assert {name: one.version for name, one in packages.items()} == {
        "lading-one": "1.2.0.1", "lading-two": "2.0",
    }  # fmt: skip
    assert edges_among(*(replace(one, id=one.name) for one in packages.values())) == {
        "lading-two": ["lading-one"]
    }


def test_every_fact_is_read_past_blank_lines() -> None:
    (package,) = packages_of(HASKELL, PATH, CONF)

    assert (package.type, package.name, package.version) == ("hackage", "text", "2.0.2")
    assert package.licenses == ("BSD-2-Clause",)
    assert package.requires == (
        "array-0.5.4.0", "base-4.17.2.1", "ghc-prim-0.9.1-4a6f", "random-1.2.1-AbC9z",
    )  # fmt: skip
    assert package.provides == ("text-2.0.2",)
    assert package.vendor == "Some One <one@example.org>"


def test_a_library_within_a_package_is_of_the_package() -> None:
    inner = CONF.replace(
        b"name:                 text", b"name: z-text-z-inner\npackage-name: text", 1
    )

    (package,) = packages_of(HASKELL, "/home/me/.cabal/store/ghc-9.4/package.db/t.conf", inner)

    assert package.name == "text"


@pytest.mark.parametrize("field", [b"name", b"version"])
def test_a_record_without_name_or_version_is_refused(field: bytes) -> None:
    facts, error = reading(HASKELL, PATH, CONF.replace(field, b"other", 1))

    assert facts == []
    assert "is missing" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(CONF):
        reading(HASKELL, PATH, data)
