"""Where advisories file a package."""

import pytest

from lading.matching.ecosystems import ecosystems_of, lookup
from lading.model.package import Package, Release, SourcePackage


def a_release(id: str, version: str | None = None) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release")


def installed(type: str, name: str, version: str | None = "1.0-1", **more: object) -> Package:
    return Package(type=type, name=name, version=version, paths=("/db",), **more)  # type: ignore[arg-type]  # a builder


@pytest.mark.parametrize(
    ("id", "version", "ecosystems"),
    [
        ("debian", "12", ("Debian:12",)),
        ("debian", "12.4", ("Debian:12",)),
        ("debian", None, ()),
        ("debian", "trixie/sid", ()),
        ("ubuntu", "22.04", ("Ubuntu:22.04", "Ubuntu:22.04:LTS")),
        ("alpine", "3.19.1", ("Alpine:v3.19",)),
        ("alpine", "3.21.0_alpha20240807", ("Alpine:edge",)),
        ("alpine", "edge", ("Alpine:edge",)),
        ("alpine", None, ()),
        ("wolfi", "20230201", ("Wolfi",)),
        ("chainguard", "20230214", ("Chainguard",)),
        ("almalinux", "9.4", ("AlmaLinux:9",)),
        ("rocky", "8.10", ("Rocky Linux:8",)),
        ("azurelinux", "3.0", ("Azure Linux:3",)),
        ("opensuse-leap", "15.6", ("openSUSE:Leap 15.6",)),
        ("opensuse-leap", None, ()),
        ("gentoo", "2.15", ()),
    ],
)
def test_a_release_has_its_ecosystem(
    id: str, version: str | None, ecosystems: tuple[str, ...]
) -> None:
    assert ecosystems_of(a_release(id, version)) == ecosystems


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
    ],
)
def test_language_packages_are_filed_by_name(
    type: str, name: str, ecosystem: str, filed: str, scheme: str
) -> None:
    found = lookup(installed(type, name), None)

    assert found.coordinates == ((ecosystem, filed),)
    assert (found.scheme, found.version, found.reason) == (scheme, "1.0-1", None)


def test_debian_files_by_source_package_and_its_version() -> None:
    package = installed("deb", "login", source=SourcePackage(name="shadow", version="1:4.13"))

    found = lookup(package, a_release("debian", "12"))

    assert found.coordinates == (("Debian:12", "shadow"),)
    assert (found.scheme, found.version) == ("deb", "1:4.13")


def test_a_source_package_without_a_version_has_that_of_its_package() -> None:
    package = installed("deb", "login", source=SourcePackage(name="shadow", version=None))

    assert lookup(package, a_release("debian", "12")).version == "1.0-1"


def test_almalinux_files_by_the_installed_package() -> None:
    package = installed("rpm", "libssh-config", source=SourcePackage(name="libssh", version="1"))

    assert lookup(package, a_release("almalinux", "9.1")).coordinates == (
        ("AlmaLinux:9", "libssh-config"),
    )


@pytest.mark.parametrize(
    ("version", "compared"),
    [("go1.20.1", "1.20.1"), ("go1.21rc2 X:boringcrypto", "1.21rc2"), ("1.22.0", "1.22.0")],
)
def test_go_s_standard_library_has_the_version_of_its_release(version: str, compared: str) -> None:
    found = lookup(installed("golang", "stdlib", version), None)

    assert found.coordinates == (("Go", "stdlib"),)
    assert found.version == compared


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
            installed("deb", "bash"),
            a_release("plan9", "4"),
            "unknown distribution plan9 4",
            id="unknown",
        ),
        pytest.param(
            installed("deb", "bash"),
            a_release("plan9"),
            "unknown distribution plan9",
            id="unknown, no version",
        ),
        pytest.param(
            installed("deb", "bash", None),
            a_release("debian", "12"),
            "the image does not say its version",
            id="unsaid",
        ),
        pytest.param(
            installed("pypi", "thing", None),
            None,
            "the image does not say its version",
            id="unsaid language",
        ),
        pytest.param(
            installed("golang", "stdlib", None),
            None,
            "the image does not say its version",
            id="unsaid stdlib",
        ),
        pytest.param(
            installed("maven", "log4j-core"),
            None,
            "its group is not known, and advisories name group and artifact",
            id="no group",
        ),
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
    found = lookup(package, release)

    assert found.coordinates == ()
    assert found.reason == reason
