"""rpm's databases: those that rpm writes, and those that it must be able to read."""

import json
import shutil
import sqlite3
import struct
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.rpm import RPM
from lading.catalog.selection import Selection
from lading.model.package import Ownership, Package, SourcePackage
from rpm_databases import a_header, bdb_of, header_of, ndb_of, sqlite_of
from shared_data import shared

SQLITE = "/var/lib/rpm/rpmdb.sqlite"
BDB = "/var/lib/rpm/Packages"
NDB = "/usr/lib/sysimage/rpm/Packages.db"
MANIFEST = "/var/lib/rpmmanifest/container-manifest-2"
WRITERS = (
    pytest.param(sqlite_of, id="sqlite"),
    pytest.param(ndb_of, id="ndb"),
    pytest.param(bdb_of, id="bdb"),
)
Writer = Callable[[list[bytes]], bytes]
needs_rpm = pytest.mark.skipif(shutil.which("rpm") is None, reason="needs rpm")


def names(data: bytes, path: str = SQLITE) -> tuple[list[str], str]:
    """The packages of a database, sorted, and its complaint."""
    facts, error = reading(RPM, path, data)
    return sorted(fact.name for fact in facts if isinstance(fact, Package)), error


def several(count: int = 30) -> list[bytes]:
    """Headers of all lengths: some fit into a page of any size, some need several."""
    return [
        a_header(
            f"p{number:02}",
            folders=["/usr/share/doc/"],
            bases=[f"file{file}" for file in range(number * 9)] or ["one"],
            indexes=[0] * (number * 9 or 1),
        )
        for number in range(count)
    ]


NAMES = [f"p{number:02}" for number in range(30)]


@pytest.mark.parametrize("path", [
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/share/rpm/rpmdb.sqlite",
    "/var/lib/rpm/Packages",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/var/lib/rpmmanifest/container-manifest-2",
])  # fmt: skip
def test_every_place_is_read(path: str) -> None:
    assert Selection([RPM]).by_path(path) == (RPM,)


@pytest.mark.parametrize("written", WRITERS)
def test_a_header_is_a_package_and_its_files(written: Writer) -> None:
    header = a_header(
        "nodejs-libs", "20.1", "3.el9", epoch=[1], arch="x86_64", licence="MIT and ISC",
        vendor="Some One, Inc.", source_rpm="nodejs-20.1-3.el9.src.rpm",
        module="nodejs:20:9030:abcd", provides=["nodejs-libs", "libnode.so.1()(64bit)"],
        requires=["libc.so.6()(64bit)", "/bin/sh", "rpmlib(FileDigests)", "/bin/sh"],
        folders=["/usr/lib64/", "/usr/share/doc/"], bases=["libnode.so.1", "README"],
        indexes=[0, 1],
    )  # fmt: skip

    assert reading(RPM, SQLITE, written([header])) == (
        [
            Package(
                type="rpm",
                name="nodejs-libs",
                version="1:20.1-3.el9",
                paths=(SQLITE,),
                arch="x86_64",
                source=SourcePackage(name="nodejs", version="20.1-3.el9"),
                licenses=("MIT and ISC",),
                requires=("libc.so.6()(64bit)", "/bin/sh"),
                provides=("nodejs-libs", "libnode.so.1()(64bit)"),
                vendor="Some One, Inc.",
                module="nodejs:20:9030:abcd",
            ),
            Ownership(
                type="rpm",
                name="nodejs-libs",
                version="1:20.1-3.el9",
                arch="x86_64",
                paths=("/usr/lib64/libnode.so.1", "/usr/share/doc/README"),
            ),
        ],
        "",
    )


def test_an_epoch_of_zero_is_written_and_one_that_is_absent_is_not() -> None:
    found = packages_of(RPM, SQLITE, sqlite_of([a_header("a", epoch=[0]), a_header("b")]))

    assert [one.version for one in found] == ["0:1-2", "1-2"]


