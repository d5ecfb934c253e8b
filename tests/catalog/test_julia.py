"""Julia's depots after its documentation, and manifests that Pkg wrote for two applications."""

from dataclasses import replace

import pytest

from builders import asking, damaged, declared_by, edges_among, packages_of, reading
from lading.catalog.julia import JULIA
from lading.model.package import Evidence

DEPOT = "/root/.julia/packages/JSON/93Ea8/Project.toml"
MANIFEST = "/app/Manifest.toml"
PROJECT = b"""name = "JSON"
uuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"
version = "0.21.4"

[deps]
Dates = "ade2ca70-3891-5945-98fb-dc099432e06a"
Parsers = "69de0a69-1ddd-5017-9359-2bf0b02dc9f0"
"""
ROWS = """[[{0}Dates]]
deps = ["Printf"]
uuid = "ade2ca70-3891-5945-98fb-dc099432e06a"

[[{0}JSON]]
deps = ["Dates", "Mmap", "Parsers", "Unicode"]
git-tree-sha1 = "b34d7cef7b337321e97d22242c3c2b91f476748e"
uuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"
version = "0.21.4"

[[{0}Parsers]]
git-tree-sha1 = "eb3e09940c0d7ae01b01d9291ebad7b081c844d3"
uuid = "69de0a69-1ddd-5017-9359-2bf0b02dc9f0"
version = "1.0.5"

[[{0}Mine]]
path = "Mine"
version = "0.1.0"
"""
OLD = ROWS.format("")
NEW = 'julia_version = "1.9.3"\nmanifest_format = "2.0"\n\n' + ROWS.format("deps.")


def test_a_package_of_a_depot_is_installed() -> None:
    (package,) = packages_of(JULIA, DEPOT, PROJECT)

    assert (package.type, package.name, package.version) == ("julia", "JSON", "0.21.4")
    assert package.evidence is Evidence.INSTALLED
    assert package.requires == ("Dates", "Parsers")


@pytest.mark.parametrize("text", [OLD, NEW])
def test_a_manifest_declares_what_is_neither_its_own_nor_julias(text: str) -> None:
    assert declared_by(JULIA, MANIFEST, text) == [("JSON", "0.21.4"), ("Parsers", "1.0.5")]


def test_a_manifest_says_what_asks_for_what() -> None:
    found = packages_of(JULIA, MANIFEST, NEW.encode())

    assert edges_among(*(replace(one, id=one.name) for one in found)) == {"JSON": ["Parsers"]}


def test_a_package_asks_for_what_its_own_depot_has() -> None:
    at = "/root/.julia/packages/{0}/x/Project.toml"
    other = "/opt/depot/packages/Parsers/x/Project.toml"
    found = edges_among(
        asking("JSON", "Parsers", "Dates", type="julia", at=at.format("JSON")),
        asking("Parsers", type="julia", version="1", at=at.format("Parsers")),
        asking("Parsers", type="julia", version="2", at=other),
    )

    assert found == {"JSON": ["Parsers 1"]}


STDLIB = "/usr/local/julia/share/julia/stdlib/v1.9/{}/Project.toml"


def test_what_comes_with_julia_is_read_where_it_has_a_version_of_its_own() -> None:
    (package,) = packages_of(JULIA, STDLIB.format("LibCURL_jll"),
        b'name = "LibCURL_jll"\nversion = "7.84.0+0"\n\n[deps]\nZlib_jll = "8377"\n')  # fmt: skip

    assert (package.name, package.version) == ("LibCURL_jll", "7.84.0+0")
    assert packages_of(JULIA, STDLIB.format("Dates"), b'name = "Dates"\n') == []


@pytest.mark.parametrize(("path", "data"), [
    (DEPOT, b""), (DEPOT, b"name = 7\nversion = '1'"), (DEPOT, b"name = 'a'"), (DEPOT, b"= ["),
    (MANIFEST, b"= ["), (MANIFEST, b"[[a]]\nversion = 7\n"),
])  # fmt: skip
def test_what_cannot_be_understood_is_refused(path: str, data: bytes) -> None:
    facts, error = reading(JULIA, path, data)

    assert facts == []
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(PROJECT):
        reading(JULIA, DEPOT, data)
    for data in damaged(NEW.encode(), times=100):
        reading(JULIA, MANIFEST, data)
