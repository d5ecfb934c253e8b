"""Environments of conda, conda-lock and pixi after their manuals."""

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.conda_lock import CONDA_LOCK
from lading.model.package import Evidence

ENVIRONMENT = """\
name: app
channels:
  - conda-forge
dependencies:
  - python=3.11
  - conda-forge::numpy=1.26.4=py311h64a7726_0
  - openssl==3.2.1
  - scipy>=1.0
  - flask=2.*
  - pip
  - pip:
    - requests[socks]==2.31.0
    - idna>=3
  - zlib = 1.2.13 # said so
variables:
  A: b
"""
LOCKED = """\
version: 1
metadata:
  channels:
  - url: conda-forge
package:
- name: openssl
  version: 3.2.1
  manager: conda
  platform: linux-64
  dependencies:
    ca-certificates: ''
  category: main
- name: requests
  version: 2.31.0
  manager: pip
  category: main
- name: pytest
  version: 8.0.0
  manager: conda
  category: dev
"""
PIXI = """\
version: 6
environments:
  default:
    packages:
      linux-64:
      - conda: https://example.org/linux-64/ca-certificates-2024.2.2-hbcca054_0.conda
packages:
- conda: https://example.org/linux-64/ca-certificates-2024.2.2-hbcca054_0.conda
  sha256: 00
  license: ISC
- pypi: https://example.org/requests-2.31.0-py3-none-any.whl
  name: requests
  version: 2.31.0
  requires_dist:
  - idna>=2.5,<4
"""


def declared(name: str, text: str) -> list[tuple[str, str, str | None]]:
    found = packages_of(CONDA_LOCK, f"/app/{name}", text.encode())
    assert {one.evidence for one in found} <= {Evidence.DECLARED}
    return [(one.type, one.name, one.version) for one in found]


def test_of_an_environment_the_pins_are_declared_pips_as_packages_of_python() -> None:
    assert declared("environment.yml", ENVIRONMENT) == [
        ("conda", "python", "3.11"), ("conda", "numpy", "1.26.4"), ("conda", "openssl", "3.2.1"),
        ("conda", "zlib", "1.2.13"), ("pypi", "requests", "2.31.0"),
    ]  # fmt: skip


def test_what_conda_lock_marks_as_development_is_left_out() -> None:
    assert declared("conda-lock.yml", LOCKED) == [
        ("conda", "openssl", "3.2.1"), ("pypi", "requests", "2.31.0"),
    ]  # fmt: skip


def test_pixi_names_packages_of_conda_by_their_address() -> None:
    assert declared("pixi.lock", PIXI) == [
        ("conda", "ca-certificates", "2024.2.2"), ("pypi", "requests", "2.31.0"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["conda-lock.yml", "pixi.lock"])
def test_a_lock_file_without_packages_is_an_error(name: str) -> None:
    assert reading(CONDA_LOCK, f"/app/{name}", b"version: 1\n")[1].endswith("lists no packages")


@pytest.mark.parametrize(
    ("name", "text"),
    [("environment.yml", ENVIRONMENT), ("conda-lock.yml", LOCKED), ("pixi.lock", PIXI)],
)
def test_damage_is_an_error_and_never_more(name: str, text: str) -> None:
    for data in damaged(text.encode(), times=60):
        reading(CONDA_LOCK, f"/app/{name}", data)
