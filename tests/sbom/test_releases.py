"""How SBOMs name a release, in the words of os-release."""

import pytest

from lading.sbom.releases import release_in, release_of


@pytest.mark.parametrize(
    ("distro", "id", "version"),
    [
        ("debian-12", "debian", "12"),
        ("alpine-3.19.1", "alpine", "3.19.1"),
        ("alpine-v3.19", "alpine", "3.19"),
        ("alpine-edge", "alpine", "edge"),
        ("redhat-9.2", "rhel", "9.2"),
        ("opensuse-leap-15.5", "opensuse-leap", "15.5"),
        ("opensuse.leap-15.5", "opensuse-leap", "15.5"),
        ("openEuler-22.03-LTS", "openeuler", "22.03-LTS"),
        ("amazon-2023", "amzn", "2023"),
        ("12", "debian", "12"),
        ("wolfi", "wolfi", None),
        (None, "debian", None),
    ],
)
def test_the_distro_of_a_package_url(distro: str | None, id: str, version: str | None) -> None:
    release = release_in(distro, "debian", "here")

    assert release is not None
    assert (release.id, release.version_id) == (id, version)


def test_a_codename_may_stand_for_the_number() -> None:
    release = release_in("debian-bookworm", "debian", "here")

    assert release is not None
    assert (release.id, release.version_id, release.codename) == ("debian", None, "bookworm")


def test_without_a_name_there_is_no_release() -> None:
    assert release_in(None, None, "here") is None
    assert release_of("", "12", "here") is None
