"""packages.lock.json after NuGet's documentation."""

import json

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.dotnet_lock import DOTNET_LOCK

PATH = "/app/packages.lock.json"
LOCK = json.dumps({
    "version": 1,
    "dependencies": {
        "net6.0": {
            "Newtonsoft.Json": {"type": "Direct", "requested": "[13.0.1, )", "resolved": "13.0.1"},
            "part": {"type": "Project"},
        },
        "net8.0": {"Newtonsoft.Json": {"type": "Transitive", "resolved": "13.0.3"}},
    },
})  # fmt: skip


def test_packages_of_every_framework_are_read_without_the_solutions_own() -> None:
    assert declared_by(DOTNET_LOCK, PATH, LOCK) == [
        ("Newtonsoft.Json", "13.0.1"), ("Newtonsoft.Json", "13.0.3"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"dependencies": []}'])
def test_what_is_no_lock_file_is_refused(data: bytes) -> None:
    facts, error = reading(DOTNET_LOCK, PATH, data)

    assert facts == []
    assert error != ""


def test_unfit_rows_are_counted_and_other_shapes_passed_over() -> None:
    data = b'{"dependencies": {"a": {"x": 7, "y": {"resolved": "1"}, "z": {}}, "b": 7}}'

    facts, error = reading(DOTNET_LOCK, PATH, data)

    assert len(facts) == 1
    assert "2 of its packages" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode(), times=100):
        reading(DOTNET_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(DOTNET_LOCK, "/app/vendor/a/packages.lock.json", b"\xff") == ([], "")
