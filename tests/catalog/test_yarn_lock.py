"""yarn.lock as Yarn 1 and Yarn 4 write it, cut to the facts."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.yarn_lock import YARN_LOCK

PATH = "/app/yarn.lock"
CLASSIC = """# yarn lockfile v1


"@sindresorhus/is@4.6.0":
  version "4.6.0"

"al@npm:ansi-styles@4.3.0":
  version "4.3.0"
  dependencies:
    color-convert "^2.0.1"

"@babel/core@^7.0.0", "@babel/core@^7.1":
  version "7.23.0"

color-convert@^2.0.1:
  version "2.0.1"
  dependencies:
    version "9.9.9"
"""
BERRY = """# generated

__metadata:
  version: 10
  cacheKey: 10c0

"@sindresorhus/is@npm:4.6.0":
  version: 4.6.0
  resolution: "@sindresorhus/is@npm:4.6.0"
  linkType: hard

"al@npm:ansi-styles@4.3.0, ansi-styles@npm:^4.1.0":
  version: 4.3.0
  resolution: "ansi-styles@npm:4.3.0"
  dependencies:
    color-convert: "npm:^2.0.1"
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
  linkType: soft

"fsevents@patch:fsevents@npm%3A2.3.2#optional!builtin<compat/fsevents>":
  version: 2.3.2
  resolution: "fsevents@patch:fsevents@npm%3A2.3.2#optional!builtin<compat/fsevents>::version=2"
  linkType: hard
"""


def test_the_lock_of_yarn_1_is_read() -> None:
    assert declared_by(YARN_LOCK, PATH, CLASSIC) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"), ("@babel/core", "7.23.0"),
        ("color-convert", "2.0.1"),
    ]  # fmt: skip


def test_the_lock_of_later_yarn_is_read_without_the_project_itself() -> None:
    assert declared_by(YARN_LOCK, PATH, BERRY) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"), ("fsevents", "2.3.2"),
    ]  # fmt: skip


def test_windows_line_ends_make_no_difference() -> None:
    found = declared_by(YARN_LOCK, PATH, CLASSIC.replace("\n", "\r\n"))

    assert found == declared_by(YARN_LOCK, PATH, CLASSIC)


@pytest.mark.parametrize("data", [b"", b"# yarn lockfile v1\n"])
def test_an_empty_lock_declares_nothing(data: bytes) -> None:
    assert reading(YARN_LOCK, PATH, data) == ([], "")


@pytest.mark.parametrize(("data", "reason"), [
    (b"\xff", "no UTF-8"),
    (b"a@1:\n  resolved x\n", "1 of its packages"),
    (b"{}", "1 of its packages"),
])  # fmt: skip
def test_what_cannot_be_understood_is_an_error(data: bytes, reason: str) -> None:
    facts, error = reading(YARN_LOCK, PATH, data)

    assert facts == []
    assert reason in error


def test_damage_is_an_error_and_never_more() -> None:
    for text in (CLASSIC, BERRY):
        for data in damaged(text.encode(), times=100):
            reading(YARN_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(YARN_LOCK, "/app/node_modules/a/yarn.lock", b"\xff") == ([], "")
