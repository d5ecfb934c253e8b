"""renv.lock as renv wrote it for an application; Bioconductor's rows after its manual."""

import json
from dataclasses import replace
from typing import Any

import pytest

from builders import asking, damaged, edges_among, packages_of, reading
from lading.catalog.renv_lock import RENV_LOCK
from lading.model.package import Evidence

PATH = "/app/renv.lock"
LOCK: dict[str, Any] = {
    "R": {"Version": "4.4.1", "Repositories": [{"Name": "CRAN", "URL": "https://example.org"}]},
    "Packages": {
        "blob": {
            "Package": "blob", "Version": "1.2.4", "Source": "Repository", "Repository": "CRAN",
            "Requirements": ["methods", "rlang", "vctrs"], "Hash": "4041",
        },
        "fastmap": {
            "Package": "fastmap", "Version": "1.2.0", "Source": "Repository", "Repository": "CRAN",
            "Hash": "aa5e",
        },
        "rlang": {
            "Package": "rlang", "Version": "1.1.4", "Source": "Repository", "Repository": "CRAN",
            "Requirements": ["R", "utils"], "Hash": "3eec",
        },
        "Biobase": {
            "Package": "Biobase", "Version": "2.58.0", "Source": "Bioconductor",
            "Depends": ["R (>= 2.10)", "BiocGenerics (>= 0.27.1)", "utils"], "Imports": ["rlang"],
        },
    },
}  # fmt: skip
DATA = json.dumps(LOCK).encode()


def test_packages_are_declared_of_the_repository_they_are_from() -> None:
    found = packages_of(RENV_LOCK, PATH, DATA)

    assert {one.evidence for one in found} == {Evidence.DECLARED}
    assert [(one.type, one.name, one.version) for one in found] == [
        ("cran", "blob", "1.2.4"), ("cran", "fastmap", "1.2.0"), ("cran", "rlang", "1.1.4"),
        ("bioconductor", "Biobase", "2.58.0"),
    ]  # fmt: skip


def test_what_a_package_asks_for_is_answered_by_the_same_lock() -> None:
    found = [replace(one, id=one.name) for one in packages_of(RENV_LOCK, PATH, DATA)]
    other = asking(
        "rlang", type="cran", version="2", at="/other/renv.lock", evidence=Evidence.DECLARED
    )

    assert edges_among(*found, other) == {"blob": ["rlang"], "Biobase": ["rlang"]}


@pytest.mark.parametrize("data", [
    b"", b"[]", b"{}", b'{"Packages": []}', b'{"Packages": {"a": 7}}', b'{"Packages": {"a": {}}}',
])  # fmt: skip
def test_what_lists_no_packages_is_refused(data: bytes) -> None:
    facts, error = reading(RENV_LOCK, PATH, data)

    assert facts == []
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(DATA):
        reading(RENV_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(RENV_LOCK, "/app/vendor/a/renv.lock", b"\xff") == ([], "")
