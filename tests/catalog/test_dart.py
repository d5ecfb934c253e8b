"""Packages in pub's cache, after its documentation."""

import pytest

from builders import asking, damaged, edges_among, packages_of, reading
from lading.catalog.dart import DART

CACHE = "/root/.pub-cache/hosted/pub.dev"
PATH = f"{CACHE}/http_parser-4.0.2+1/pubspec.yaml"
PUBSPEC = b"""name: http_parser
version: 4.0.2+1
description: >-
  dependencies: of a kind
environment:
  sdk: ">=3.0.0 <4.0.0"

dependencies:
  collection: ^1.15.0
  source_span:
    hosted: https://example.org
    version: ^1.8.0
  flutter:
    sdk: flutter

dev_dependencies:
  test: ^1.16.0
"""


def test_the_folder_names_the_package_and_its_file_what_it_asks_for() -> None:
    (package,) = packages_of(DART, PATH, PUBSPEC)

    assert (package.type, package.name, package.version) == ("pub", "http_parser", "4.0.2+1")
    assert package.requires == ("collection", "source_span", "flutter")


def test_a_package_finds_the_one_version_that_a_cache_has_of_another() -> None:
    (package,) = packages_of(DART, PATH, PUBSPEC)

    found = edges_among(
        asking("parser", *package.requires, type="pub", at=PATH),
        asking("collection", type="pub", version="1.18.0", at=f"{CACHE}/collection-1.18.0/p.yaml"),
        asking("source_span", type="pub", version="1.9.0", at=f"{CACHE}/source_span-1.9.0/p.yaml"),
        asking("source_span", type="pub", version="1.8.0", at=f"{CACHE}/source_span-1.8.0/p.yaml"),
    )

    assert found == {"parser": ["collection 1.18.0"]}


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b" " * 9 + b"\n".join(b" " * n + b"a:" for n in range(99))]
)
def test_the_package_is_there_even_if_its_file_is_broken(data: bytes) -> None:
    facts, error = reading(DART, PATH, data)

    assert len(facts) == 1
    assert error != ""


@pytest.mark.parametrize("folder", ["http_parser", "-1.0", "http_parser-"])
def test_a_folder_that_names_no_package_is_refused(folder: str) -> None:
    facts, error = reading(DART, f"{CACHE}/{folder}/pubspec.yaml", PUBSPEC)

    assert facts == []
    assert "is none" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(PUBSPEC):
        assert reading(DART, PATH, data)[0]
