"""Julia's depots and manifests, after its documentation."""

import pytest

from builders import damaged, declared_by, packages_of, reading
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
uuid = "ade2ca70-3891-5945-98fb-dc099432e06a"

[[{0}JSON]]
deps = ["Dates"]
uuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"
version = "0.21.4"

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
    assert declared_by(JULIA, MANIFEST, text) == [("JSON", "0.21.4")]


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
