"""Which ecosystems a release belongs to, and what is said where there is none."""

import pytest

from lading.matching.releases import Naming, ecosystems_of
from lading.model.package import Release


def a_release(id: str, version: str | None = None, **more: object) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release", **more)  # type: ignore[arg-type]  # a builder


@pytest.mark.parametrize(
    ("id", "version", "ecosystems"),
    [
        ("debian", "12", ("Debian:12",)),
        ("debian", "12.4", ("Debian:12",)),
        ("amzn", "2", ("Amazon Linux:2",)),
        ("amzn", "2023", ("Amazon Linux:2023",)),
        ("amzn", "2018.03", ("Amazon Linux:1",)),
        ("ol", "9.4", ("Oracle Linux:9",)),
        ("fedora", "41", ("Fedora:41",)),
        ("arch", None, ("Arch Linux",)),
        ("debian", "trixie/sid", ("Debian:13",)),
        ("alpine", "3.19.1", ("Alpine:v3.19",)),
        ("alpine", "3.19", ("Alpine:v3.19",)),
        ("alpine", "3.20.0_rc1", ("Alpine:v3.20",)),
        ("alpine", "3.21.0_alpha20240807", ("Alpine:edge",)),
        ("alpine", "edge", ("Alpine:edge",)),
        ("wolfi", "20230201", ("Wolfi",)),
        ("wolfi", None, ("Wolfi",)),
        ("chainguard", "20230214", ("Chainguard",)),
        ("minimos", "20241031", ("MinimOS",)),
        ("alpaquita", "23", ("Alpaquita:23",)),
        ("alpaquita", "stream", ("Alpaquita:stream",)),
        ("almalinux", "9.4", ("AlmaLinux:9",)),
        ("almalinux", "10.0", ("AlmaLinux:10",)),
        ("rocky", "8.10", ("Rocky Linux:8",)),
        ("azurelinux", "3.0", ("Azure Linux:3",)),
        ("mariner", "2.0", ("Azure Linux:2",)),
        ("photon", "5.0", ("Photon OS:5.0",)),
        ("mageia", "9", ("Mageia:9",)),
        ("opensuse-leap", "15.6", ("openSUSE:Leap 15.6",)),
        ("opensuse-tumbleweed", "20240101", ("openSUSE:Tumbleweed",)),
        ("sles", "12.5", ("SUSE:Linux Enterprise Server 12 SP5",)),
    ],
)
def test_a_release_has_its_ecosystems(
    id: str, version: str | None, ecosystems: tuple[str, ...]
) -> None:
    found = ecosystems_of(a_release(id, version))

    assert found.names == ecosystems
    assert (found.reason, found.note) == (None, None)


def test_ubuntu_s_are_the_release_with_and_without_its_mark_and_the_tiers_of_pro() -> None:
    assert ecosystems_of(a_release("ubuntu", "14.04.6")).names == (
        "Ubuntu:14.04",
        "Ubuntu:14.04:LTS",
        "Ubuntu:Pro:14.04:LTS",
        "Ubuntu:Pro:FIPS:14.04:LTS",
        "Ubuntu:Pro:FIPS-updates:14.04:LTS",
        "Ubuntu:Pro:FIPS-preview:14.04:LTS",
    )


def test_red_hat_s_are_the_repositories_of_the_major_release_and_the_tiers_of_the_minor() -> None:
    nine, seven = ecosystems_of(a_release("rhel", "9.4")), ecosystems_of(a_release("rhel", "7.9"))

    assert nine.names[:3] == (
        "Red Hat:enterprise_linux:9",
        "Red Hat:enterprise_linux:9::baseos",
        "Red Hat:enterprise_linux:9::appstream",
    )
    assert {"Red Hat:rhel_eus:9.4", "Red Hat:rhel_e4s:9.4::appstream"} <= {*nine.names}
    assert "Red Hat:enterprise_linux:7::server" in seven.names


def test_suse_s_are_the_server_and_its_modules() -> None:
    with_pack, without = (
        ecosystems_of(a_release("sles", "15.6")),
        ecosystems_of(a_release("sles", "15")),
    )

    assert with_pack.names[:2] == (
        "SUSE:Linux Enterprise Server 15 SP6",
        "SUSE:Linux Enterprise Module for Basesystem 15 SP6",
    )
    assert without.names[0] == "SUSE:Linux Enterprise Server 15"


