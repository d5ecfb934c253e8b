"""Feeds from disk: found by what they hold, bounded, and nothing left out without a word."""

import gzip
import io
import json
import os
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from advisories.samples import an_advisory
from builders import a_zip
from lading.advisories.database import Database
from lading.advisories.importing import Report, import_paths
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError
from lading.model.coordinate import Coordinate
from shared_data import shared

THING = Coordinate("PyPI", "thing")
NEW = "2026-02-01T00:00:00Z"


def a_record(
    id: str = "PYSEC-1",
    *,
    ecosystem: str = "PyPI",
    fixed: str = "2.0",
    modified: str = "2026-01-01T00:00:00Z",
) -> bytes:
    events = [{"introduced": "0"}, {"fixed": fixed}]
    affected = {
        "package": {"ecosystem": ecosystem, "name": "thing"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return json.dumps({"id": id, "modified": modified, "affected": [affected]}).encode()


def a_secdb() -> bytes:
    package = {"pkg": {"name": "thing", "secfixes": {"1.0-r1": ["CVE-2026-1000"]}}}
    document = {"distroversion": "v3.19", "reponame": "main", "apkurl": "", "packages": [package]}
    return json.dumps(document).encode()


def a_catalogue() -> bytes:
    row = {"cveID": "CVE-2026-1000", "dateAdded": "2026-01-01"}
    return json.dumps({"catalogVersion": "1", "vulnerabilities": [row]}).encode()


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def imported(tmp_path: Path, *paths: Path, **more: Any) -> Report:
    with Writer(tmp_path / "own.db") as writer:
        return import_paths(paths, writer, **more)


def known(tmp_path: Path, place: Coordinate = THING) -> dict[str, str]:
    """Advisory → fixed version."""
    with Database.open(tmp_path / "own.db") as database:
        return {
            one.advisory: one.affected.ranges[0].events[-1].version
            for one in database.candidates([place]).get(place, ())
        }


# ------------------------------------------------------------------ what is found


def test_a_folder_of_every_feed_is_read_at_once(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "feeds",
        {
            "osv/PyPI/all.zip": a_zip({"PYSEC-1.json": a_record()}),
            "osv/PyPI/modified_id.csv": b"2026-01-01T00:00:00Z,PYSEC-1\n",
            "osv/ecosystems.txt": b"PyPI\n",
            "alpine-secdb/v3.19/main.json": a_secdb(),
            "kev/known.json.gz": gzip.compress(a_catalogue()),
            "oval/x-oval.xml.gz": gzip.compress(b"<oval/>"),
            "README.md": b"words",
        },
    )

    report = imported(tmp_path, folder, as_of=NEW)

    assert report.feeds == {"osv/PyPI": 1, "secdb/alpine/v3.19/main": 1, "kev": 1}
    assert report.rejected == []
    assert {Path(path).name: reason.split(":")[0] for path, reason in report.left_out} == {
        "README.md": "no format that is read",
        "x-oval.xml.gz": "OVAL definitions of no vendor that is read",
    }
    assert known(tmp_path) == {"PYSEC-1": "2.0"}
    with Database.open(tmp_path / "own.db") as database:
        assert database.kev(["CVE-2026-1000"])
        assert {feed.name: feed.as_of for feed in database.feeds()} == {
            "kev": NEW,
            "osv/PyPI": "2026-01-01T00:00:00Z",
            "secdb/alpine/v3.19/main": NEW,
        }


@pytest.mark.parametrize(
    ("name", "content", "feed"),
    [
        pytest.param("PYSEC-1.json", a_record(), "osv/PyPI", id="one record"),
        pytest.param("PYSEC-1.json.gz", gzip.compress(a_record()), "osv/PyPI", id="packed"),
        pytest.param("main.json", a_secdb(), "secdb/alpine/v3.19/main", id="secdb"),
        pytest.param("anything.json", a_catalogue(), "kev", id="the catalogue"),
        pytest.param("ALL.ZIP", a_zip({"a.json": a_record()}), "osv/PyPI", id="an archive"),
    ],
)
def test_a_single_file_is_recognised_by_its_content(
    name: str, content: bytes, feed: str, tmp_path: Path
) -> None:
    path = put(tmp_path / "files", {name: content}) / name

    assert imported(tmp_path, path).feeds == {feed: 1}


def test_an_archive_of_one_release_is_a_feed_of_its_own(tmp_path: Path) -> None:
    archive = a_zip({"A.json": a_record("A", ecosystem="AlmaLinux:9")})
    folder = put(tmp_path / "osv", {"AlmaLinux:9/all.zip": archive, "other/all.zip": archive})

    assert imported(tmp_path, folder).feeds == {"osv/AlmaLinux:9": 1, "osv/AlmaLinux": 1}


def test_records_beside_their_archive_join_its_feed(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "osv",
        {
            "PyPI/all.zip": a_zip(
                {"PYSEC-1.json": a_record(), "PYSEC-2.json": a_record("PYSEC-2")}
            ),
            "newer.json": a_record(fixed="3.0", modified=NEW),
        },
    )

    report = imported(tmp_path, folder)

    assert report.feeds == {"osv/PyPI": 3}
    assert known(tmp_path) == {"PYSEC-1": "3.0", "PYSEC-2": "2.0"}


def test_an_older_state_changes_nothing_and_is_counted(tmp_path: Path) -> None:
    new = put(tmp_path / "new", {"all.zip": a_zip({"a.json": a_record(fixed="3", modified=NEW)})})
    old = put(tmp_path / "old", {"all.zip": a_zip({"a.json": a_record(fixed="2")})})
    imported(tmp_path, new)

    report = imported(tmp_path, old)

    assert (report.feeds, report.older) == ({"osv/PyPI": 1}, {"osv/PyPI": 1})
    assert known(tmp_path) == {"PYSEC-1": "3"}


@pytest.mark.parametrize("name", ["day0/osv/PyPI/all.zip", "samples/x.json"])
def test_another_set_of_feeds_beside_the_feeds_is_left_out_with_its_reason(
    name: str, tmp_path: Path
) -> None:
    archive = a_zip({"a.json": a_record()})
    other = a_zip({"b.json": a_record("OTHER")}) if name.endswith(".zip") else a_record("OTHER")
    folder = put(tmp_path / "feeds", {"osv/PyPI/all.zip": archive, name: other})

    report = imported(tmp_path, folder)

    assert known(tmp_path).keys() == {"PYSEC-1"}
    ((path, reason),) = report.left_out
    assert path == str(folder / name.partition("/")[0])
    assert "import it by itself" in reason


@pytest.mark.parametrize("name", ["day0", "samples"])
def test_another_set_of_feeds_can_be_imported_by_itself(name: str, tmp_path: Path) -> None:
    folder = put(tmp_path / name, {"osv/PyPI/all.zip": a_zip({"a.json": a_record()})})

    assert imported(tmp_path, folder).feeds == {"osv/PyPI": 1}


# ------------------------------------------------------------------ what is not


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        pytest.param("notes.txt", b"words", "no format", id="a text"),
        pytest.param("list.json", b"[1, 2]", "no format", id="a list"),
        pytest.param("other.json", b'{"a": 1}', "no format", id="another object"),
        pytest.param("vex.json", b'{"statements": []}', "VEX", id="VEX"),
        pytest.param("repomd.xml", b"<repomd/>", "updateinfo", id="a repository's index"),
        pytest.param("cve.json", b'{"dataType": "CVE_RECORD"}', "CVE", id="a CVE record"),
    ],
)
def test_what_is_of_no_known_format_is_left_out_by_name(
    name: str, content: bytes, word: str, tmp_path: Path
) -> None:
    report = imported(tmp_path, put(tmp_path / "files", {name: content}))

    ((path, reason),) = report.left_out
    assert path.endswith(name)
    assert word in reason
    assert report.feeds == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("empty.json", b"", id="an empty file"),
        pytest.param("cut.json", a_record()[:-3], id="cut"),
        pytest.param("bytes.json", b'{"id": "\xff", "affected": []}', id="no UTF-8"),
        pytest.param("deep.json", b'{"affected": ' + b"[" * 100_000, id="nested without end"),
        pytest.param("cut.json.gz", gzip.compress(a_record())[:-9], id="cut gzip"),
        pytest.param("no.json.gz", a_record(), id="no gzip"),
        pytest.param("empty.json.gz", b"", id="empty gzip"),
        pytest.param("record.json", b'{"id": 1, "affected": []}', id="no record"),
        pytest.param("empty.zip", b"", id="an empty archive"),
        pytest.param("no.zip", b"words" * 99, id="no archive"),
        pytest.param("cut.zip", a_zip({"a.json": a_record()})[:-9], id="a cut archive"),
    ],
)
def test_a_damaged_file_is_rejected_by_name_and_the_others_stand(
    name: str, content: bytes, tmp_path: Path
) -> None:
    folder = put(tmp_path / "files", {name: content, "good.json": a_record()})

    report = imported(tmp_path, folder)

    ((path, reason),) = report.rejected
    assert path.endswith(name)
    assert reason
    assert known(tmp_path).keys() == {"PYSEC-1"}


