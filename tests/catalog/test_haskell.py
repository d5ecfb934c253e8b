"""GHC's package databases, as GHC itself ships and registers them."""

from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
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
    assert "ghc-prim" in packages["bytestring"].requires


def test_every_fact_is_read_past_blank_lines() -> None:
    (package,) = packages_of(HASKELL, PATH, CONF)

    assert (package.type, package.name, package.version) == ("hackage", "text", "2.0.2")
    assert package.licenses == ("BSD-2-Clause",)
    assert package.requires == ("array", "base", "ghc-prim", "random")
    assert package.vendor == "Some One <one@example.org>"


@pytest.mark.parametrize("field", [b"name", b"version"])
def test_a_record_without_name_or_version_is_refused(field: bytes) -> None:
    facts, error = reading(HASKELL, PATH, CONF.replace(field, b"other", 1))

    assert facts == []
    assert "is missing" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(CONF):
        reading(HASKELL, PATH, data)
