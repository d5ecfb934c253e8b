"""package-lock.json as npm writes it in each of its versions, cut to the facts."""

import json
from typing import Any

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.npm_lock import NPM_LOCK

PATH = "/app/package-lock.json"
V1 = {
    "name": "app", "version": "1.0.0", "lockfileVersion": 1, "requires": True,
    "dependencies": {
        "@sindresorhus/is": {"version": "4.6.0"},
        "al": {"version": "npm:ansi-styles@4.3.0", "requires": {"color-convert": "^2.0.1"}},
        "ms": {"version": "2.1.3", "dev": True, "dependencies": {"debug": {"version": "4.0.0"}}},
    },
}  # fmt: skip
V3 = {
    "name": "app", "version": "1.0.0", "lockfileVersion": 3,
    "packages": {
        "": {"name": "app", "version": "1.0.0", "dependencies": {"chalk": "4.1.2"}},
        "node_modules/@sindresorhus/is": {"version": "4.6.0"},
        "node_modules/al": {"name": "ansi-styles", "version": "4.3.0"},
        "node_modules/chalk/node_modules/ansi-styles": {"version": "4.2.0"},
        "node_modules/ms": {"version": "2.1.3", "dev": True},
        "node_modules/part": {"resolved": "packages/part", "link": True},
        "packages/part": {"version": "0.1.0"},
    },
}  # fmt: skip


def a_lock(document: Any) -> bytes:
    return json.dumps(document).encode()


def test_a_tree_of_version_1_is_read_without_what_development_needs() -> None:
    assert declared_by(NPM_LOCK, PATH, a_lock(V1)) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"), ("debug", "4.0.0"),
    ]  # fmt: skip


def test_places_of_version_3_are_read_without_the_projects_own_parts() -> None:
    assert declared_by(NPM_LOCK, PATH, a_lock(V3)) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"), ("ansi-styles", "4.2.0"),
    ]  # fmt: skip


def test_a_lock_without_dependencies_declares_nothing() -> None:
    assert declared_by(NPM_LOCK, PATH, a_lock({"lockfileVersion": 1})) == []


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(NPM_LOCK, "/app/node_modules/a/package-lock.json", b"{") == ([], "")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"packages": []}'])
def test_what_is_no_lock_file_is_refused(data: bytes) -> None:
    facts, error = reading(NPM_LOCK, PATH, data)

    assert facts == []
    assert error != ""


def test_rows_of_another_type_are_counted_and_the_others_are_kept() -> None:
    rows = {
        "node_modules/a": 7,
        "node_modules/b": {"version": 1},
        "node_modules/c": {"version": "1"},
    }

    facts, error = reading(NPM_LOCK, PATH, a_lock({"packages": rows}))

    assert len(facts) == 1
    assert "2 of its packages" in error


def test_a_tree_of_any_depth_is_walked() -> None:
    tree: dict[str, Any] = {"version": "1"}
    for _ in range(200):
        tree = {"version": "1", "dependencies": {"a": tree}}

    assert declared_by(NPM_LOCK, PATH, a_lock({"dependencies": {"b": tree}})) == [
        ("b", "1"), ("a", "1"),
    ]  # fmt: skip


def test_damage_is_an_error_and_never_more() -> None:
    for document in (V1, V3):
        for data in damaged(a_lock(document), times=100):
            reading(NPM_LOCK, PATH, data)