def test_a_broken_record_of_an_archive_is_rejected_alone(tmp_path: Path) -> None:
    members = {"good.json": a_record(), "bad.json": b"{", "notes.txt": b"words"}
    path = put(tmp_path / "PyPI", {"all.zip": a_zip(members)}) / "all.zip"

    report = imported(tmp_path, path)

    assert report.feeds == {"osv/PyPI": 1}
    ((where, reason),) = report.rejected
    assert where == f"{path}!bad.json"
    assert "no OSV record" in reason
    with Database.open(tmp_path / "own.db") as database:
        assert database.partial_feeds() == {"osv/PyPI"}


def with_wrong_sum(data: bytes) -> bytes:
    """The content of the first member, changed behind its checksum."""
    at = data.index(b"2.0")
    return data[:at] + b"9" + data[at + 1 :]


def encrypted(data: bytes) -> bytes:
    """The flag of encryption, in both heads of the first member."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def by_method(data: bytes, method: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<H", changed, 8, method)
    struct.pack_into("<H", changed, data.index(b"PK\x01\x02") + 10, method)
    return bytes(changed)


def claiming(data: bytes, size: int) -> bytes:
    """The first member claims to have `size` bytes, unpacked."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, 22, size)
    struct.pack_into("<I", changed, data.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


STORED = a_zip({"bad.json": a_record("BAD"), "good.json": a_record()}, method=zipfile.ZIP_STORED)
PACKED = a_zip({"bad.json": a_record("BAD"), "good.json": a_record()})


@pytest.mark.parametrize(
    ("archive", "word"),
    [
        pytest.param(with_wrong_sum(STORED), "CRC", id="a wrong checksum"),
        pytest.param(encrypted(STORED), "encrypted", id="an encrypted member"),
        pytest.param(by_method(STORED, 14), "method 14", id="a method that is not read"),
        pytest.param(by_method(STORED, 99), "method 99", id="a method that does not exist"),
        pytest.param(claiming(PACKED, 1 << 31), "bytes", id="a member of 2 GB, as it says"),
        pytest.param(claiming(PACKED, 10), "", id="a member larger than it says"),
    ],
)
def test_a_hostile_member_is_rejected_alone(archive: bytes, word: str, tmp_path: Path) -> None:
    path = put(tmp_path / "PyPI", {"all.zip": archive}) / "all.zip"

    report = imported(tmp_path, path)

    ((where, reason),) = report.rejected
    assert where.endswith("!bad.json")
    assert word in reason
    assert known(tmp_path).keys() == {"PYSEC-1"}


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = {"bomb.json": b" " * (33 << 20), "good.json": a_record()}
    path = put(tmp_path / "PyPI", {"all.zip": a_zip(bomb)}) / "all.zip"
    assert path.stat().st_size < 100_000

    report = imported(tmp_path, path)

    ((where, reason),) = report.rejected
    assert where.endswith("!bomb.json")
    assert reason == f"a record of {33 << 20} bytes"
    assert known(tmp_path).keys() == {"PYSEC-1"}


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    archive = a_zip({"../../escaped.json": a_record("A"), "/abs.json": a_record("B")})
    folder = put(tmp_path / "in" / "PyPI", {"all.zip": archive})

    imported(tmp_path, folder)

    assert known(tmp_path).keys() == {"A", "B"}
    assert {path.name for path in tmp_path.iterdir()} == {"in", "own.db"}


def test_a_name_twice_in_an_archive_is_read_once(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.json", a_record(fixed="1"))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.json", a_record(fixed="2"))
    folder = put(tmp_path / "PyPI", {"all.zip": buffer.getvalue()})

    report = imported(tmp_path, folder)

    assert report.feeds == {"osv/PyPI": 1}
    assert known(tmp_path) == {"PYSEC-1": "2"}


def test_a_path_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    good = put(tmp_path / "files", {"good.json": a_record()})

    with pytest.raises(AdvisoryError, match="nowhere: no such file"):
        imported(tmp_path, good, tmp_path / "nowhere")

    assert known(tmp_path) == {}


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "feed.json"
    os.mkfifo(pipe)

    with pytest.raises(AdvisoryError, match=r"feed\.json: neither a regular file nor a directory"):
        imported(tmp_path, pipe)


def test_links_in_circles_end(tmp_path: Path) -> None:
    folder = put(tmp_path / "files", {"good.json": a_record()})
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "broken.json").symlink_to(folder / "nowhere")
    (folder / "loop.json").symlink_to(folder / "loop.json")

    assert imported(tmp_path, folder).feeds == {"osv/PyPI": 1}


