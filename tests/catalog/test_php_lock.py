"""composer.lock after Composer's documentation."""

import json

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.php_lock import PHP_LOCK

PATH = "/app/composer.lock"
LOCK = json.dumps({
    "content-hash": "0123",
    "packages": [{"name": "psr/log", "version": "3.0.0"}, {"name": "a/b", "version": "v1.2"}],
    "packages-dev": [{"name": "phpunit/phpunit", "version": "10.0"}],
})  # fmt: skip


def test_packages_are_read_without_those_for_development() -> None:
    assert declared_by(PHP_LOCK, PATH, LOCK) == [("psr/log", "3.0.0"), ("a/b", "v1.2")]


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(PHP_LOCK, "/app/vendor/a/b/composer.lock", LOCK.encode()) == ([], "")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"packages": {"a/b": "1"}}'])
def test_what_is_no_lock_file_is_refused(data: bytes) -> None:
    facts, error = reading(PHP_LOCK, PATH, data)

    assert facts == []
    assert error != ""


def test_unfit_rows_are_counted_and_the_others_are_kept() -> None:
    data = b'{"packages": [7, {"name": "a/b"}, {"name": "c/d", "version": "1"}]}'

    facts, error = reading(PHP_LOCK, PATH, data)

    assert len(facts) == 1
    assert "2 of its packages" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode(), times=100):
        reading(PHP_LOCK, PATH, data)
