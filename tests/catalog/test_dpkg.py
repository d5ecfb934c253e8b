"""dpkg's status and lists, distroless records, and opkg's status; dpkg-query is the judge."""

import json
import shutil
import subprocess
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.dpkg import DPKG
from lading.catalog.selection import Selection
from lading.model.package import Ownership, Package, SourcePackage
from shared_data import shared

STATUS = "/var/lib/dpkg/status"
STATES = (
    "installed", "half-installed", "unpacked", "half-configured", "triggers-awaited",
    "triggers-pending", "config-files", "not-installed",
)  # fmt: skip
ABSENT = ("half-installed", "config-files", "not-installed")


def record(name: str = "thing", *fields: str, status: str = "install ok installed") -> str:
    head = (f"Package: {name}", f"Status: {status}", "Architecture: amd64", "Version: 1:2.0-3+b1")
    return "\n".join((*head, *fields, "", ""))


@pytest.mark.parametrize("path", [
    "/var/lib/dpkg/status",
    "/var/lib/dpkg/status.d/base",
    "/var/lib/dpkg/status.d/base.md5sums",
    "/var/lib/dpkg/info/libc6:amd64.list",
    "/var/lib/dpkg/diversions",
    "/usr/lib/opkg/status",
    "/var/lib/opkg/status",
])  # fmt: skip
def test_every_place_is_read(path: str) -> None:
    assert Selection([DPKG]).by_path(path) == (DPKG,)


def test_a_record_is_a_package_and_its_settings_files() -> None:
    text = record(
        "libthing2",
        "Source: thing (1:2.0-3)",
        "Maintainer: Some One <some.one@example.org>",
        "Pre-Depends: dpkg (>= 1.15)",
        "Depends: libc6 (>= 2.34), default-mta (>= 1) | mail-transport-agent, python3:any",
        "Provides: libthing (= 2), thing-abi-1",
        "Conffiles:",
        " /etc/thing.conf 0123456789abcdef0123456789abcdef",
        " /etc/old.conf 0123456789abcdef0123456789abcdef obsolete",
        "Description: short",
        " long, with a line that says",
        " Package: no",
    )

    facts, error = reading(DPKG, STATUS, text.encode())

    assert error == ""
    assert facts == [
        Package(
            type="deb",
            name="libthing2",
            version="1:2.0-3+b1",
            paths=(STATUS,),
            arch="amd64",
            source=SourcePackage(name="thing", version="1:2.0-3"),
            requires=("dpkg", "libc6", "default-mta | mail-transport-agent", "python3:any"),
            provides=("libthing", "thing-abi-1"),
            vendor="Some One <some.one@example.org>",
        ),
        Ownership(
            type="deb",
            name="libthing2",
            version="1:2.0-3+b1",
            arch="amd64",
            paths=("/etc/thing.conf", "/etc/old.conf"),
        ),
    ]


@pytest.mark.parametrize(("field", "source"), [
    ("Source: other", SourcePackage(name="other", version="1:2.0-3+b1")),
    ("Source: other (3)", SourcePackage(name="other", version="3")),
    ("Priority: required", SourcePackage(name="thing", version="1:2.0-3+b1")),
])  # fmt: skip
def test_a_source_that_is_not_named_is_the_package_itself(
    field: str, source: SourcePackage
) -> None:
    [package] = packages_of(DPKG, STATUS, record("thing", field).encode())

    assert package.source == source


@pytest.mark.parametrize("state", STATES)
def test_a_package_counts_while_its_files_are_there(state: str) -> None:
    found = packages_of(DPKG, STATUS, record(status=f"deinstall ok {state}").encode())

    assert len(found) == (state not in ABSENT)


def test_a_distroless_record_has_no_status() -> None:
    data = b"package: base-files\nversion: 12.4\narchitecture: amd64"

    [package] = packages_of(DPKG, "/var/lib/dpkg/status.d/base", data)

    assert (package.name, package.version, package.arch) == ("base-files", "12.4", "amd64")


