"""Packages of operating systems: names, alternatives, provided names, architectures."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import asking, edges_among, packages_of
from lading.catalog.dpkg import DPKG

STATUS = Path("/var/lib/dpkg/status")


@pytest.mark.parametrize(("type", "requirement", "provided"), [
    pytest.param("deb", "mail-transport-agent", "mail-transport-agent", id="a virtual package"),
    pytest.param("deb", "python3:any", "python3", id="of any architecture"),
    pytest.param("apk", "so:libc.musl-x86_64.so.1", "so:libc.musl-x86_64.so.1", id="a library"),
    pytest.param("apk", "cmd:busybox", "cmd:busybox", id="a command"),
    pytest.param("apk", "pc:zlib", "pc:zlib", id="a pkg-config module"),
    pytest.param("alpm", "libz.so", "libz.so", id="a library of Arch Linux"),
    pytest.param("opkg", "libc", "libc", id="OpenWrt"),
])  # fmt: skip
def test_provided_names_answer(type: str, requirement: str, provided: str) -> None:
    found = edges_among(
        asking("a", requirement, type=type), asking("b", type=type, provides=(provided,))
    )

    assert found == {"a": ["b"]}


def test_all_that_provide_a_name_answer() -> None:
    found = edges_among(
        asking("cron", "mta", type="deb"),
        asking("exim", type="deb", provides=("mta",)),
        asking("postfix", type="deb", provides=("mta",)),
    )

    assert found == {"cron": ["exim", "postfix"]}


def test_the_package_of_the_name_comes_before_those_that_provide_it() -> None:
    found = edges_among(
        asking("a", "awk", type="deb"),
        asking("awk", type="deb"),
        asking("mawk", type="deb", provides=("awk",)),
    )

    assert found == {"a": ["awk"]}


def test_every_installed_alternative_answers() -> None:
    found = edges_among(
        asking("a", "x | b:any | c", type="deb"), asking("b", type="deb"), asking("c", type="deb")
    )

    assert found == {"a": ["b", "c"]}


def test_what_a_package_provides_itself_it_asks_nobody_for() -> None:
    found = edges_among(
        asking("a", "shell", type="deb", provides=("shell",)),
        asking("b", type="deb", provides=("shell",)),
    )

    assert found == {}


def test_what_must_be_absent_is_no_dependency() -> None:
    assert edges_among(asking("a", "!b", type="apk"), asking("b", type="apk")) == {}


@pytest.mark.parametrize(("arch", "answer"), [
    ("amd64", "libc6 amd"),
    ("i386", "libc6 i3"),
    pytest.param("all", "libc6 amd", id="all is what dpkg itself is built for"),
    pytest.param(None, "libc6 amd", id="unstated is taken as all"),
])  # fmt: skip
def test_the_own_architecture_answers(arch: str | None, answer: str) -> None:
    found = edges_among(
        asking("a", "libc6", type="deb", arch=arch),
        asking("libc6", type="deb", version="amd", arch="amd64"),
        asking("libc6", type="deb", version="i3", arch="i386"),
        asking("dpkg", type="deb", arch="amd64"),
    )

    assert found == {"a": [answer]}


def test_another_architecture_answers_where_the_own_does_not() -> None:
    found = edges_among(
        asking("a", "qemu:any", type="deb", arch="arm64"), asking("qemu", type="deb", arch="amd64")
    )

    assert found == {"a": ["qemu"]}


@pytest.mark.skipif(
    shutil.which("dpkg-query") is None or not STATUS.is_file(), reason="this is no Debian"
)
def test_this_machine_has_the_edges_that_dpkg_query_lists() -> None:
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Pre-Depends},${Depends}\t${Provides}\n"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    wanted, provided = {}, {}
    for line in listed.splitlines():
        name, needs, gives = line.split("\t")
        bare = re.sub(r"\([^)]*\)", "", needs)
        wanted[name] = [
            {one.strip().partition(":")[0] for one in group.split("|")} for group in bare.split(",")
        ]
        provided[name] = {one.split()[0] for one in gives.split(",") if one.strip()} | {name}
    packages = [
        asking(one.name, *one.requires, type="deb", arch=one.arch, provides=one.provides)
        for one in packages_of(DPKG, str(STATUS), STATUS.read_bytes())
    ]
    installed = {one.name for one in packages}

    found = edges_among(*packages)

    assert len(found) > len(packages) / 2
    for name in installed:
        answering = set(found.get(name, ()))
        for group in wanted[name]:
            assert (group & installed) - {name} <= answering
        asked = set().union(*wanted[name])
        assert all(asked & provided[one] for one in answering)
