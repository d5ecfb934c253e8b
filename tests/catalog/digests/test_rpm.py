"""File digests in rpm headers, damaged and odd; what rpm itself says is in the ledger's tests."""

import pytest

from builders import damaged
from catalog.digests.kept import files, kept
from lading.catalog.digests.recorded import Records
from lading.catalog.digests.rpm import RPM_DIGESTS
from rpm_databases import BASES, FOLDERS, INDEXES, NAME, RELEASE, VERSION, header_of, sqlite_of
from shared_data import shared

PATH = "/var/lib/rpm/rpmdb.sqlite"
DIGESTS, LINKS, FLAGS, ALGORITHM = 1035, 1036, 1037, 5011
Value = str | list[str] | list[int]


def a_header(*others: tuple[int, Value]) -> bytes:
    tags: list[tuple[int, Value]] = [
        (NAME, "a"), (VERSION, "1"), (RELEASE, "2"), (INDEXES, [0, 0]), (BASES, ["x", "y"]),
        (FOLDERS, ["/bin/"]),
    ]  # fmt: skip
    return header_of([*tags, *others])


def test_digests_without_an_algorithm_are_md5() -> None:
    data = sqlite_of([a_header((DIGESTS, ["AB", ""]))])

    assert files(RPM_DIGESTS, PATH, data) == {"/bin/x": "md5:ab"}


@pytest.mark.parametrize(("number", "name"), [
    (2, "sha1"), (8, "sha256"), (12, "sha3_256"), (99, "openpgp-99"),
])  # fmt: skip
def test_the_algorithm_is_named_by_its_number(number: int, name: str) -> None:
    data = sqlite_of([a_header((DIGESTS, ["aa", "bb"]), (ALGORITHM, [number]))])

    assert files(RPM_DIGESTS, PATH, data) == {"/bin/x": f"{name}:aa", "/bin/y": f"{name}:bb"}


@pytest.mark.parametrize("others", [
    pytest.param((), id="no digests"),
    pytest.param(((DIGESTS, ["aa"]),), id="digests of some files"),
    pytest.param(((DIGESTS, ["aa", "bb"]), (LINKS, ["c"])), id="targets of some files"),
])  # fmt: skip
def test_a_header_without_digests_of_all_files_keeps_none(
    others: tuple[tuple[int, Value], ...],
) -> None:
    assert files(RPM_DIGESTS, PATH, sqlite_of([a_header(*others)])) == {}


def test_a_damaged_header_hides_no_other() -> None:
    data = sqlite_of([b"\0\0\0\1", a_header((DIGESTS, ["aa", "bb"]))])

    found, error = kept(RPM_DIGESTS, PATH, data)

    assert [one.name for one in found if isinstance(one, Records)] == ["a"]
    assert error.startswith("1 package headers are damaged")


@pytest.mark.shared
@pytest.mark.parametrize(("name", "file"), [
    ("rpm-ndb-sle15-bci-older1", "usr/lib/sysimage/rpm/Packages.db"),
    ("rpm-bdb-libuuid", "var/lib/rpm/Packages"),
    ("rpm-sqlite-osv-scanner", "var/lib/rpm/rpmdb.sqlite"),
])  # fmt: skip
def test_a_real_database_keeps_whole_digests(name: str, file: str) -> None:
    data = shared("pkgdb", name, *file.split("/")).read_bytes()
    found = files(RPM_DIGESTS, f"/{file}", data)
    digests = [one for one in found.values() if not one.startswith("link:")]

    assert len(found) > 4
    assert {len(one) for one in digests} == {len("sha256:") + 64}


def test_damage_raises_nothing_else() -> None:
    header = a_header((DIGESTS, ["aa", "bb"]), (FLAGS, [1, 2]), (ALGORITHM, [8]))

    for broken in damaged(header, times=300):
        kept(RPM_DIGESTS, PATH, sqlite_of([broken]))
