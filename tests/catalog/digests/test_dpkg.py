"""md5sums, conffiles and path rules of dpkg."""

import time

import pytest

from builders import damaged
from catalog.digests.kept import files, kept
from lading.catalog.digests.dpkg import DPKG_DIGESTS
from lading.catalog.digests.recorded import LeftOut, Recorded, Records

SUMS = "/var/lib/dpkg/info/libc6:amd64.md5sums"
STATUS = "/var/lib/dpkg/status"
RULES = "/etc/dpkg/dpkg.cfg.d/docker"
SUM = "0123456789abcdef0123456789abcdef"


def test_sums_are_of_paths_below_the_root() -> None:
    data = f"{SUM}  usr/lib/a b\n{SUM}  ./c\n".encode()

    assert kept(DPKG_DIGESTS, SUMS, data) == (
        [
            Records(
                type="deb",
                name="libc6",
                arch="amd64",
                files=(Recorded("/usr/lib/a b", f"md5:{SUM}"), Recorded("/c", f"md5:{SUM}")),
            )
        ],
        "",
    )


def test_a_name_that_is_no_utf_8_keeps_its_bytes() -> None:
    assert files(DPKG_DIGESTS, SUMS, SUM.encode() + b"  a\xff\n") == {"/a\udcff": f"md5:{SUM}"}


def test_settings_files_are_of_the_packages_that_are_installed() -> None:
    status = f"""Package: a
Status: install ok installed
Version: 1
Architecture: amd64
Conffiles:
 /etc/a b {SUM}
 /etc/old {SUM} obsolete
 /etc/new newconffile
Description: short
 /etc/no {SUM}x

Package: gone
Status: deinstall ok config-files
Version: 1
Conffiles:
 /etc/gone {SUM}
"""

    [records], error = kept(DPKG_DIGESTS, STATUS, status.encode())

    assert error == ""
    assert isinstance(records, Records)
    assert (records.name, records.version, records.arch) == ("a", "1", "amd64")
    assert records.files == (Recorded("/etc/a b", f"md5:{SUM}", is_configuration=True),)


@pytest.mark.parametrize(("line", "rules"), [
    ("path-exclude=/usr/share/doc/*", ((True, "/usr/share/doc/*"),)),
    ("path-exclude /a", ((True, "/a"),)),
    ('path-include = "/a b"', ((False, "/a b"),)),
    ("# path-exclude=/a", ()),
    ("force-unsafe-io", ()),
])  # fmt: skip
def test_rules_are_written_with_and_without_an_equals_sign(
    line: str, rules: tuple[tuple[bool, str], ...]
) -> None:
    assert kept(DPKG_DIGESTS, RULES, line.encode()) == (
        [LeftOut(type="deb", path=RULES, rules=rules)],
        "",
    )


def test_lines_that_are_no_sums_are_counted() -> None:
    found, error = kept(DPKG_DIGESTS, SUMS, f"{SUM}  a\nodd\n".encode())

    assert len(found) == 1
    assert error == "1 of its lines are no digest and path"


@pytest.mark.parametrize("line", [
    " /etc/" + "a " * 100_000, " /" + "/" * 200_000, "Package:" + " " * 200_000 + "x",
    "path-exclude" + " " * 200_000,
])  # fmt: skip
@pytest.mark.parametrize("path", [SUMS, STATUS, RULES])
def test_long_lines_take_no_long_time(path: str, line: str) -> None:
    started = time.process_time()

    kept(DPKG_DIGESTS, path, line.encode())

    assert time.process_time() - started < 2


@pytest.mark.parametrize("path", [
    SUMS, STATUS, RULES, "/var/lib/dpkg/diversions", "/var/lib/dpkg/info/a.list",
])  # fmt: skip
def test_damage_raises_nothing_else(path: str) -> None:
    text = f"Package: a\nVersion: 1\nConffiles:\n /etc/a {SUM}\n\n{SUM}  a\npath-exclude=/a\n"

    for broken in damaged(text.encode()):
        kept(DPKG_DIGESTS, path, broken)
