"""Gemfile.lock after Bundler's documentation."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.ruby_lock import RUBY_LOCK

PATH = "/app/Gemfile.lock"
LOCK = """GIT
  remote: https://example.org/rack
  revision: 0123
  specs:
    rack (3.0.8)

PATH
  remote: .
  specs:
    mine (0.1.0)
      nokogiri

GEM
  remote: https://example.org/
  specs:
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.1)
    rails (7.1.0.rc1)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  nokogiri (= 1.15.4)
    odd (1.0)

BUNDLED WITH
   2.4.10
"""


def test_gems_are_read_without_the_projects_own() -> None:
    assert declared_by(RUBY_LOCK, PATH, LOCK) == [
        ("rack", "3.0.8"), ("nokogiri", "1.15.4"), ("racc", "1.7.1"), ("rails", "7.1.0.rc1"),
    ]  # fmt: skip


def test_the_lock_of_an_installed_gem_is_left_alone() -> None:
    assert reading(RUBY_LOCK, "/usr/lib/gems/a-1/Gemfile.lock", LOCK.encode()) == ([], "")


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe\x00"])
def test_what_is_no_lock_file_is_refused(data: bytes) -> None:
    facts, error = reading(RUBY_LOCK, PATH, data)

    assert facts == []
    assert "no section of gems" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode()):
        reading(RUBY_LOCK, PATH, data)
