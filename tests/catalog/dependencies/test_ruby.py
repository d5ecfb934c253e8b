"""Gems: bounds, homes, and lock files."""

import itertools
import json
import shutil
import subprocess

import pytest

from builders import asking, edges_among
from lading.model.package import Evidence, Package

HOME = "/usr/local/bundle"


def gem(name: str, *requires: str, home: str = HOME, version: str = "1.0") -> Package:
    at = f"{home}/specifications/{name}-{version}.gemspec"
    return asking(name, *requires, type="gem", at=at, version=version)


def answers(*installed: Package, to: str) -> list[str]:
    return edges_among(gem("a", to), *installed).get("a 1.0", [])


def test_of_several_versions_the_latest_within_the_bounds_answers() -> None:
    versions = [gem("b", version=version) for version in ("1.9", "2.4.9", "2.10.0", "3.0")]

    assert answers(*versions, to="b") == ["b 3.0"]
    assert answers(*versions, to="b (~> 2.4)") == ["b 2.10.0"]
    assert answers(*versions, to="b (>= 1, < 2)") == ["b 1.9"]
    assert answers(*versions, to="b (> 3)") == []


def test_another_home_answers_where_one_gem_is_within_the_bounds() -> None:
    other = "/usr/lib/ruby/gems/3.1.0"
    here, there = gem("b", version="1"), gem("b", version="2", home=other)

    assert answers(here, there, to="b (>= 2)") == ["b 2"]
    assert answers(there, gem("b", version="3", home="/x"), to="b (>= 2)") == []


def test_gems_from_git_and_in_vendor_have_homes_too() -> None:
    found = edges_among(
        asking("a", "b", type="gem", at=f"{HOME}/bundler/gems/a-0123abc/a.gemspec"),
        gem("b"),
        asking("c", "d", type="gem", at="/app/vendor/gems/c-1/c.gemspec"),
        asking("d", type="gem", at="/app/vendor/gems/d-1/d.gemspec"),
        gem("d", version="2"),
    )

    assert found == {"a": ["b 1.0"], "c": ["d"]}


def test_a_lock_file_decides_between_what_is_installed() -> None:
    lock = "/app/Gemfile.lock"

    def both(name: str, *requires: str, version: str) -> Package:
        paths = (lock, f"{HOME}/specifications/{name}-{version}.gemspec")
        return asking(name, *requires, type="gem", at=paths, version=version)

    found = edges_among(
        both("a", "b", "c", version="1"), both("b", version="1"),
        gem("b", version="2"), gem("c", version="2"),
    )  # fmt: skip

    assert found == {"a 1": ["b 1", "c 2"]}


def test_what_is_only_declared_is_no_answer_for_what_is_installed() -> None:
    lock = asking("b", type="gem", at="/app/Gemfile.lock", evidence=Evidence.DECLARED)

    assert answers(lock, to="b") == []


@pytest.mark.parametrize(("version", "to"), [
    (None, "b (>= 1)"),
    ("what?", "b (>= 1)"),
    ("1", "b (>= what?)"),
    ("1", "b (what)"),
])  # fmt: skip
def test_bounds_that_cannot_be_compared_are_not_met(version: str | None, to: str) -> None:
    unreadable = asking("b", type="gem", at=f"{HOME}/specifications/b.gemspec", id="b")
    one = Package(**{
        name: getattr(unreadable, name) for name in ("type", "name", "paths", "id")
    }, version=version)  # fmt: skip

    found = edges_among(gem("a", to), one)

    assert found == ({"a 1.0": ["b"]} if version == "1" and "?" in to else {})


JUDGE = """require "json"
puts JSON.generate(JSON.parse(STDIN.read).map { |bound, version|
  Gem::Requirement.new(bound).satisfied_by?(Gem::Version.new(version)) })
"""


@pytest.mark.skipif(shutil.which("ruby") is None, reason="Ruby is not installed")
def test_bounds_are_met_as_rubygems_says() -> None:
    numbers = ("1", "1.0", "1.9.9", "2.0.a", "2.0.0.rc1", "2", "2.4", "2.4.1", "2.5.pre", "3")
    bounds = [f"{operator} {number}" for operator in ("=", "!=", "<", "<=", ">", ">=", "~>")
              for number in numbers]  # fmt: skip
    pairs = list(itertools.product(bounds, numbers))
    said = subprocess.run(
        ["ruby", "-e", JUDGE], input=json.dumps(pairs), check=True, capture_output=True, text=True
    ).stdout

    found = [
        bool(answers(gem("b", version=version), to=f"b ({bound})")) for bound, version in pairs
    ]

    assert [(*pair, is_met) for pair, is_met in zip(pairs, found, strict=True)] == [
        (*pair, is_met) for pair, is_met in zip(pairs, json.loads(said), strict=True)
    ]
