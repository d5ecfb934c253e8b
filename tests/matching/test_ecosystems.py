"""Where advisories file a package, and which of its versions they speak of."""

from dataclasses import replace

import pytest

from lading.matching.ecosystems import By, Lookup, coordinates
from lading.model.package import Package, Release, SourcePackage


def a_release(id: str, version: str | None = None, **more: object) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release", **more)  # type: ignore[arg-type]  # a builder


def installed(type: str, name: str, version: str | None = "1.0-1", **more: object) -> Package:
    return Package(type=type, name=name, version=version, paths=("/db",), **more)  # type: ignore[arg-type]  # a builder


def places(found: Lookup) -> list[tuple[str, str, str]]:
    assert found.reason is None
    return [(*place.coordinate, place.version) for place in found.places]


@pytest.mark.parametrize(
    ("type", "name", "ecosystem", "filed", "scheme"),
    [
        ("pypi", "Jinja2", "PyPI", "jinja2", "pep440"),
        ("pypi", "zope.interface", "PyPI", "zope-interface", "pep440"),
        ("npm", "@angular/core", "npm", "@angular/core", "npm"),
        ("maven", "org.example:thing", "Maven", "org.example:thing", "maven"),
        ("golang", "golang.org/x/net", "Go", "golang.org/x/net", "go"),
        ("cargo", "chrono", "crates.io", "chrono", "cargo"),
        ("gem", "rack", "RubyGems", "rack", "gem"),
        ("composer", "Twig/Twig", "Packagist", "twig/twig", "composer"),
        ("nuget", "Newtonsoft.Json", "NuGet", "newtonsoft.json", "nuget"),
        ("hex", "plug", "Hex", "plug", "hex"),
        ("pub", "http", "Pub", "http", "pub"),
        ("cran", "readxl", "CRAN", "readxl", "cran"),
        ("bioconductor", "limma", "Bioconductor", "limma", "cran"),
        ("hackage", "aeson", "Hackage", "aeson", "hackage"),
        ("swift", "github.com/vapor/vapor", "SwiftURL", "github.com/vapor/vapor", "semver"),
        ("conan", "zlib", "ConanCenter", "zlib", "semver"),
        ("julia", "HTTP", "Julia", "HTTP", "semver"),
        ("bitnami", "redis", "Bitnami", "redis", "bitnami"),
    ],
)
def test_language_packages_are_filed_by_name(
    type: str, name: str, ecosystem: str, filed: str, scheme: str
) -> None:
    found = coordinates(installed(type, name), None)

    assert places(found) == [(ecosystem, filed, "1.0-1")]
    assert found.scheme == scheme


@pytest.mark.parametrize(
    ("name", "version", "compared"),
    [
        ("stdlib", "go1.20.1", "1.20.1"),
        ("stdlib", "go1.21rc2 X:boringcrypto", "1.21rc2"),
        ("stdlib", "go1.20.8-fips", "1.20.8"),
        ("stdlib", "go1.26.0-X:nosynchashtriemap", "1.26.0"),
        ("stdlib", "1.21.0-rc.1", "1.21.0-rc.1"),
        ("stdlib", "1.22.0", "1.22.0"),
        ("toolchain", "go1.23.4", "1.23.4"),
        ("stdlib", "go", "go"),
        ("example.org/stdlib", "v1.2.3", "v1.2.3"),
    ],
)
def test_go_s_own_parts_have_the_version_of_its_release(
    name: str, version: str, compared: str
) -> None:
    found = coordinates(installed("golang", name, version), None)

    assert places(found) == [("Go", name, compared)]


@pytest.mark.parametrize(
    ("version", "compared"),
    [
        ("1.13.0-x86_64-linux", "1.13.0"),
        ("1.13.0-java", "1.13.0"),
        ("1.13.0-arm64-darwin", "1.13.0"),
        ("1.13.0", "1.13.0"),
        ("1.13.0-rc1", "1.13.0-rc1"),
        ("1.13.0.java", "1.13.0.java"),
    ],
)
def test_a_gem_s_platform_is_no_part_of_its_version(version: str, compared: str) -> None:
    found = coordinates(installed("gem", "nokogiri", version), None)

    assert places(found) == [("RubyGems", "nokogiri", compared)]


