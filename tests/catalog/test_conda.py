"""Conda's records, after its documentation."""

import json
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.conda import CONDA
from lading.model.package import Ownership

PATH = "/opt/conda/conda-meta/numpy-1.26.4-py311h64a7726_0.json"


def a_record(**facts: Any) -> bytes:
    dull = {"name": "numpy", "version": "1.26.4", "build": "py311h64a7726_0", "subdir": "linux-64"}
    return json.dumps(dull | facts).encode()


def test_the_record_states_the_package_and_its_files() -> None:
    data = a_record(
        license="BSD-3-Clause",
        depends=["python >=3.11,<3.12.0a0", "libblas >=3.9", "__glibc >=2.17"],
        files=["lib/python3.11/site-packages/numpy/__init__.py", 7, "bin/f2py"],
    )

    facts, error = reading(CONDA, PATH, data)

    (package,) = packages_of(CONDA, PATH, data)
    assert error == ""
    assert (package.type, package.name, package.version) == ("conda", "numpy", "1.26.4")
    assert (package.arch, package.licenses) == ("linux-64", ("BSD-3-Clause",))
    assert package.requires == ("python", "libblas")
    assert facts[1] == Ownership(
        type="conda", name="numpy", version="1.26.4",
        paths=("/opt/conda/lib/python3.11/site-packages/numpy/__init__.py", "/opt/conda/bin/f2py"),
    )  # fmt: skip


@pytest.mark.parametrize("facts", [{"name": None}, {"name": 7}, {"version": None}, {"version": []}])
def test_a_record_without_name_or_version_is_refused(facts: dict[str, Any]) -> None:
    found, error = reading(CONDA, PATH, a_record(**facts))

    assert found == []
    assert error != ""


@pytest.mark.parametrize("facts", [{"files": 7}, {"depends": {"python": 1}}, {"license": []}])
def test_values_of_another_type_are_passed_over(facts: dict[str, Any]) -> None:
    assert len(packages_of(CONDA, PATH, a_record(**facts))) == 1


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_record(files=["bin/f2py"], depends=["python"])):
        reading(CONDA, PATH, data)


def test_a_list_of_files_far_longer_than_the_record_is_refused() -> None:
    path = "/" + "deep/" * 700 + "conda-meta/a.json"

    facts, error = reading(CONDA, path, a_record(files=["a"] * 100_000))

    assert len(facts) == 1
    assert "absurd length" in error