@pytest.mark.parametrize(("path", "data", "ownership"), [
    pytest.param(
        "/var/lib/dpkg/info/libc6:amd64.list", b"/.\n/usr\n/usr/lib/c.so\n",
        Ownership(type="deb", name="libc6", arch="amd64", paths=("/.", "/usr", "/usr/lib/c.so")),
        id="a list of one architecture",
    ),
    pytest.param(
        "/var/lib/dpkg/info/tzdata.list", b"/a\n",
        Ownership(type="deb", name="tzdata", paths=("/a",)), id="a list",
    ),
    pytest.param(
        "/var/lib/dpkg/status.d/base.md5sums", b"0123456789abcdef0123456789abcdef  etc/a b\n",
        Ownership(type="deb", name="base", paths=("/etc/a b",)), id="distroless sums",
    ),
    pytest.param(
        "/usr/lib/opkg/info/busybox.list", b"/bin/sh\n",
        Ownership(type="opkg", name="busybox", paths=("/bin/sh",)), id="a list of opkg",
    ),
    pytest.param(
        "/var/lib/dpkg/info/empty.list", b"", Ownership(type="deb", name="empty", paths=()),
        id="nothing",
    ),
    pytest.param(
        "/var/lib/dpkg/info/odd.list", b"/a\xff\n",
        Ownership(type="deb", name="odd", paths=("/a\\xff",)), id="a name that is no text",
    ),
])  # fmt: skip
def test_a_list_says_which_files_a_package_owns(
    path: str, data: bytes, ownership: Ownership
) -> None:
    [found], complaint = reading(DPKG, path, data)

    assert isinstance(found, Ownership)
    scripts = tuple(one for one in found.paths if "/info/" in one)
    assert replace(found, paths=found.paths[: len(found.paths) - len(scripts)]) == ownership
    assert complaint == ""


def test_a_list_vouches_for_the_scripts_beside_it() -> None:
    [[found], _] = reading(DPKG, "/var/lib/dpkg/info/libc6:amd64.list", b"/usr/lib/c.so\n")

    assert isinstance(found, Ownership)
    assert "/var/lib/dpkg/info/libc6:amd64.postinst" in found.paths


def test_sources_that_were_linked_in_are_kept() -> None:
    text = record(
        "thing",
        "Built-Using: gcc-12 (= 12.2.0-14), glibc (= 2.36-9+deb12u4)",
        "Static-Built-Using: golang-1.19 (= 1.19.8-2),",
        " gcc-12 (= 12.2.0-14), odd",
    )

    [package] = packages_of(DPKG, STATUS, text.encode())

    assert [(one.name, one.version) for one in package.built_using] == [
        ("gcc-12", "12.2.0-14"),
        ("glibc", "2.36-9+deb12u4"),
        ("golang-1.19", "1.19.8-2"),
        ("odd", None),
    ]


def test_a_diversion_says_what_is_moved_where_and_by_whom() -> None:
    data = b"/bin/sh\n/bin/sh.distrib\ndash\n/a\n/b\n:\n/c\n/d\ndash\n"

    assert reading(DPKG, "/var/lib/dpkg/diversions", data) == (
        [
            Ownership(
                type="deb",
                name="dash",
                paths=(),
                diverted=(("/bin/sh", "/bin/sh.distrib"), ("/c", "/d")),
            ),
            Ownership(type="deb", name=":", paths=(), diverted=(("/a", "/b"),)),
        ],
        "",
    )


def test_diversions_that_were_cut_are_not_silent() -> None:
    facts, error = reading(DPKG, "/var/lib/dpkg/diversions", b"/a\n/b\n:\n/c\n")

    assert len(facts) == 1
    assert "threes" in error


def test_one_package_in_two_architectures_is_two() -> None:
    text = record("libc6") + record("libc6").replace("amd64", "i386")

    found = packages_of(DPKG, STATUS, text.encode())

    assert [one.arch for one in found] == ["amd64", "i386"]


def test_of_records_that_stand_twice_none_is_lost() -> None:
    text = record("a") + record("a") + record("a").replace("2.0-3", "2.0-4")

    found = packages_of(DPKG, STATUS, text.encode())

    assert [one.version for one in found] == ["1:2.0-3+b1", "1:2.0-3+b1", "1:2.0-4+b1"]


