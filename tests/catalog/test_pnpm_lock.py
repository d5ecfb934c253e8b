"""pnpm-lock.yaml as pnpm 7, 8 and 9 write it, cut to the facts."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.pnpm_lock import PNPM_LOCK

PATH = "/app/pnpm-lock.yaml"
V5 = """lockfileVersion: 5.4

specifiers:
  chalk: 4.1.2

dependencies:
  al: /ansi-styles/4.3.0

packages:

  /@sindresorhus/is/4.6.0:
    resolution: {integrity: sha512-x}
    engines: {node: '>=10'}
    dev: false

  /ansi-styles/4.3.0_abc@1.0.0:
    resolution: {integrity: sha512-x}
    dependencies:
      color-convert: 2.0.1
    dev: false

  /ms/2.1.3:
    resolution: {integrity: sha512-x}
    dev: true

  example.org/a/thing/0123:
    resolution: {tarball: x}
    name: thing
    version: 1.5.0
    dev: false
"""
V6 = (
    V5.replace("5.4", "'6.0'")
    .replace("/is/4", "/is@4")
    .replace("/ansi-styles/4.3.0_abc@1.0.0", "/ansi-styles@4.3.0(abc@1.0.0)(@d/e@2.0.0)")
    .replace("/ms/2", "/ms@2")
)
V9 = """lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      chalk:
        specifier: 4.1.2
        version: 4.1.2

packages:

  '@sindresorhus/is@4.6.0':
    resolution: {integrity: sha512-x}

  ansi-styles@4.3.0:
    resolution: {integrity: sha512-x}
    engines: {node: '>=8'}

  part@file:packages/part:
    resolution: {directory: packages/part, type: directory}

snapshots:

  '@sindresorhus/is@4.6.0': {}

  ansi-styles@4.3.0(abc@1.0.0):
    dependencies:
      color-convert: 2.0.1
"""


@pytest.mark.parametrize("text", [V5, V6])
def test_versions_5_and_6_are_read_without_what_development_needs(text: str) -> None:
    assert declared_by(PNPM_LOCK, PATH, text) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"), ("thing", "1.5.0"),
    ]  # fmt: skip


def test_version_9_is_read_without_the_projects_own_parts() -> None:
    assert declared_by(PNPM_LOCK, PATH, V9) == [
        ("@sindresorhus/is", "4.6.0"), ("ansi-styles", "4.3.0"),
    ]  # fmt: skip


def test_a_line_that_cannot_be_understood_is_told_after_the_rest() -> None:
    facts, error = reading(PNPM_LOCK, PATH, V9.encode() + b"<<<<<<< mine\n")

    assert len(facts) == 2
    assert "1 of its lines" in error


def test_a_key_without_a_version_is_counted() -> None:
    facts, error = reading(PNPM_LOCK, PATH, b"packages:\n  odd:\n    dev: false\n  a@1.0:\n")

    assert len(facts) == 1
    assert "1 of its packages" in error


def test_damage_is_an_error_and_never_more() -> None:
    for text in (V5, V9):
        for data in damaged(text.encode(), times=100):
            reading(PNPM_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(PNPM_LOCK, "/app/node_modules/a/pnpm-lock.yaml", b"\xff") == ([], "")
