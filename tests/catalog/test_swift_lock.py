"""Package.resolved as Swift wrote it for an application; version 1 of it after its manual."""

import json
from typing import Any

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.swift_lock import SWIFT_LOCK

PATH = "/app/Package.resolved"


def a_pin(location: Any, version: Any = "2.60.0", key: str = "location") -> dict[str, Any]:
    return {"identity": "swift-nio", key: location, "state": {"revision": "0", "version": version}}


def a_lock(*pins: Any, version: int = 2) -> bytes:
    body = {"pins": pins} if version > 1 else {"object": {"pins": pins}}
    return json.dumps(body | {"version": version}).encode()


@pytest.mark.parametrize("location", [
    "https://github.com/apple/swift-nio.git", "https://github.com/apple/swift-nio/",
    "git@github.com:apple/swift-nio.git", "ssh://git@github.com/apple/swift-nio.git",
])  # fmt: skip
def test_a_package_is_called_by_its_repository(location: str) -> None:
    found = [("github.com/apple/swift-nio", "2.60.0")]

    assert declared_by(SWIFT_LOCK, PATH, a_lock(a_pin(location))) == found
    older = a_lock(a_pin(location, key="repositoryURL"), version=1)
    assert declared_by(SWIFT_LOCK, PATH, older) == found


WRITTEN = """{
  "pins" : [
    {
      "identity" : "swift-asn1",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/apple/swift-asn1.git",
      "state" : {
        "revision" : "a9a5efd40eaf558a2bcd48d64b1d1646be686008",
        "version" : "1.7.1"
      }
    },
    {
      "identity" : "swift-crypto",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/apple/swift-crypto",
      "state" : {
        "revision" : "95ba0316a9b733e92bb6b071255ff46263bbe7dc",
        "version" : "3.15.1"
      }
    }
  ],
  "version" : 2
}
"""


def test_what_swift_wrote_is_read() -> None:
    assert declared_by(SWIFT_LOCK, PATH, WRITTEN) == [
        ("github.com/apple/swift-asn1", "1.7.1"), ("github.com/apple/swift-crypto", "3.15.1"),
    ]  # fmt: skip


def test_a_package_at_a_revision_has_no_version_and_is_left_out() -> None:
    assert declared_by(SWIFT_LOCK, PATH, a_lock(a_pin("https://example.org/a", None))) == []


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"pins": {}}'])
def test_what_has_no_pins_is_refused(data: bytes) -> None:
    facts, error = reading(SWIFT_LOCK, PATH, data)

    assert facts == []
    assert error != ""


def test_unfit_pins_are_counted_and_the_others_are_kept() -> None:
    pins = (7, a_pin(7), a_pin("https://example.org/a", []), a_pin("https://example.org/b"))

    facts, error = reading(SWIFT_LOCK, PATH, a_lock(*pins))

    assert len(facts) == 1
    assert "3 of its packages" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_lock(a_pin("https://example.org/a"))):
        reading(SWIFT_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(SWIFT_LOCK, "/app/vendor/a/Package.resolved", b"\xff") == ([], "")
