"""os-release, and the files that said it before."""

import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, reading
from lading.catalog.osrelease import OS_RELEASE, PLACES
from lading.catalog.selection import Selection
from lading.model.package import Release

PATH = "/etc/os-release"


def release(text: str, path: str = PATH) -> Release:
    facts, error = reading(OS_RELEASE, path, text.encode())
    assert error == ""
    [found] = facts
    assert isinstance(found, Release)
    return found


@pytest.mark.parametrize("path", PLACES)
def test_every_place_is_read(path: str) -> None:
    assert Selection([OS_RELEASE]).by_path(path) == (OS_RELEASE,)


def test_all_fields_are_read() -> None:
    text = (
        "# a comment\nNAME=Ubuntu\nID=ubuntu\nID_LIKE='debian other'\n\n"
        'PRETTY_NAME="Ubuntu 22.04.3 LTS"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n'
    )

    assert release(text) == Release(
        id="ubuntu",
        version_id="22.04",
        pretty_name="Ubuntu 22.04.3 LTS",
        id_like=("debian", "other"),
        codename="jammy",
        path=PATH,
    )


def test_what_is_not_said_is_unknown() -> None:
    assert release("NAME=x\nVERSION_ID=\n") == Release(id="", path=PATH)


def test_an_id_is_lower_case() -> None:
    assert release("ID=Debian\nID_LIKE=Other").id_like == ("other",)
    assert release("ID=Debian").id == "debian"


def test_the_last_of_two_assignments_holds() -> None:
    assert release("ID=a\nID=b").id == "b"


@pytest.mark.parametrize(
    "lines", ["ID=debian\r\nVERSION_ID=12\r\n", "\ufeffID=debian\nVERSION_ID=12"]
)
def test_line_ends_and_marks_of_other_systems_do_not_matter(lines: str) -> None:
    found = release(lines)

    assert (found.id, found.version_id) == ("debian", "12")


VALUES = [
    "plain",
    "'single quoted'",
    '"double quoted"',
    '"a \\"quote\\" inside"',
    '"a \\$ and a \\\\ and a \\`"',
    '"other \\n escapes stay"',
    "'in single \\ quotes'",
    "escaped\\ blank",
    "joined'to 'one\" value\"",
    '""',
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
def test_values_are_read_as_a_shell_reads_them(value: str, tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text(f"PRETTY_NAME={value}\n")
    script = '. "$1"; printf %s "$PRETTY_NAME"'
    told = subprocess.run(
        ["sh", "-c", script, "sh", file], capture_output=True, text=True, check=True
    ).stdout

    assert (release(file.read_text()).pretty_name or "") == told


@pytest.mark.parametrize(("value", "read"), [
    pytest.param('"no end', "no end", id="a quote that is never closed"),
    pytest.param("a comment # follows", "a", id="what follows a blank"),
    pytest.param("$(reboot)", "$(reboot)", id="nothing is expanded"),
])  # fmt: skip
def test_what_no_shell_would_take_gives_what_can_be_read(value: str, read: str) -> None:
    assert release(f"PRETTY_NAME={value}").pretty_name == read


@pytest.mark.parametrize(("path", "line", "id", "version", "codename"), [
    ("/etc/alpine-release", "3.19.1", "alpine", "3.19.1", None),
    ("/etc/debian_version", "12.4", "debian", "12", None),
    ("/etc/debian_version", "9.13", "debian", "9", None),
    ("/etc/debian_version", "trixie/sid", "debian", None, "trixie"),
    ("/etc/redhat-release", "CentOS release 6.10 (Final)", "centos", "6.10", None),
    ("/etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)", "centos", "7.9.2009", None),
    ("/etc/redhat-release", "Red Hat Enterprise Linux Server release 5.11", "rhel", "5.11", None),
    ("/etc/redhat-release", "Fedora release 39 (Thirty Nine)", "fedora", "39", None),
    ("/etc/system-release", "Amazon Linux release 2 (Karoo)", "amzn", "2", None),
    ("/etc/oracle-release", "Oracle Linux Server release 6.10", "ol", "6.10", None),
    ("/etc/gentoo-release", "Gentoo Base System release 2.14", "gentoo", "2.14", None),
    ("/etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4",
     "sles", "11.4", None),
    ("/etc/SuSE-release", "openSUSE 13.1 (x86_64)\nVERSION = 13.1", "opensuse", "13.1", None),
    ("/etc/lsb-release", 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty',
     "ubuntu", "14.04", "trusty"),
    ("/etc/openwrt_release", "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.2'",
     "openwrt", "23.05.2", None),
    ("/etc/lsb-release", "LSB_VERSION=base-4.0-amd64", "", None, None),
    ("/etc/redhat-release", "Rocky Linux release 8.9 (Green Obsidian)", "rocky", "8.9", None),
    ("/etc/redhat-release", "AlmaLinux release 9.3 (Some Cat)", "almalinux", "9.3", None),
    ("/etc/redhat-release", "Oracle Linux Server release 6.10", "ol", "6.10", None),
    ("/etc/redhat-release", "Scientific Linux release 6.10 (Carbon)", "scientific", "6.10", None),
])  # fmt: skip
def test_the_older_files_are_one_line(
    path: str, line: str, id: str, version: str | None, codename: str | None
) -> None:
    found = release(line + "\n", path)

    assert (found.id, found.version_id, found.codename) == (id, version, codename)


@pytest.mark.parametrize(("path", "text", "complaint"), [
    (PATH, "", "not one KEY=value"),
    (PATH, "\0\1\2", "not one KEY=value"),
    ("/etc/alpine-release", " \n", "empty"),
    ("/etc/redhat-release", "hello", "names no release"),
    ("/etc/redhat-release", " " * 60_000 + "x" * 5_000, "empty or no text"),
])  # fmt: skip
def test_a_file_that_says_nothing_is_a_problem(path: str, text: str, complaint: str) -> None:
    facts, error = reading(OS_RELEASE, path, text.encode())

    assert facts == []
    assert complaint in error


@pytest.mark.parametrize("path", [PATH, "/etc/debian_version", "/etc/redhat-release"])
def test_damage_raises_nothing_else(path: str) -> None:
    for broken in damaged(b"ID=\"a b\"\nVERSION_ID='1' release 1\n"):
        reading(OS_RELEASE, path, broken)