@pytest.mark.slow
def test_a_status_of_a_hundred_megabytes_takes_seconds() -> None:
    needs = ", ".join(f"lib{number} (>= {number})" for number in range(40))
    one = record("thing", f"Depends: {needs}", "Description: short", *[" and long" * 8] * 100)
    data = (one * (100_000_000 // len(one))).encode()
    started = time.process_time()

    assert len(data) < DPKG.max_size
    assert len(packages_of(DPKG, STATUS, data)) > 10_000
    assert time.process_time() - started < 30


def test_opkg_writes_the_same_records() -> None:
    [package] = packages_of(
        DPKG, "/usr/lib/opkg/status", record(status="install user installed").encode()
    )

    assert package.type == "opkg"


def test_a_status_of_no_packages_is_fine() -> None:
    assert packages_of(DPKG, STATUS, b"") == []


def test_line_ends_of_other_systems_and_blanks_between_records_do_not_matter() -> None:
    text = record("a") + " \t\n" + record("b") + "\n\n\n"

    for written in (text, text.replace("\n", "\r\n")):
        found = packages_of(DPKG, STATUS, written.encode())

        assert [(one.name, one.version) for one in found] == [
            ("a", "1:2.0-3+b1"),
            ("b", "1:2.0-3+b1"),
        ]


@pytest.mark.parametrize("broken", [
    "Package: b\nStatus: install ok installed\n\n",
    "Version: 1\n\n",
    "\0\1\2\n\n",
    "Package: b\nVersion: " + "9" * 600 + "\n\n",
])  # fmt: skip
def test_a_broken_record_is_counted_and_hides_no_other(broken: str) -> None:
    facts, error = reading(DPKG, STATUS, (record("a") + broken + record("c")).encode())

    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["a", "c"]
    assert error.startswith("1 records cannot be understood")


def test_two_records_that_run_into_one_are_not_silent() -> None:
    text = record("a").rstrip("\n") + "\n" + record("b")

    assert "1 records" in reading(DPKG, STATUS, text.encode())[1]


def test_a_status_that_was_cut_is_not_silent() -> None:
    facts, error = reading(DPKG, STATUS, record("a", "Description: cut").encode()[:-4])

    assert len(facts) == 1
    assert "cut" in error


@pytest.mark.parametrize("hostile", [
    "Depends: " + "(" * 300_000,
    "Depends: " + " " * 300_000 + "x",
    "Depends: " + "<[(" * 100_000,
    "Source: " + "a" * 300_000,
    "Source: a" + " " * 300_000 + "x",
    "\n" * 300_000,
    "Conffiles:" + "\n \x0b" * 100_000,
])  # fmt: skip
def test_long_fields_take_no_long_time(hostile: str) -> None:
    started = time.process_time()

    reading(DPKG, STATUS, record("a", hostile).encode())

    assert time.process_time() - started < 2


def test_a_list_of_absurdly_many_files_is_refused() -> None:
    facts, error = reading(DPKG, "/var/lib/dpkg/info/a.list", b"/aa\n" * 5_000_000)

    assert facts == []
    assert "absurdly many" in error


@pytest.mark.parametrize(
    "path", [STATUS, "/var/lib/dpkg/info/a.list", "/var/lib/dpkg/status.d/a.md5sums"]
)
def test_damage_raises_nothing_else(path: str) -> None:
    text = record("a", "Source: b (1)", "Depends: c (>= 1) | d, e", "Conffiles:", " /etc/a 0")

    for broken in damaged((text + record("f")).encode()):
        reading(DPKG, path, broken)


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs dpkg-query")
def test_a_status_is_read_as_dpkg_reads_it(tmp_path: Path) -> None:
    sources = ("", "Source: src{0}", "Source: src{0} ({0}:1.0-{0})")
    text = "".join(
        record(f"pkg{number}", *filter(None, [
            source.format(number),
            "Triggers-Awaited: other" if state == "triggers-awaited" else "",
            "Triggers-Pending: thing" if state == "triggers-pending" else "",
            "Config-Version: 1:2.0-3+b1" if state in ("half-configured", "config-files") else "",
            "Maintainer: Some One <a@example.org>",
            "Description: short\n long\n .\n longer",
        ]), status=f"install ok {state}")
        for number, (state, source) in enumerate(product(STATES, sources), 1)
    )  # fmt: skip
    (tmp_path / "status").write_text(text)
    form = "${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}"
    told = subprocess.run(
        ["dpkg-query", "--admindir", tmp_path, "-W", "-f", form + " ${db:Status-Status}\n"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    present = [line.rpartition(" ")[0] for line in told if not line.endswith(ABSENT)]

    found = packages_of(DPKG, STATUS, text.encode())

    assert sorted(
        f"{one.name} {one.version} {one.arch} {one.source.name} {one.source.version}"
        for one in found
        if one.source is not None
    ) == sorted(present)
    assert len(present) == 15


@pytest.mark.shared
@pytest.mark.parametrize("name", ["dpkg-bookworm-minbase", "dpkg-postgresql", "dpkg-debian-only"])
def test_a_real_status_gives_exactly_its_packages(name: str) -> None:
    folder = shared("pkgdb", name)
    expected = json.loads((folder / "expected.json").read_text())

    found = packages_of(DPKG, STATUS, (folder / "var/lib/dpkg/status").read_bytes())

    assert sorted(
        (one.name, one.version, one.arch, one.source.name, one.source.version)
        for one in found
        if one.source is not None
    ) == sorted(
        (one["name"], one["version"], one["arch"], one["source"], one["source_version"])
        for one in expected
        if one["installed"]
    )
