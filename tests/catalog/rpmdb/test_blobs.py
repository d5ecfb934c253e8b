"""Databases of every kind and history: rpm's own after many changes, and variants cut anywhere."""

import random
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import reading
from lading.catalog.rpm import RPM
from lading.model.package import Ownership, Package
from rpm_databases import a_header, bdb_of, ndb_of, sqlite_of

PLACES = {
    "sqlite": "/var/lib/rpm/rpmdb.sqlite",
    "ndb": "/usr/lib/sysimage/rpm/Packages.db",
    "bdb": "/var/lib/rpm/Packages",
}
Writer = Callable[[list[bytes]], bytes]
WRITERS: dict[str, Writer] = {
    "sqlite": lambda blobs: sqlite_of(blobs, page_size=512),
    "ndb": ndb_of,
    "bdb": lambda blobs: bdb_of(blobs, page_size=512),
    "bdb, big-endian": lambda blobs: bdb_of(blobs, page_size=512, order=">"),
}
needs_rpm = pytest.mark.skipif(
    not all(map(shutil.which, ("rpm", "rpmbuild"))), reason="needs rpm and rpmbuild"
)


def place_of(kind: str) -> str:
    return PLACES[kind.partition(",")[0]]


def listed(path: str, data: bytes) -> tuple[dict[str, int], str]:
    """The packages, with the number of files each owns, and the complaint."""
    facts, error = reading(RPM, path, data)
    files = {fact.name: len(fact.paths) for fact in facts if isinstance(fact, Ownership)}
    names = [fact.name for fact in facts if isinstance(fact, Package)]
    assert len(names) == len(set(names))
    return {name: files.get(name, 0) for name in names}, error


def headers(sizes: list[int]) -> list[bytes]:
    return [
        a_header(
            f"p{number}",
            folders=["/usr/share/doc/"],
            bases=[f"file{file:06}" for file in range(size)],
            indexes=[0] * size,
        )
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize("kind", WRITERS)
@given(sizes=st.lists(st.sampled_from((1, 2, 5, 13, 40, 200)), max_size=25))
def test_packages_of_any_number_and_size_are_all_there(kind: str, sizes: list[int]) -> None:
    data = WRITERS[kind](headers(sizes))

    assert listed(place_of(kind), data) == (
        {f"p{number}": size for number, size in enumerate(sizes)},
        "",
    )


@pytest.mark.parametrize("kind", WRITERS)
def test_a_database_cut_at_any_page_is_never_silent(kind: str) -> None:
    sizes = [random.Random(number).choice((1, 5, 30, 90)) for number in range(40)]
    data = WRITERS[kind](headers(sizes))
    found_before = -1
    for end in range(512, len(data), 512):
        found, error = listed(place_of(kind), data[:end])

        assert error
        assert found.keys() <= {f"p{number}" for number in range(40)}
        found_before = max(found_before, len(found))
    assert found_before > 30


@pytest.mark.parametrize("filling", [b"\xa5", b"\0"])
@pytest.mark.parametrize("kind", WRITERS)
def test_any_one_page_that_is_overwritten_is_never_silent(kind: str, filling: bytes) -> None:
    data = WRITERS[kind](headers([30] * 40))
    for start in range(512, len(data) - 511, 512):
        broken = bytearray(data)
        broken[start : start + 512] = filling * 512
        found, error = listed(place_of(kind), bytes(broken))

        # What is damaged may be a place that holds nothing; then nothing may be missing either.
        assert error or len(found) == 40


@pytest.mark.parametrize("order", "<>")
def test_entries_of_a_berkeley_db_whose_keys_are_zeros_are_missed(order: str) -> None:
    data = bytearray(bdb_of(headers([90] * 40), page_size=4096, order=order))
    data[2 * 4096 - 2000 : 2 * 4096] = bytes(2000)  # the end of the first page with items
    found, error = listed(PLACES["bdb"], bytes(data))

    assert len(found) < 40
    assert "damaged" in error


@pytest.mark.parametrize("order", "<>")
def test_a_berkeley_db_with_fewer_entries_than_it_counts_is_told(order: str) -> None:
    data = bytearray(bdb_of(headers([1] * 3), order=order))
    data[88:92] = struct.pack(order + "I", 6)  # three packages, the counter, and two more
    found, error = listed(PLACES["bdb"], bytes(data))

    assert len(found) == 3
    assert "2 of its 6 entries are missing" in error


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "ndb"])
def test_time_grows_with_size_alone(kind: str) -> None:
    taken = []
    for count in (1000, 4000):
        data = WRITERS[kind](headers([20] * count))
        started = time.process_time()
        listed(place_of(kind), data)
        taken.append(time.process_time() - started)

    assert taken[1] < 12 * max(taken[0], 0.02)


def test_slots_of_ndb_that_are_free_or_in_another_order_do_not_matter() -> None:
    data = bytearray(ndb_of(headers([5] * 30)))
    slots = [bytes(data[at : at + 16]) for at in range(32, 32 + 30 * 16, 16)]
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    mixed = [one for slot in reversed(slots) for one in (free, slot)]
    data[32 : 32 + 60 * 16] = b"".join(mixed)

    found, error = listed(PLACES["ndb"], bytes(data))

    assert (len(found), error) == (30, "")


SPEC = """\
Name: demo
Version: 1
Release: 1
Summary: a package
License: MIT
BuildArch: noarch
%description
a package
{packages}
%install
mkdir -p %{{buildroot}}/usr/share/demo
for package in {names}; do for n in $(seq 1 60); do
  echo > %{{buildroot}}/usr/share/demo/$package-file-with-a-long-name-$n; done; done
"""
SUBPACKAGE = """\
%package -n {name}
Summary: a package
%description -n {name}
a package
%files -n {name}
/usr/share/demo/{name}-*
"""
NAMES = [f"part{number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Packages that rpmbuild made, by name."""
    folder = tmp_path_factory.mktemp("build")
    parts = "".join(SUBPACKAGE.format(name=name) for name in NAMES)
    (folder / "demo.spec").write_text(SPEC.format(packages=parts, names=" ".join(NAMES)))
    subprocess.run(
        ["rpmbuild", "--define", f"_topdir {folder}", "-bb", folder / "demo.spec"],
        capture_output=True, check=True,
    )  # fmt: skip
    return {path.name.partition("-")[0]: path for path in folder.glob("RPMS/*/*.rpm")}


@needs_rpm
def test_what_rpm_leaves_after_many_changes_is_read_as_rpm_reads_it(
    tmp_path: Path, packages: dict[str, Path]
) -> None:
    def rpm(*options: str | Path) -> str:
        done = subprocess.run(
            ["rpm", "--dbpath", tmp_path, *options], capture_output=True, text=True, check=True
        )
        return done.stdout

    install = ("-i", "--justdb", "--nodeps", "--noscripts")
    rpm(*install, *(packages[name] for name in NAMES[:8]))
    rpm("-e", "--justdb", *NAMES[1:8:2])
    rpm(*install, *(packages[name] for name in (*NAMES[8:], NAMES[3])))
    rpm("-e", "--justdb", NAMES[0], NAMES[10])
    told = rpm("-qa", "--qf", "%{NAME} [.%{BASENAMES}]\n").splitlines()

    found, error = listed(PLACES["sqlite"], (tmp_path / "rpmdb.sqlite").read_bytes())

    assert error == ""
    assert len(told) == 7
    assert found == {name: line.count(".") for line in told for name in [line.split()[0]]}