@pytest.mark.parametrize(("file", "source"), [
    ("util-linux-2.3-42.el8_8.src.rpm", SourcePackage(name="util-linux", version="2.3-42.el8_8")),
    ("a-1-2.nosrc.rpm", SourcePackage(name="a", version="1-2")),
    ("a.src.rpm", None),
    ("-1-2.src.rpm", None),
    ("(none)", None),
])  # fmt: skip
def test_the_source_is_what_its_file_is_called(file: str, source: SourcePackage | None) -> None:
    [package] = packages_of(RPM, SQLITE, sqlite_of([a_header(source_rpm=file)]))

    assert package.source == source


def test_a_key_is_no_package() -> None:
    assert names(sqlite_of([a_header("gpg-pubkey"), a_header("b")])) == (["b"], "")


def test_of_tags_that_stand_twice_the_last_holds() -> None:
    header = header_of([(1000, "a"), (1001, "1"), (1002, "2"), (1002, "3")])

    [package] = packages_of(RPM, SQLITE, sqlite_of([header]))

    assert package.version == "1-3"


@pytest.mark.parametrize("page_size", [512, 1024, 4096, 8192, 32768, 65536])
def test_sqlite_is_read_with_pages_of_every_size(page_size: int) -> None:
    assert names(sqlite_of(several(), page_size=page_size)) == (NAMES, "")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("page_size", [512, 1024, 4096, 8192, 32768, 65536])
def test_berkeley_db_is_read_with_pages_of_every_size_and_order(page_size: int, order: str) -> None:
    assert names(bdb_of(several(), page_size=page_size, order=order)) == (NAMES, "")


def test_ndb_is_read_with_many_blobs() -> None:
    assert names(ndb_of(several())) == (NAMES, "")


@pytest.mark.parametrize("written", WRITERS)
def test_a_database_of_no_packages_is_fine(written: Writer) -> None:
    assert names(written([])) == ([], "")


def asked(folder: Path, *options: str) -> list[str]:
    """What `rpm -qa` and the like print of the database in the folder."""
    form = "%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM} %{LICENSE}\n"
    query = options or ("-qa", "--qf", form)
    done = subprocess.run(
        ["rpm", "--dbpath", folder, *query], capture_output=True, text=True, check=True
    )
    return sorted(done.stdout.splitlines())


@needs_rpm
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("page_size", [512, 4096, 65536])
def test_rpm_reads_the_same_from_berkeley_db(tmp_path: Path, page_size: int, order: str) -> None:
    data = bdb_of(several(), page_size=page_size, order=order)
    (tmp_path / "Packages").write_bytes(data)

    told = asked(tmp_path, "--define", "_db_backend bdb_ro", "-qa", "--qf", "%{NAME}\n")

    assert names(data, BDB) == (told, "")


SPEC = """\
Name: demo
Version: 1.2
Release: 3
Epoch: {epoch}
Summary: a package
License: MIT
Vendor: Some One
ModularityLabel: demo:1:2:3
Requires: other >= 1, /bin/sh
%description
a package
%package -n libdemo
Summary: another
BuildArch: noarch
%description -n libdemo
another
%install
mkdir -p %{{buildroot}}/usr/share/demo %{{buildroot}}/etc
echo a > %{{buildroot}}/usr/share/demo/a
echo b > %{{buildroot}}/usr/share/demo/ü
echo c > %{{buildroot}}/etc/demo.conf
%files
/usr/share/demo
%files -n libdemo
%config /etc/demo.conf
"""


