"""Conda's records, as rattler (the installer of pixi) writes them."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from catalog.assembling import inventory
from lading.catalog.conda import CONDA
from lading.catalog.python import PYTHON
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


# rattler may end its own process badly at exit, so that is not left to the interpreter.
INSTALL = """
import asyncio, json, os, sys
from pathlib import Path
import rattler

async def install():
    records = await rattler.solve(
        sources=[rattler.Channel(sys.argv[1])], specs=["two"],
        platforms=[rattler.Platform("linux-64"), rattler.Platform("noarch")])
    await rattler.install(
        records, target_prefix=sys.argv[2], cache_dir=sys.argv[3], show_progress=False)

asyncio.run(install())
for path in Path(sys.argv[2]).glob("conda-meta/*.json"):
    one = rattler.PrefixRecord.from_path(path)
    row = [one.name.normalized, str(one.version), one.depends, [str(file) for file in one.files]]
    print(json.dumps(row), flush=True)
os._exit(0)
"""


def a_conda_package(channel: Path, name: str, version: str, *depends: str) -> dict[str, Any]:
    """Put a package of one file into a channel; return its row of the channel's index."""
    index = {
        "name": name, "version": version, "build": "0", "build_number": 0, "license": "MIT",
        "depends": list(depends), "subdir": "linux-64",
    }  # fmt: skip
    path = f"share/{name}.txt"
    row = {"_path": path, "path_type": "hardlink", "sha256": hashlib.sha256().hexdigest()}
    members = {
        "info/index.json": json.dumps(index),
        "info/paths.json": json.dumps({"paths": [row | {"size_in_bytes": 0}], "paths_version": 1}),
        path: "",
    }
    file = channel / "linux-64" / f"{name}-{version}-0.tar.bz2"
    with tarfile.open(file, "w:bz2") as archive:
        for member, text in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {file.name: index | {"sha256": digest, "size": file.stat().st_size}}


@pytest.mark.slow
@pytest.mark.registry
def test_what_rattler_installed_is_read_as_it_reads_it_itself(tmp_path: Path) -> None:
    tool, channel = tmp_path / "tool", tmp_path / "channel"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--target",
        str(tool),
        "py-rattler==0.28.0",
    ]
    if subprocess.run(pip, check=False, capture_output=True).returncode:
        pytest.skip("rattler cannot be installed here")
    for folder in ("linux-64", "noarch"):
        (channel / folder).mkdir(parents=True)
        (channel / folder / "repodata.json").write_text('{"packages": {}, "packages.conda": {}}')
    rows = a_conda_package(channel, "one", "1.2.0")
    rows |= a_conda_package(channel, "two", "2.0", "one >=1.0")
    (channel / "linux-64" / "repodata.json").write_text(json.dumps({"packages": rows}))
    prefix = tmp_path / "prefix"
    script = [sys.executable, "-c", INSTALL, f"file://{channel}", str(prefix), str(tmp_path / "c")]
    installed = subprocess.run(
        script, check=True, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(tool), "HOME": str(tmp_path)},
    ).stdout  # fmt: skip
    judged = {name: rest for name, *rest in map(json.loads, installed.splitlines())}

    packages, owned = packages_below(prefix, CONDA, prefix="/opt/env")

    assert {name: one.version for name, one in packages.items()} == {"one": "1.2.0", "two": "2.0"}
    assert {name: one.version for name, one in packages.items()} == {
        name: version for name, (version, _, _) in judged.items()
    }
    assert {one.name: list(one.paths) for one in owned} == {
        name: [f"/opt/env/{file}" for file in files] for name, (_, _, files) in judged.items()
    }
    found = edges_among(*(replace(one, id=one.name) for one in packages.values()))
    assert found == {"two": [text.split()[0] for text in judged["two"][1]]}


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


def test_what_conda_installed_for_python_is_owned_by_condas_package() -> None:
    site = "opt/conda/lib/python3.11/site-packages"
    files = [f"{site}/numpy-1.26.4.dist-info/METADATA".removeprefix("opt/conda/"), "lib/libz.so"]
    table = {
        PATH.lstrip("/"): a_record(files=files),
        f"{site}/numpy-1.26.4.dist-info/METADATA": b"Name: numpy\nVersion: 1.26.4\n",
        f"{site}/rich-13.0.dist-info/METADATA": b"Name: rich\nVersion: 13.0\n",
        "srv/site-packages/numpy-1.26.4.dist-info/METADATA": b"Name: numpy\nVersion: 1.26.4\n",
    }

    found = inventory(table, catalogers=(CONDA, PYTHON)).packages

    (conda,) = [one.id for one in found if one.type == "conda"]
    assert [(one.type, one.name, one.paths[0].split("/")[1], one.owner) for one in found] == [
        ("conda", "numpy", "opt", None),
        ("pypi", "numpy", "opt", conda),
        ("pypi", "numpy", "srv", None),
        ("pypi", "rich", "opt", None),
    ]


def test_a_list_of_files_far_longer_than_the_record_is_refused() -> None:
    path = "/" + "deep/" * 700 + "conda-meta/a.json"

    facts, error = reading(CONDA, path, a_record(files=["a"] * 100_000))

    assert len(facts) == 1
    assert "absurd length" in error
