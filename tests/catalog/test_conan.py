"""Conan's caches and lock files, as Conan 2 makes them here and Conan 1.66 made them elsewhere."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from builders import asking, damaged, declared_by, edges_among, packages_of, reading
from lading.catalog.conan import CONAN

CACHE = "/root/.conan2/p/cache.sqlite3"
LOCK = "/app/conan.lock"
OLDER = "/root/.conan/data/zlib/1.2.13/_/_/package/0123/conaninfo.txt"
SCHEMA = """CREATE TABLE packages (
    reference text NOT NULL, rrev text NOT NULL, pkgid text, prev text, path text NOT NULL UNIQUE,
    timestamp real NOT NULL, build_id text, lru integer NOT NULL,
    UNIQUE(reference, rrev, pkgid, prev))"""
INFO = b"""[settings]
    os=Linux

[requires]
    one/1.Y.Z

[options]


[full_settings]
    os=Linux

[full_requires]
    one/1.2.3:4db1be536558d833e52e862fd84d64d75c2b3656

[full_options]

"""
V2 = {
    "version": "0.5",
    "requires": ["zlib/1.2.13#773a%1795562707.5", "mine/1.0@me/stable#0123"],
    "build_requires": ["cmake/3.27"],
}
V1 = {
    "version": "0.4",
    "graph_lock": {"nodes": {
        "0": {"ref": "conanfile.txt", "requires": ["2"]},
        "1": {"ref": "zlib/1.2.13", "package_id": "0123"},
        "2": {"ref": "mine/1.0@me/stable#0123", "requires": ["1", "7"]},
    }},
}  # fmt: skip


def a_cache(*references: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(SCHEMA)
        rows = [(reference, f"b/{at}") for at, reference in enumerate(references)]
        connection.executemany("INSERT INTO packages VALUES (?, '0', '1', '2', ?, 0, '', 0)", rows)
        connection.commit()
        return connection.serialize()


RECIPE = """from conan import ConanFile
class Recipe(ConanFile):
    name, version, requires = {name!r}, {version!r}, {requires!r}
"""


@pytest.mark.slow
@pytest.mark.registry
def test_what_conan_put_in_its_cache_and_locked_is_read(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(tool), "conan==2.23.0"]
    if subprocess.run(pip, check=False, capture_output=True).returncode:
        pytest.skip("Conan cannot be installed here")
    around = os.environ | {"PYTHONPATH": str(tool), "CONAN_HOME": str(tmp_path / "home")}

    def conan(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "conans.conan", *arguments],
            check=True, capture_output=True, text=True, cwd=tmp_path, env=around,
        ).stdout  # fmt: skip

    (tmp_path / "home" / "profiles").mkdir(parents=True)
    (tmp_path / "home" / "profiles" / "default").write_text("[settings]\nos=Linux\n")
    for name, version, requires in (("one", "1.2.3", None), ("two", "2.0", "one/1.2.3")):
        recipe = tmp_path / f"{name}.py"
        recipe.write_text(RECIPE.format(name=name, version=version, requires=requires))
        conan("create", str(recipe))
    conan("lock", "create", "--requires", "two/2.0", "--lockfile-out", "conan.lock")

    listed = json.loads(conan("list", "*", "--format", "json"))["Local Cache"]
    cached = packages_of(CONAN, CACHE, (tmp_path / "home/p/cache.sqlite3").read_bytes())
    locked = declared_by(CONAN, LOCK, (tmp_path / "conan.lock").read_bytes())

    assert {f"{one.name}/{one.version}" for one in cached} == set(listed)
    assert {f"{name}/{version}" for name, version in locked} == {"one/1.2.3", "two/2.0"}


def test_the_packages_of_a_cache_are_installed() -> None:
    found = packages_of(CONAN, CACHE, a_cache("zlib/1.2.13", "mine/1.0@me/stable"))

    assert {(one.type, one.name, one.version) for one in found} == {
        ("conan", "zlib", "1.2.13"), ("conan", "mine", "1.0"),
    }  # fmt: skip


def test_the_place_of_a_package_in_the_older_cache_names_it() -> None:
    (package,) = packages_of(CONAN, OLDER, INFO)

    assert (package.name, package.version) == ("zlib", "1.2.13")
    assert package.requires == ("one 1.2.3",)


def test_of_two_versions_in_the_older_cache_that_which_was_linked_in_answers() -> None:
    (package,) = packages_of(CONAN, OLDER, INFO)
    others = [asking("one", type="conan", version=text, at=f"/{text}") for text in ("1.2.3", "2.0")]

    found = edges_among(asking("zlib", *package.requires, type="conan"), *others)

    assert found == {"zlib": ["one 1.2.3"]}


def test_an_older_lock_says_what_asks_for_what() -> None:
    found = {one.name: one.requires for one in packages_of(CONAN, LOCK, json.dumps(V1).encode())}

    assert found == {"zlib": (), "mine": ("zlib 1.2.13",)}


@pytest.mark.parametrize("document", [V1, V2])
def test_a_lock_declares_what_is_required_and_not_what_builds(document: object) -> None:
    found = declared_by(CONAN, LOCK, json.dumps(document))

    assert found == [("zlib", "1.2.13"), ("mine", "1.0")]


@pytest.mark.parametrize(("path", "data"), [
    (CACHE, b""), (CACHE, b"text" * 500), (CACHE, a_cache("no reference")),
    (LOCK, b""), (LOCK, b"{}"), (LOCK, b'{"requires": "zlib/1"}'), (LOCK, b'{"requires": [7]}'),
])  # fmt: skip
def test_what_cannot_be_understood_is_refused(path: str, data: bytes) -> None:
    facts, error = reading(CONAN, path, data)

    assert facts == []
    assert error != ""


def test_a_name_in_the_schema_that_is_no_text_is_an_error() -> None:
    data = a_cache("zlib/1.2.13").replace(b"tablepackages", b"tablepackage\xda")
    data = data.replace(b"CREATE TABLE", b"CREATE TABBE")  # which SQLite tells of by name

    facts, error = reading(CONAN, CACHE, data)

    assert facts == []
    assert "SQLite cannot read it" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_cache("zlib/1.2.13"), times=100):
        reading(CONAN, CACHE, data)
    for data in damaged(json.dumps(V1).encode(), times=100):
        reading(CONAN, LOCK, data)