@needs_rpm
@pytest.mark.skipif(shutil.which("rpmbuild") is None, reason="needs rpmbuild")
@pytest.mark.parametrize("epoch", [0, 4])
def test_what_rpm_builds_and_installs_is_read_as_rpm_reads_it(tmp_path: Path, epoch: int) -> None:
    (tmp_path / "demo.spec").write_text(SPEC.format(epoch=epoch))
    database = tmp_path / "database"
    database.mkdir()
    subprocess.run(
        ["rpmbuild", "--define", f"_topdir {tmp_path}", "-bb", tmp_path / "demo.spec"],
        capture_output=True, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    subprocess.run(
        ["rpm", "--dbpath", database, "-i", "--justdb", "--nodeps", "--noscripts",
         *tmp_path.glob("RPMS/*/*.rpm")],
        capture_output=True, check=True,
    )  # fmt: skip

    facts, error = reading(RPM, SQLITE, (database / "rpmdb.sqlite").read_bytes())
    packages = [fact for fact in facts if isinstance(fact, Package)]
    files = {fact.name: fact.paths for fact in facts if isinstance(fact, Ownership)}

    assert error == ""
    assert asked(database) == sorted(
        f"{one.name} {one.version} {one.arch} {one.source.name}-{one.source.version}.src.rpm"
        f" {' '.join(one.licenses)}"
        for one in packages
        if one.source is not None
    )
    for one in packages:
        assert sorted(files[one.name]) == asked(database, "-ql", one.name)
        assert one.module == "demo:1:2:3"
    assert {"other", "/bin/sh"} <= {name for one in packages for name in one.requires}


def manifest(*lines: str) -> bytes:
    return "".join(line.replace(" ", "\t") + "\n" for line in lines).encode()


def test_a_manifest_line_is_a_package() -> None:
    data = manifest("bash 5.1-2.cm2 0 0 Someone (none) 9 x86_64 0 bash-5.1-2.cm2.src.rpm")

    assert packages_of(RPM, MANIFEST, data) == [
        Package(
            type="rpm",
            name="bash",
            version="5.1-2.cm2",
            paths=(MANIFEST,),
            arch="x86_64",
            source=SourcePackage(name="bash", version="5.1-2.cm2"),
            vendor="Someone",
        )
    ]


@pytest.mark.parametrize(("epoch", "number", "version"), [
    ("(none)", "0", "1-2"),
    ("3", "3", "3:1-2"),
    ("(none)", "3", "3:1-2"),
    ("0", "0", "0:1-2"),
])  # fmt: skip
def test_a_manifest_says_the_epoch_in_either_column(epoch: str, number: str, version: str) -> None:
    data = manifest(f"a 1-2 0 0 (none) {epoch} 9 (none) {number} (none)")

    [package] = packages_of(RPM, MANIFEST, data)

    assert (package.version, package.arch, package.source) == (version, None, None)


def test_a_manifest_line_of_another_form_hides_no_other() -> None:
    data = manifest("a 1-2", "b 1-2 0 0 x (none) 9 x86_64 0 (none)", "")

    assert names(data, MANIFEST) == (["b"], "1 lines are not ten columns with a name and a version")


@pytest.mark.parametrize(("path", "data", "complaint"), [
    pytest.param(SQLITE, b"", "empty", id="nothing"),
    pytest.param(BDB, b"x" * 5000, "another database", id="text"),
    pytest.param(BDB, b"\0" * 5000, "another database", id="zeros"),
    pytest.param(SQLITE, b"SQLite format 3\0", "first page", id="the start of a database"),
    pytest.param(NDB, b"RpmP" + bytes(9), "no rpm ndb", id="the start of an ndb"),
    pytest.param(NDB, b"RpmP\1" + bytes(99), "unknown version", id="an ndb to come"),
    pytest.param(SQLITE + "-wal", b"x", "changes wait here", id="a log that was not worked in"),
])  # fmt: skip
def test_what_is_no_database_is_a_problem(path: str, data: bytes, complaint: str) -> None:
    found, error = names(data, path)

    assert found == []
    assert complaint in error


def test_an_empty_log_says_nothing() -> None:
    assert names(b"", SQLITE + "-wal") == ([], "")


@pytest.mark.parametrize("written", WRITERS)
def test_a_database_that_was_cut_gives_what_is_left(written: Writer) -> None:
    whole = written(several())

    found, error = names(whole[: len(whole) * 2 // 3])

    assert 5 < len(found) < 30
    assert set(found) <= set(NAMES)
    assert error


def test_pages_that_are_missing_at_the_end_are_not_silent() -> None:
    data = bytearray(sqlite_of(several()))
    data[28:32] = (len(data) // 4096 + 1).to_bytes(4, "big")

    assert names(bytes(data)) == (NAMES, "it is cut: its last pages are missing")


@pytest.mark.parametrize("written", WRITERS)
def test_a_broken_header_hides_no_other(written: Writer) -> None:
    found, error = names(written([a_header("a"), b"\0\0\0\1\0\0\0\1", b"", a_header("c")]))

    assert found == ["a", "c"]
    assert error.startswith("2 package headers are damaged")


def test_a_header_that_was_cut_still_names_its_package() -> None:
    header = a_header("a", licence="MIT", vendor="Some One")

    assert names(sqlite_of([header[:-6]])) == (["a"], "1 package headers are damaged")


@pytest.mark.parametrize(("folders", "bases", "indexes"), [
    (["/a/"], ["b"], [1]),
    (["/a/"], ["b", "c"], [0]),
    ([], ["b"], [0]),
    (["/a/"], [], [0]),
])  # fmt: skip
def test_file_lists_that_do_not_agree_are_damage(
    folders: list[str], bases: list[str], indexes: list[int]
) -> None:
    header = a_header("a", folders=folders, bases=bases, indexes=indexes)

    facts, error = reading(RPM, SQLITE, sqlite_of([header]))

    assert [type(fact) for fact in facts] == [Package]
    assert error == "1 package headers are damaged"


def test_a_folder_that_every_file_repeats_does_not_fill_the_memory() -> None:
    bomb = a_header(folders=["x" * 500_000], bases=[""] * 100_000, indexes=[0] * 100_000)

    facts, error = reading(RPM, NDB, ndb_of([bomb, a_header("b")]))

    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["thing", "b"]
    assert not any(isinstance(fact, Ownership) for fact in facts)
    assert "absurd length" in error


def test_a_damaged_sqlite_page_hides_only_its_own_rows() -> None:
    data = bytearray(sqlite_of(several(300), page_size=512))
    leaves = [page for page in range(512, len(data), 512) if data[page] == 13]
    data[leaves[5] : leaves[5] + 512] = b"\xff" * 512

    found, error = names(bytes(data))

    assert 290 < len(found) < 300
    assert "damaged" in error


def hostile(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


ENDLESS = (
    "CREATE VIEW Packages AS WITH RECURSIVE n(rowid, blob) AS"
    " (SELECT 1, x'00' UNION ALL SELECT rowid + 1, blob FROM n) SELECT * FROM n"
)
MANY = ("CREATE TABLE t (rowid, blob)", "INSERT INTO t VALUES (9223372036854775807, x'00')",
        *["INSERT INTO t SELECT * FROM t"] * 10)  # fmt: skip


@pytest.mark.parametrize("statements", [
    pytest.param(("CREATE TABLE other (a)",), id="another table"),
    pytest.param((ENDLESS,), id="endless rows"),
    pytest.param((*MANY, "CREATE VIEW Packages AS SELECT a.* FROM t a, t b, t c"), id="all pairs"),
    pytest.param(("CREATE VIEW Packages AS SELECT 1 rowid, zeroblob(9e8) blob",), id="a large"),
    pytest.param(("CREATE TABLE Packages (rowid, blob)", "INSERT INTO Packages VALUES ('a', 1.5)"),
                 id="other types"),
    pytest.param(("CREATE TABLE Packages (a, blob AS (zeroblob(9e8)))",
                  "INSERT INTO Packages VALUES (1)"), id="a computed column"),
    pytest.param(("CREATE TABLE Packages (a PRIMARY KEY, blob) WITHOUT ROWID",), id="no numbers"),
])  # fmt: skip
def test_a_hostile_schema_is_a_problem_and_nothing_more(statements: tuple[str, ...]) -> None:
    started = time.process_time()

    found, error = names(hostile(*statements))

    assert found == []
    assert error
    assert time.process_time() - started < 5


def test_a_write_ahead_log_that_was_worked_in_is_not_needed() -> None:
    data = bytearray(sqlite_of(several()))
    data[18:20] = b"\2\2"

    assert names(bytes(data)) == (NAMES, "")


def test_overflow_pages_in_a_circle_end() -> None:
    data = bytearray(bdb_of([a_header("a"), a_header("b", vendor="x" * 9000)], page_size=512))
    pages = [page for page in range(0, len(data), 512) if data[page + 25] == 7]
    data[pages[3] + 16 : pages[3] + 20] = struct.pack("<I", pages[0] // 512)

    found, error = names(bytes(data))

    assert "a" in found
    assert "damaged" in error


def test_one_chain_of_pages_belongs_to_one_package() -> None:
    header = a_header("a", vendor="x" * 4000)
    data = bytearray(bdb_of([header] * 40, page_size=512))
    first = next(page for page in range(0, len(data), 512) if data[page + 25] == 7) // 512
    item = struct.pack("<B3xI", 3, first)
    for other in range(first, len(data) // 512):
        data = data.replace(struct.pack("<B3xI", 3, other), item)

    found, error = names(bytes(data))

    assert found == ["a"]
    assert "damaged" in error


def test_a_bucket_whose_page_is_gone_is_not_silent() -> None:
    data = bytearray(bdb_of(several(), page_size=512))
    data[512:1024] = bytes(512)

    found, error = names(bytes(data))

    assert len(found) < 30
    assert "pages are damaged" in error


@pytest.mark.parametrize("entries", [3, 0xFFFE])
def test_a_page_whose_items_cannot_be_so_many_is_damaged(entries: int) -> None:
    data = bytearray(bdb_of([a_header("a")]))
    data[4096 + 20 : 4096 + 22] = entries.to_bytes(2, "little")

    assert names(bytes(data)) == ([], "1 of its 2 pages are damaged")


@pytest.mark.parametrize(("offset", "value", "complaint"), [
    pytest.param(20, 1, "pages of 4097 bytes", id="an odd page size"),
    pytest.param(23, 1, "which do not exist", id="a huge page size"),
    pytest.param(24, 1, "encrypted", id="encryption"),
    pytest.param(26, 1, "checksums", id="checksums"),
])  # fmt: skip
def test_a_berkeley_db_of_a_kind_that_rpm_never_wrote_is_refused(
    offset: int, value: int, complaint: str
) -> None:
    data = bytearray(bdb_of([a_header()]))
    data[offset] |= value

    found, error = names(bytes(data), BDB)

    assert found == []
    assert complaint in error


def test_blobs_that_overlap_are_read_once() -> None:
    header = a_header("a", vendor="x" * 100_000)
    data = bytearray(ndb_of([header] * 2))
    slot = data[32:48]
    for start in range(32, 4096, 16):
        data[start : start + 16] = slot

    found, error = names(bytes(data))

    assert found == ["a", "a"]
    assert "damaged" in error


def test_a_blob_with_a_wrong_checksum_is_read_and_reported() -> None:
    data = bytearray(ndb_of([a_header("a", vendor="Some One")]))
    data[data.index(b"Some One")] = ord("T")

    assert names(bytes(data)) == (["a"], "1 of its slots or blobs are damaged, or it is cut")


@pytest.mark.parametrize("written", WRITERS)
def test_damage_raises_nothing_else_and_takes_no_long_time(written: Writer) -> None:
    for broken in damaged(written(several(8)), times=150):
        started = time.process_time()

        reading(RPM, SQLITE, broken)

        assert time.process_time() - started < 2


def test_damage_in_a_header_raises_nothing_else() -> None:
    header = a_header(
        epoch=[1], requires=["a", "b"], folders=["/a/", "/b/"], bases=["c"] * 9, indexes=[1] * 9
    )

    for broken in damaged(header, times=1000):
        reading(RPM, NDB, ndb_of([broken]))


def test_damage_in_a_manifest_raises_nothing_else() -> None:
    for broken in damaged(manifest("a 1-2 0 0 (none) 0 9 (none) 0 a-1-2.src.rpm")):
        reading(RPM, MANIFEST, broken)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "file"), [
    ("rpm-ndb-sle15-bci-older1", "usr/lib/sysimage/rpm/Packages.db"),
    ("rpm-bdb-libuuid", "var/lib/rpm/Packages"),
    ("rpm-sqlite-osv-scanner", "var/lib/rpm/rpmdb.sqlite"),
    ("rpm-bdb-centos5plain-rebuilt", "var/lib/rpm/Packages"),
])  # fmt: skip
def test_a_real_database_gives_exactly_its_packages(name: str, file: str) -> None:
    folder = shared("pkgdb", name)
    expected = json.loads((folder / "expected.json").read_text())

    found = packages_of(RPM, f"/{file}", (folder / file).read_bytes())

    assert sorted(
        (one.name, one.version, one.arch, one.source.name if one.source else None, one.vendor)
        for one in found
    ) == sorted(
        (one["name"], one["version"], one["arch"], one["source"], one["vendor"]) for one in expected
    )