@pytest.mark.parametrize(
    ("pretty_name", "ecosystem"),
    [
        ("openEuler 22.03 (LTS-SP3)", "openEuler:22.03-LTS-SP3"),
        ("openEuler 22.03 LTS", "openEuler:22.03"),
        (None, "openEuler:22.03"),
    ],
)
def test_openeuler_tells_its_service_pack_in_its_pretty_name(
    pretty_name: str | None, ecosystem: str
) -> None:
    release = a_release("openeuler", "22.03", pretty_name=pretty_name)

    assert ecosystems_of(release).names == (ecosystem,)


@pytest.mark.parametrize(
    ("id", "naming"),
    [
        ("debian", Naming.SOURCE),
        ("almalinux", Naming.BINARY),
        ("rhel", Naming.BINARY),
        ("rocky", Naming.EITHER),
    ],
)
def test_feeds_differ_in_the_names_they_use(id: str, naming: Naming) -> None:
    assert ecosystems_of(a_release(id, "9")).naming is naming


@pytest.mark.parametrize(
    ("codename", "ecosystem"),
    [("trixie", "Debian:13"), ("forky", "Debian:14"), ("sid", "Debian:unstable")],
)
def test_debian_is_known_by_its_codename_where_it_has_no_number(
    codename: str, ecosystem: str
) -> None:
    assert ecosystems_of(a_release("debian", codename=codename)).names == (ecosystem,)


@pytest.mark.parametrize(
    ("release", "names", "note"),
    [
        pytest.param(
            a_release("pop", "22.04", id_like=("ubuntu", "debian")),
            ecosystems_of(a_release("ubuntu", "22.04")).names,
            "read as Ubuntu:22.04, since pop says that it is like ubuntu",
            id="by number",
        ),
        pytest.param(
            a_release("raspbian", "12", id_like=("debian",), codename="bookworm"),
            ("Debian:12",),
            "read as Debian:12, since raspbian says that it is like debian",
            id="by codename",
        ),
        pytest.param(
            a_release("linuxmint", "21.3", id_like=("ubuntu", "debian"), codename="virginia"),
            ecosystems_of(a_release("ubuntu", "22.04")).names,
            "read as Ubuntu:22.04, since linuxmint 21.3 is built on it",
            id="Mint's own numbers",
        ),
        pytest.param(
            a_release("linuxmint", "6", id_like=("debian",), codename="faye"),
            ("Debian:12",),
            "read as Debian:12, since linuxmint 6 is built on it",
            id="Mint's edition on Debian",
        ),
        pytest.param(
            a_release("kali", "2024.1", id_like=("debian",), codename="kali-rolling"),
            ("Debian:14",),
            "read as Debian:14, since kali kali-rolling is built on it",
            id="Kali is Debian's testing",
        ),
        pytest.param(
            a_release("devuan", "12", id_like=("debian",), codename="chimaera"),
            ("Debian:11",),
            "read as Debian:11, since devuan chimaera is built on it",
            id="a codename of its own goes before the number",
        ),
        pytest.param(
            a_release("centos", "7", id_like=("rhel", "fedora")),
            ecosystems_of(a_release("rhel", "7")).names,
            "read as Red Hat:enterprise_linux:7, since centos 7 is built on it",
            id="CentOS",
        ),
        pytest.param(
            a_release("cloudlinux", "8.8", id_like=("rhel", "fedora", "centos")),
            ecosystems_of(a_release("rhel", "8.8")).names,
            "read as Red Hat:enterprise_linux:8, since cloudlinux says that it is like rhel",
            id="a rebuild of Red Hat's",
        ),
    ],
)
def test_a_derivative_that_names_its_parent_s_release_counts_as_it_and_says_so(
    release: Release, names: tuple[str, ...], note: str
) -> None:
    found = ecosystems_of(release)

    assert (found.names, found.note) == (names, note)


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        pytest.param(None, "unknown distribution: the image does not name one", id="none"),
        pytest.param(a_release("plan9", "4"), "unknown distribution plan9 4", id="unknown"),
        pytest.param(
            a_release(""), "unknown distribution without a name without a version", id="empty"
        ),
        pytest.param(
            a_release("gentoo"), "no advisory feed covers gentoo without a version", id="no feed"
        ),
        pytest.param(
            a_release("linuxmint", "25", id_like=("ubuntu",)),
            "unknown distribution linuxmint 25",
            id="a derivative's release that is not known",
        ),
        pytest.param(
            a_release("opensuse-leap"),
            "unknown release opensuse-leap without a version: no advisory feed is known for it",
            id="no version",
        ),
        pytest.param(
            a_release("x" * 300, "y" * 300),
            f"unknown distribution {'x' * 80} {'y' * 80}",
            id="absurd",
        ),
    ],
)
def test_where_there_is_none_the_reason_is_said(release: Release | None, reason: str) -> None:
    found = ecosystems_of(release)

    assert (found.names, found.reason) == ((), reason)
