"""mix.lock after Mix's documentation."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.elixir_lock import ELIXIR_LOCK

PATH = "/app/mix.lock"
LOCK = """%{
  "cowboy": {:hex, :cowboy, "2.10.0", "ff98", [:make], [{:cowlib, "2.12.1", []}], "hexpm"},
  "renamed": {:hex, :"real-name", "1.0.0-rc.1", "ff98", [:mix], [], "hexpm", "3afd"},
  "theirs": {:git, "https://example.org/theirs.git", "0123", []},
}
"""


def test_packages_of_hex_are_read_by_their_own_names() -> None:
    assert declared_by(ELIXIR_LOCK, PATH, LOCK) == [
        ("cowboy", "2.10.0"), ("real-name", "1.0.0-rc.1"),
    ]  # fmt: skip


def test_an_empty_map_declares_nothing() -> None:
    assert declared_by(ELIXIR_LOCK, PATH, "%{\n}\n") == []


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff"])
def test_what_is_no_map_is_refused(data: bytes) -> None:
    assert "no map" in reading(ELIXIR_LOCK, PATH, data)[1]


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode()):
        reading(ELIXIR_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(ELIXIR_LOCK, "/app/vendor/a/mix.lock", b"\xff") == ([], "")
