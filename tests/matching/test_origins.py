"""Packages that the distribution did not build are not held against what it says of its own."""

from typing import Any

import pytest

from lading.matching.ecosystems import coordinates
from lading.model.package import Package, Release


def a_package(type: str, name: str = "thing", version: str = "1.0-1", **facts: Any) -> Package:
    return Package(type=type, name=name, version=version, paths=("/db",), **facts)


def a_release(id: str, version: str, **facts: Any) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release", **facts)


ALMA, DEBIAN = a_release("almalinux", "9.4"), a_release("debian", "12")


@pytest.mark.parametrize(
    ("package", "release", "evidence"),
    [
        pytest.param(
            a_package("rpm", vendor="Docker"), ALMA, "its vendor is Docker", id="an rpm's vendor"
        ),
        pytest.param(
            a_package("rpm", vendor="Remi's RPM repository <https://rpms.remirepo.net/>"),
            a_release("rocky", "9"),
            "its vendor is Remi's RPM repository <https://rpms.remirepo.net/>",
            id="a well-known rebuilder",
        ),
        pytest.param(
            a_package("rpm", vendor="obs://build.opensuse.org/home:somebody"),
            a_release("opensuse-leap", "15.6"),
            "its vendor is obs://build.opensuse.org/home:somebody",
            id="somebody's project",
        ),
        pytest.param(
            a_package("rpm", vendor="NVIDIA CORPORATION"),
            a_release("amzn", "2023"),
            "its vendor is NVIDIA CORPORATION",
            id="a vendor of drivers",
        ),
        pytest.param(
            a_package("rpm", repository="docker-ce-stable"),
            ALMA,
            "it is from the repository docker-ce-stable",
            id="a repository, where no vendor is stated",
        ),
        pytest.param(
            a_package("rpm", vendor="(none)", repository="pgdg16"),
            ALMA,
            "it is from the repository pgdg16",
            id="a vendor that says none",
        ),
        pytest.param(
            a_package("rpm", version="2:18.19.0-1nodesource"),
            ALMA,
            "its version says 'nodesource'",
            id="a mark in an rpm's version",
        ),
        pytest.param(
            a_package("deb", version="16.1-1.pgdg120+1"),
            DEBIAN,
            "its version says 'pgdg'",
            id="a mark in a deb's version",
        ),
        pytest.param(
            a_package("deb", version="8.2.13-1+0~20231121.1+debian12~1.gbp+deb.sury"),
            DEBIAN,
            "its version says 'deb.sury'",
            id="a backport",
        ),
        pytest.param(
            a_package("deb", vendor="Docker <support@docker.com>"),
            DEBIAN,
            "its maintainer is Docker <support@docker.com>",
            id="a deb's maintainer",
        ),
        pytest.param(
            a_package("deb", repository="packages-microsoft-com-prod"),
            DEBIAN,
            "it is from the repository packages-microsoft-com-prod",
            id="a deb's repository",
        ),
    ],
)
def test_what_others_built_has_no_feed(package: Package, release: Release, evidence: str) -> None:
    found = coordinates(package, release)

    assert found.places == ()
    assert found.reason == f"no feed: not built by the distribution, {evidence}"


@pytest.mark.parametrize(
    ("package", "release"),
    [
        pytest.param(a_package("rpm", vendor="AlmaLinux"), ALMA, id="AlmaLinux"),
        pytest.param(a_package("rpm"), ALMA, id="an rpm that states no vendor"),
        pytest.param(
            a_package("rpm", vendor="Rocky Enterprise Software Foundation"),
            a_release("rocky", "9"),
            id="Rocky",
        ),
        pytest.param(a_package("rpm", vendor="Red Hat, Inc."), a_release("rhel", "9"), id="RHEL"),
        pytest.param(
            a_package("rpm", vendor="CentOS"), a_release("centos", "7"), id="CentOS, read as RHEL"
        ),
        pytest.param(
            a_package("rpm", vendor="CloudLinux"),
            a_release("cloudlinux", "8", id_like=("rhel",)),
            id="a rebuild, read as RHEL",
        ),
        pytest.param(
            a_package("rpm", vendor="Oracle America"), a_release("ol", "9"), id="Oracle Linux"
        ),
        pytest.param(
            a_package("rpm", vendor="Amazon Linux"), a_release("amzn", "2023"), id="Amazon Linux"
        ),
        pytest.param(
            a_package("rpm", vendor="Microsoft Corporation"),
            a_release("azurelinux", "3.0"),
            id="Azure Linux",
        ),
        pytest.param(
            a_package("rpm", vendor="SUSE LLC <https://www.suse.com/>"),
            a_release("opensuse-leap", "15.6"),
            id="SUSE's packages in Leap",
        ),
        pytest.param(
            a_package("rpm", vendor="Fedora Project"), a_release("fedora", "41"), id="Fedora"
        ),
        pytest.param(a_package("rpm", repository="baseos"), ALMA, id="the distribution's own"),
        pytest.param(
            a_package("deb", vendor="Somebody <somebody@mail.example>"),
            DEBIAN,
            id="a maintainer with an address of any kind",
        ),
        pytest.param(
            a_package("apk", version="1.0-r1", vendor="Somebody <somebody@docker.com>"),
            a_release("alpine", "3.19.1"),
            id="an apk",
        ),
    ],
)
def test_what_the_distribution_built_is_looked_up_in_its_feeds(
    package: Package, release: Release
) -> None:
    found = coordinates(package, release)

    assert found.reason is None
    assert not any(place.coordinate.ecosystem.startswith("EPEL") for place in found.places)


@pytest.mark.parametrize(
    ("package", "release", "ecosystem"),
    [
        pytest.param(a_package("rpm", vendor="Fedora Project"), ALMA, "EPEL:9", id="by its vendor"),
        pytest.param(
            a_package("rpm", repository="epel"), a_release("rhel", "8.6"), "EPEL:8", id="by name"
        ),
    ],
)
def test_what_epel_built_is_looked_up_in_epel_s_feed(
    package: Package, release: Release, ecosystem: str
) -> None:
    found = coordinates(package, release)

    assert {place.coordinate.ecosystem for place in found.places} == {ecosystem}