@pytest.mark.parametrize(
    ("package", "release", "expected"),
    [
        pytest.param(
            installed("deb", "login", source=SourcePackage(name="shadow", version="1:4.13")),
            a_release("debian", "12"),
            [("Debian:12", "shadow", "1:4.13")],
            id="debian: the source",
        ),
        pytest.param(
            installed("deb", "bash", source=SourcePackage(name="bash", version="5.2-2")),
            a_release("debian", "12"),
            [("Debian:12", "bash", "5.2-2")],
            id="debian: a binary rebuilt, 5.2-2+b1, from the source 5.2-2",
        ),
        pytest.param(
            installed("deb", "login", source=SourcePackage(name="shadow", version=None)),
            a_release("debian", "12"),
            [("Debian:12", "shadow", "1.0-1")],
            id="a source without a version has that of its package",
        ),
        pytest.param(
            installed("apk", "bash"),
            a_release("alpine", "3.19.1"),
            [("Alpine:v3.19", "bash", "1.0-1")],
            id="alpine: the branch",
        ),
        pytest.param(
            installed("alpm", "lib32-zlib", source=SourcePackage(name="zlib", version=None)),
            a_release("arch"),
            [("Arch Linux", "lib32-zlib", "1.0-1")],
            id="arch: the installed package",
        ),
        pytest.param(
            installed("rpm", "libssh-config", source=SourcePackage(name="libssh", version="1-1")),
            a_release("almalinux", "9.1"),
            [("AlmaLinux:9", "libssh", "1-1"), ("AlmaLinux:9", "libssh-config", "1.0-1")],
            id="almalinux: either, since records say what their names are",
        ),
        pytest.param(
            installed(
                "apk", "libssl3", "3.1-r1", source=SourcePackage(name="openssl", version=None)
            ),
            a_release("wolfi", "20230201"),
            [("Wolfi", "openssl", "3.1-r1"), ("Wolfi", "libssl3", "3.1-r1")],
            id="wolfi: either",
        ),
        pytest.param(
            installed(
                "rpm", "openssl", "1:3.0-1", source=SourcePackage(name="openssl", version="3.0-1")
            ),
            a_release("rocky", "9"),
            [("Rocky Linux:9", "openssl", "1:3.0-1")],
            id="rocky: one name for both, with the package's epoch",
        ),
        pytest.param(
            installed(
                "rpm",
                "openssl-libs",
                "1:3.0-1",
                source=SourcePackage(name="openssl", version="3.0-1"),
            ),
            a_release("rocky", "9"),
            [
                ("Rocky Linux:9", "openssl", "1:3.0-1"),
                ("Rocky Linux:9", "openssl-libs", "1:3.0-1"),
            ],
            id="rocky: the source, with the package's epoch for want of its own",
        ),
        pytest.param(
            installed(
                "rpm", "perl-libs", "4:5.2-1", source=SourcePackage(name="perl", version="3:5.2-1")
            ),
            a_release("mageia", "9"),
            [("Mageia:9", "perl", "3:5.2-1"), ("Mageia:9", "perl-libs", "4:5.2-1")],
            id="a source that says its epoch keeps it",
        ),
    ],
)
def test_os_packages_are_filed_under_their_release(
    package: Package, release: Release, expected: list[tuple[str, str, str]]
) -> None:
    assert places(coordinates(package, release)) == expected


@pytest.mark.parametrize(
    ("type", "source", "known"),
    [
        pytest.param("rpm", SourcePackage(name="perl", version="5.2-1"), False, id="left out"),
        pytest.param("rpm", SourcePackage(name="perl", version="4:5.2-1"), True, id="said"),
        pytest.param("rpm", SourcePackage(name="thing", version="5.2-1"), True, id="one name"),
    ],
)
def test_the_epoch_of_a_source_rpm_is_often_not_known(
    type: str, source: SourcePackage, known: bool
) -> None:
    found = coordinates(installed(type, "thing", source=source), a_release("mageia", "9"))

    assert found.places[0].is_epoch_known is known
    assert all(place.is_epoch_known for place in found.places[1:])


def test_what_a_name_is_to_the_package_is_kept() -> None:
    source = SourcePackage(name="openssl", version="3.0-1")
    package = installed("rpm", "openssl-libs", "1:3.0-1", source=source)
    alone = installed("rpm", "openssl", "1:3.0-1", source=source)
    inside = replace(
        installed("deb", "busybox-static", source=SourcePackage(name="busybox", version=None)),
        built_using=(
            SourcePackage(name="glibc", version="2.36-9"),
            SourcePackage(name="musl", version=None),
        ),
    )

    rocky, debian = a_release("rocky", "9"), a_release("debian", "12")

    assert [one.by for one in coordinates(package, rocky).places] == [By.SOURCE, By.BINARY]
    assert [one.by for one in coordinates(alone, rocky).places] == [By.NAME]
    assert [(one.coordinate.name, one.by) for one in coordinates(inside, debian).places] == [
        ("busybox", By.SOURCE),
        ("glibc", By.INSIDE),
    ]


def test_what_was_assumed_of_the_release_is_said() -> None:
    release = a_release("pop", "22.04", id_like=("ubuntu",))

    note = coordinates(installed("deb", "bash"), release).note

    assert note == "read as Ubuntu:22.04, since pop says that it is like ubuntu"


DEBIAN = a_release("debian", "12")
UNSAID = "the image does not say its version"
NO_GROUP = "its group is not known, and advisories name group and artifact"


@pytest.mark.parametrize(
    ("package", "release", "reason"),
    [
        pytest.param(
            installed("deb", "bash"),
            None,
            "unknown distribution: the image does not name one",
            id="no release",
        ),
        pytest.param(
            installed("apk", "bash"),
            DEBIAN,
            "advisories for Debian:12 are about deb packages, not apk",
            id="another distribution's kind of package",
        ),
        pytest.param(installed("deb", "bash", None), DEBIAN, UNSAID, id="unsaid"),
        pytest.param(installed("pypi", "thing", None), None, UNSAID, id="unsaid, of a language"),
        pytest.param(installed("golang", "stdlib", None), None, UNSAID, id="unsaid, of Go"),
        pytest.param(installed("maven", "log4j-core"), None, NO_GROUP, id="no group"),
        pytest.param(installed("maven", ":log4j-core"), None, NO_GROUP, id="an empty group"),
        pytest.param(
            installed("runes", "thing"),
            None,
            "no advisory feed covers packages of type runes",
            id="type",
        ),
    ],
)
def test_where_there_is_nothing_the_reason_is_said(
    package: Package, release: Release | None, reason: str
) -> None:
    found = coordinates(package, release)

    assert (found.places, found.reason) == ((), reason)
