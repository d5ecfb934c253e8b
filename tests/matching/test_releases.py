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
        ("ubuntu", "22.04", ("Ubuntu:22.04", "Ubuntu:22.04:LTS")),
        ("ubuntu", "14.04.6", ("Ubuntu:14.04", "Ubuntu:14.04:LTS")),
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


def test_red_hat_s_are_the_repositories_of_the_main_stream() -> None:
    nine, seven = ecosystems_of(a_release("rhel", "9.4")), ecosystems_of(a_release("rhel", "7.9"))

    assert nine.names[:2] == (
        "Red Hat:enterprise_linux:9::baseos",
        "Red Hat:enterprise_linux:9::appstream",
    )
    assert seven.names[0] == "Red Hat:enterprise_linux:7::server"


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


def test_debian_is_known_by_its_codename_where_it_has_no_number() -> None:
    assert ecosystems_of(a_release("debian", codename="trixie")).names == ("Debian:13",)


@pytest.mark.parametrize(
    ("release", "names", "note"),
    [
        pytest.param(
            a_release("pop", "22.04", id_like=("ubuntu", "debian")),
            ("Ubuntu:22.04", "Ubuntu:22.04:LTS"),
            "read as Ubuntu:22.04, since pop says that it is like ubuntu",
            id="by number",
        ),
        pytest.param(
            a_release("raspbian", "12", id_like=("debian",), codename="bookworm"),
            ("Debian:12",),
            "read as Debian:12, since raspbian says that it is like debian",
            id="by codename",
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
            a_release("debian", codename="sid"),
            "unknown release debian sid: no advisory feed is known for it",
            id="sid",
        ),
        pytest.param(
            a_release("debian", "trixie/sid"),
            "unknown release debian trixie/sid: no advisory feed is known for it",
            id="testing",
        ),
        pytest.param(
            a_release("opensuse-leap"),
            "unknown release opensuse-leap without a version: no advisory feed is known for it",
            id="no version",
        ),
        pytest.param(a_release("fedora", "41"), "no advisory feed covers fedora 41", id="fedora"),
        pytest.param(
            a_release("centos", "7", id_like=("rhel", "fedora")),
            "no advisory feed covers centos 7",
            id="like, but not the same builds",
        ),
        pytest.param(
            a_release("linuxmint", "21.3", id_like=("ubuntu", "debian"), codename="virginia"),
            "unknown distribution linuxmint 21.3",
            id="a derivative with its own numbers and names",
        ),
        pytest.param(
            a_release("devuan", "12", id_like=("debian",), codename="chimaera"),
            "unknown distribution devuan 12",
            id="a derivative whose number means another release",
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
