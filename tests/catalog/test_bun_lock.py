"""bun.lock as Bun writes it, cut to the facts."""

import json
from typing import Any

import pytest

from builders import damaged, declared_by, packages_of, reading
from lading.catalog.bun_lock import BUN_LOCK

LOCK = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": {
        "@types/node": "20.1.0",
        "chalk": "4.1.2",
      },
      "devDependencies": {
        "ms": "2.1.3",
      },
      "optionalDependencies": {
        "once": "1.4.0",
      },
    },
  },
  "packages": {
    "@types/node": ["@types/node@20.1.0", "", {}, "sha512-A=="],

    "ansi-styles": ["ansi-styles@4.3.0", "", { "dependencies": { "color-convert": "" } }, "B=="],

    "chalk": ["chalk@4.1.2", "", { "dependencies": { "ansi-styles": "^4.1.0" } }, "sha512-C=="],

    "color-convert": ["color-convert@2.0.1", "", {}, "sha512-D=="],

    "ms": ["ms@2.1.3", "", {}, "sha512-E=="],

    "once": ["once@1.4.0", "", {}, "sha512-F=="],
  }
}
"""


def a_lock(packages: dict[str, list[Any]], *needed: str, **roots: Any) -> str:
    workspaces = {"": {"name": "app", "dependencies": dict.fromkeys(needed, "*")}, **roots}
    return json.dumps({"workspaces": workspaces, "packages": packages})


def test_what_runs_is_declared_and_what_develops_is_not() -> None:
    assert declared_by(BUN_LOCK, "/app/bun.lock", LOCK) == [
        ("@types/node", "20.1.0"), ("ansi-styles", "4.3.0"), ("chalk", "4.1.2"),
        ("color-convert", "2.0.1"), ("once", "1.4.0"),
    ]  # fmt: skip


def test_a_package_asks_for_the_version_that_stands_nearest() -> None:
    asks = {"dependencies": {"b": "*"}}
    lock = a_lock({
        "a": ["a@1.0.0", "", asks], "b": ["b@1.0.0", "", {}], "c": ["c@1.0.0", "", asks],
        "c/b": ["b@2.0.0", "", {}],
    }, "a", "c")  # fmt: skip

    found = {one.name: one for one in packages_of(BUN_LOCK, "/app/bun.lock", lock.encode())}

    assert found["a"].requires == ("b 1.0.0",)
    assert found["c"].requires == ("b 2.0.0",)


def test_what_is_no_release_is_left_out_and_an_alias_is_what_it_stands_for() -> None:
    lock = a_lock({
        "mine": ["mine@workspace:packages/mine"],
        "git": ["git@git+ssh://git@example.com/git.git#0123"],
        "alias": ["@scope/real@1.0.0", "", {}],
    }, "mine", "git", "alias")  # fmt: skip

    assert declared_by(BUN_LOCK, "/app/bun.lock", lock) == [("@scope/real", "1.0.0")]


def test_every_workspace_counts_with_its_own_copies() -> None:
    part = {"name": "part", "dependencies": {"b": "*"}}
    lock = a_lock(
        {"a": ["a@1.0.0", "", {}], "b": ["b@1.0.0", "", {}], "part/b": ["b@2.0.0", "", {}]},
        "a", **{"packages/part": part},
    )  # fmt: skip

    assert declared_by(BUN_LOCK, "/app/bun.lock", lock) == [
        ("a", "1.0.0"), ("b", "1.0.0"), ("b", "2.0.0"),
    ]  # fmt: skip


def test_that_of_an_installed_package_is_not_read() -> None:
    assert declared_by(BUN_LOCK, "/app/node_modules/a/bun.lock", "no JSON") == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"packages": []}', "{" * 5000])
def test_what_is_no_lock_file_is_an_error(text: str) -> None:
    facts, error = reading(BUN_LOCK, "/app/bun.lock", text.encode())

    assert facts == []
    assert error.startswith("/app/bun.lock: ")


def test_a_place_of_absurd_length_takes_no_time() -> None:
    place = "/".join(["a"] * 200_000)
    lock = a_lock(
        {"a": ["a@1.0.0", "", {}], place: ["b@1.0.0", "", {"dependencies": {"a": ""}}]}, place
    )

    assert ("a", "1.0.0") in declared_by(BUN_LOCK, "/app/bun.lock", lock)


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode(), times=100):
        reading(BUN_LOCK, "/app/bun.lock", data)