def test_progress_names_each_file(tmp_path: Path) -> None:
    folder = put(tmp_path / "files", {"b.json": a_record("B"), "a.json": a_record("A")})
    seen: list[str] = []

    imported(tmp_path, folder, progress=seen.append)

    assert [Path(text).name for text in seen] == ["a.json", "b.json"]


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    with Writer(tmp_path / "own.db") as writer, writer.transaction():
        writer.put("osv/PyPI", [an_advisory("MINE")])

    imported(tmp_path, put(tmp_path / "PyPI", {"all.zip": a_zip({"a.json": a_record()})}))

    assert known(tmp_path).keys() == {"MINE", "PYSEC-1"}


@pytest.mark.shared
@pytest.mark.slow
def test_every_record_that_databases_publish_is_read(tmp_path: Path) -> None:
    report = imported(tmp_path, shared("advisories"), as_of=NEW)

    assert report.rejected == []
    records = sum(number for feed, number in report.feeds.items() if feed.startswith("osv/"))
    assert records == 39_031
    assert {Path(path).name for path, _ in report.left_out} >= {"day0", "samples"}


# ------------------------------------------------------------------ tar archives


def a_tape(**members: bytes) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(f"{name}.json")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return into.getvalue()


def test_a_tar_archive_may_hold_documents_of_any_format(tmp_path: Path) -> None:
    vex = b"""{"document": {"category": "csaf_vex", "tracking": {"id": "CVE-2026-1000"},
      "publisher": {"namespace": "https://www.redhat.com"}}}"""
    tape = a_tape(a=vex, b=a_record(), c=b'{"x": 1}', d=b'{"document": {}}')

    report = imported(tmp_path, put(tmp_path / "files", {"vex.tar.gz": tape}))

    assert report.feeds == {"csaf/redhat/vex": 1, "osv/PyPI": 1}
    assert [where.rpartition("!")[2] for where, _ in report.left_out] == ["c.json"]
    assert [where.rpartition("!")[2] for where, _ in report.rejected] == ["d.json"]


def test_a_damaged_tar_archive_changes_nothing(tmp_path: Path) -> None:
    tape = a_tape(b=a_record())[:-30]

    report = imported(tmp_path, put(tmp_path / "files", {"vex.tar.gz": tape}))

    assert (report.feeds, len(report.rejected)) == ({}, 1)
    assert known(tmp_path) == {}
