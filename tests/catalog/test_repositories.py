"""Histories name the repository of what is installed, and bring nothing themselves."""

import pytest

from lading.catalog.repositories import with_repositories
from lading.model.package import Ownership, Package


def an_rpm(version: str, arch: str | None = "x86_64", repository: str | None = None) -> Package:
    return Package(
        type="rpm", name="a", version=version, arch=arch, paths=("/db",), repository=repository
    )


def record(version: str, repository: str | None, arch: str | None = "x86_64") -> Ownership:
    return Ownership(
        type="rpm", name="a", version=version, arch=arch, paths=(), repository=repository
    )


@pytest.mark.parametrize(("installed", "known", "repository"), [
    pytest.param(an_rpm("1-2"), record("1-2", "base"), "base", id="the same"),
    pytest.param(an_rpm("1-2"), record("0:1-2", "base"), "base", id="an epoch of zero"),
    pytest.param(an_rpm("4:1-2"), record("1-2", "base"), "base", id="yum leaves the epoch out"),
    pytest.param(an_rpm("1-2"), record("1-1", "base"), None, id="another version"),
    pytest.param(an_rpm("1-2"), record("1-2", "base", "i686"), None, id="another architecture"),
    pytest.param(an_rpm("1-2"), record("1-2", "base", None), "base", id="no architecture"),
    pytest.param(an_rpm("1-2", repository="own"), record("9-9", "base"), "own", id="its own word"),
    pytest.param(an_rpm("1-2"), record("1-2", None), None, id="a list of files"),
])  # fmt: skip
def test_a_package_has_the_repository_of_its_own_record(
    installed: Package, known: Ownership, repository: str | None
) -> None:
    [found] = with_repositories([installed], [known])

    assert found.repository == repository


def test_the_last_record_holds_and_packages_that_are_gone_do_not_come_back() -> None:
    records = [record("1-2", "old"), record("1-2", "new"), record("0-1", "old")]

    assert [one.repository for one in with_repositories([an_rpm("1-2")], records)] == ["new"]
