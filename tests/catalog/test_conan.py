"""Conan's caches and lock files, with the table that Conan 2 itself makes."""

import json
import sqlite3
from contextlib import closing

import pytest

from builders import damaged, declared_by, packages_of, reading
from lading.catalog.conan import CONAN

CACHE = "/root/.conan2/p/cache.sqlite3"
LOCK = "/app/conan.lock"
OLDER = "/root/.conan/data/zlib/1.2.13/_/_/package/0123/conaninfo.txt"
SCHEMA = """CREATE TABLE packages (
    reference text NOT NULL, rrev text NOT NULL, pkgid text, prev text, path text NOT NULL UNIQUE,
    timestamp real NOT NULL, build_id text, lru integer NOT NULL,
    UNIQUE(reference, rrev, pkgid, prev))"""
V2 = {
    "version": "0.5",
    "requires": ["zlib/1.2.13#773a%1795562707.5", "mine/1.0@me/stable#0123"],
    "build_requires": ["cmake/3.27"],
}
V1 = {
    "version": "0.4",
    "graph_lock": {"nodes": {
        "0": {"ref": "conanfile.txt", "requires": ["1"]},
        "1": {"ref": "zlib/1.2.13", "package_id": "0123"},
        "2": {"ref": "mine/1.0@me/stable#0123"},
    }},
}  # fmt: skip


def a_cache(*references: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(SCHEMA)
        rows = [(reference, f"b/{at}") for at, reference in enumerate(references)]
        connection.executemany("INSERT INTO packages VALUES (?, '0', '1', '2', ?, 0, '', 0)", rows)
        connection.commit()
        return connection.serialize()


def test_the_packages_of_a_cache_are_installed() -> None:
    found = packages_of(CONAN, CACHE, a_cache("zlib/1.2.13", "mine/1.0@me/stable"))

    assert {(one.type, one.name, one.version) for one in found} == {
        ("conan", "zlib", "1.2.13"), ("conan", "mine", "1.0"),
    }  # fmt: skip


def test_the_place_of_a_package_in_the_older_cache_names_it() -> None:
    (package,) = packages_of(CONAN, OLDER, b"[settings]\n")

    assert (package.name, package.version) == ("zlib", "1.2.13")


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
