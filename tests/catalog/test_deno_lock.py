"""deno.lock as Deno 2 writes it, cut to the facts; version 3 after its form in Deno 1."""

import json
from typing import Any

import pytest

from builders import damaged, declared_by, packages_of, reading
from lading.catalog.deno_lock import DENO_LOCK

NPM: dict[str, Any] = {
    "@types/node@20.1.0": {"integrity": "sha512-A=="},
    "ansi-styles@4.3.0": {"integrity": "sha512-B==", "dependencies": ["color-convert"]},
    "color-convert@2.0.1": {"integrity": "sha512-C=="},
    "vite@5.0.0_@types+node@20.1.0": {"dependencies": ["color-convert@2.0.1", "two"]},
    "two@1.0.0": {},
    "two@2.0.0": {},
}
FIVE = json.dumps({"version": "5", "jsr": {"@std/path@1.0.0": {}}, "npm": NPM})
THREE = json.dumps({
    "version": "3",
    "packages": {"npm": {"a@1.0.0": {"dependencies": {"b": "b@2.0.0"}}, "b@2.0.0": {}}},
})  # fmt: skip


def test_packages_of_npm_are_declared() -> None:
    assert declared_by(DENO_LOCK, "/app/deno.lock", FIVE) == [
        ("@types/node", "20.1.0"), ("ansi-styles", "4.3.0"), ("color-convert", "2.0.1"),
        ("vite", "5.0.0"), ("two", "1.0.0"), ("two", "2.0.0"),
    ]  # fmt: skip
    assert declared_by(DENO_LOCK, "/app/deno.lock", THREE) == [("a", "1.0.0"), ("b", "2.0.0")]


def test_what_they_ask_for_is_named_with_its_version_where_there_is_one() -> None:
    new = {one.name: one.requires for one in packages_of(DENO_LOCK, "/deno.lock", FIVE.encode())}
    old = {one.name: one.requires for one in packages_of(DENO_LOCK, "/deno.lock", THREE.encode())}

    assert new["ansi-styles"] == ("color-convert 2.0.1",)
    assert new["vite"] == ("color-convert 2.0.1", "two")
    assert old["a"] == ("b 2.0.0",)


def test_a_lock_file_without_packages_declares_none() -> None:
    assert declared_by(DENO_LOCK, "/app/deno.lock", '{"version":"5"}') == []


@pytest.mark.parametrize("text", ["", "[]", "{}", "{" * 5000])
def test_what_is_no_lock_file_is_an_error(text: str) -> None:
    assert reading(DENO_LOCK, "/app/deno.lock", text.encode())[1].startswith("/app/deno.lock: ")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(FIVE.encode(), times=100):
        reading(DENO_LOCK, "/app/deno.lock", data)
