"""`lading advisories`: what is known, how old it is, and how to make it newer."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from builders import a_zip
from cli.running import is_one_line, ran
from lading.advisories.database import Database

LOG4SHELL = "GHSA-jfh8-c2jp-5v3q"
RECORD = {
    "id": "PYSEC-2026-1",
    "modified": "2026-11-20T00:00:00Z",
    "aliases": ["CVE-2026-1000"],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "A.Thing"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
        }
    ],
}


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where the user's database will be."""
    return tmp_path / "data" / "advisories.db"


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    """An archive as osv.dev serves it, newer than what the snapshot has of PyPI."""
    path = tmp_path / "osv" / "PyPI" / "all.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(a_zip({"PYSEC-2026-1.json": json.dumps(RECORD).encode()}))
    return path


def status(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    done = ran(capsys, "advisories", "status", "--format", "json", *options)
    assert (done.code, done.err) == (0, "")
    value: dict[str, Any] = json.loads(done.out)
    return value


def feeds(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, dict[str, Any]]:
    return {feed["name"]: feed for feed in status(capsys, *options)["feeds"]}


def test_status_says_that_the_bundled_snapshot_is_partial(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = ran(capsys, "advisories", "status")

    assert (done.code, done.err) == (0, "")
    head, *lines = done.out.splitlines()
    assert head.split() == ["FEED", "RECORDS", "AS", "OF", "AGE"]
    (pypi,) = (line for line in lines if line.startswith("osv/PyPI "))
    assert pypi.split()[1:] == ["2,661", "2024-10-10T17:22:00", "774", "days", "stale,", "partial"]
    assert "partial, as the snapshot that comes with Lading is: findings are missing" in done.out
    assert "`lading advisories update`" in done.out
    assert "`lading advisories import PATH`" in done.out


def test_status_has_the_same_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    value = status(capsys)

    assert value["partial"] is True
    assert {feed["name"] for feed in value["feeds"]} > {"kev", "osv/PyPI", "secdb/wolfi"}
    assert [feed for feed in value["feeds"] if feed["name"] == "osv/PyPI"] == [
        {
            "name": "osv/PyPI",
            "records": 2661,
            "as_of": "2024-10-10T17:22:00.587279Z",
            "age_hours": 18582.6,
            "stale": True,
            "partial": True,
            "error": None,
        }
    ]


def test_an_import_adds_to_the_snapshot_and_completes_its_feed(
    capsys: pytest.CaptureFixture[str], bucket: Path, own: Path
) -> None:
    done = ran(capsys, "advisories", "import", str(bucket))

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "osv/PyPI: 1 records",
        "1 records read, 0 rejected.",
        "1 packages have other records.",
    ]
    assert own.is_file()
    assert [file.name for file in own.parent.iterdir()] == [own.name]
    after = feeds(capsys)
    assert after["osv/PyPI"]["records"] == 2662
    assert (after["osv/PyPI"]["partial"], after["osv/PyPI"]["stale"]) == (False, True)
    assert after["osv/Go"]["partial"] is True


def test_a_fresh_feed_is_not_stale(
    capsys: pytest.CaptureFixture[str], bucket: Path, tmp_path: Path
) -> None:
    ran(capsys, "advisories", "import", str(bucket))

    done = ran(capsys, "advisories", "status", "--format", "json", now="2026-11-22T12:00:00Z")

    (pypi,) = (one for one in json.loads(done.out)["feeds"] if one["name"] == "osv/PyPI")
    assert (pypi["age_hours"], pypi["stale"]) == (60.0, False)


def test_what_was_imported_is_shown(capsys: pytest.CaptureFixture[str], bucket: Path) -> None:
    ran(capsys, "advisories", "import", str(bucket))

    done = ran(capsys, "advisories", "show", "CVE-2026-1000")

    assert (done.code, done.err) == (0, "")
    (record,) = json.loads(done.out)
    assert (record["id"], record["feed"]) == ("PYSEC-2026-1", "osv/PyPI")
    assert [(one["ecosystem"], one["name"]) for one in record["affected"]] == [("PyPI", "a-thing")]
    assert record["affected"][0]["ranges"][0]["events"][1] == {"kind": "fixed", "version": "2.0"}


def test_a_record_is_found_by_any_of_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    by_alias = ran(capsys, "advisories", "show", "CVE-2021-44228")

    assert LOG4SHELL in {record["id"] for record in json.loads(by_alias.out)}


def test_an_unknown_record_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "advisories", "show", "CVE-1066-1\x1b[31m")

    assert (done.code, done.out) == (3, "")
    assert is_one_line(done.err)
    assert "\x1b" not in done.err


def test_what_is_left_out_or_rejected_is_listed_with_its_reason(
    capsys: pytest.CaptureFixture[str], bucket: Path
) -> None:
    folder = bucket.parents[2]
    (folder / "osv" / "readme.txt").write_text("words")
    (folder / "osv" / "broken.json").write_text("{")
    (folder / "osv" / "azurelinux-oval.xml").write_text("<oval/>")

    done = ran(capsys, "advisories", "import", str(folder / "osv"))

    assert done.code == 0
    assert "1 records read, 1 rejected.\n" in done.out
    assert (
        f"left out: {folder}/osv/azurelinux-oval.xml: OVAL definitions of no vendor that is read"
        in (done.err)
    )
    assert f"left out: {folder}/osv/readme.txt: no format that is read" in done.err
    assert f"rejected: {folder}/osv/broken.json: no JSON object" in done.err


def test_long_lists_are_cut_unless_asked_for(
    capsys: pytest.CaptureFixture[str], bucket: Path
) -> None:
    for number in range(30):
        (bucket.parent / f"{number}.txt").write_text("words")

    short = ran(capsys, "advisories", "import", str(bucket.parent))
    long = ran(capsys, "advisories", "import", str(bucket.parent), "--verbose")

    assert (short.err.count("left out: "), "10 more; --verbose" in short.err) == (21, True)
    assert long.err.count("left out: ") == 30


def test_an_older_record_is_counted_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], bucket: Path, own: Path
) -> None:
    ran(capsys, "advisories", "import", str(bucket))
    older = RECORD | {"modified": "2026-01-01T00:00:00Z", "withdrawn": "2026-01-01T00:00:00Z"}
    bucket.write_bytes(a_zip({"PYSEC-2026-1.json": json.dumps(older).encode()}))

    done = ran(capsys, "advisories", "import", str(bucket))

    assert "osv/PyPI: 1 records, of which 1 are older than what is there\n" in done.out
    with Database.open(own) as database:
        assert database.advisories(["PYSEC-2026-1"])["PYSEC-2026-1"].withdrawn is None


def test_a_feed_without_a_date_is_dated_by_the_user(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    package = {"pkg": {"name": "thing", "secfixes": {"1-r0": ["CVE-2026-1000"]}}}
    value = {"distroversion": "v3.22", "reponame": "main", "packages": [package]}
    file = tmp_path / "main.json.gz"
    file.write_bytes(gzip.compress(json.dumps(value).encode()))

    ran(capsys, "advisories", "import", str(file))
    undated = feeds(capsys)["secdb/alpine/v3.22/main"]
    ran(capsys, "advisories", "import", "--as-of", "2026-11-23", str(file))
    dated = feeds(capsys)["secdb/alpine/v3.22/main"]

    assert (undated["as_of"], undated["age_hours"], undated["stale"]) == (None, None, True)
    assert (dated["as_of"], dated["age_hours"], dated["stale"]) == (
        "2026-11-23T00:00:00Z",
        24.0,
        False,
    )


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b"\xff" * 100])
@pytest.mark.parametrize("name", ["all.zip", "one.json", "one.json.gz"])
def test_an_import_of_nothing_readable_leaves_no_database(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, own: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    done = ran(capsys, "advisories", "import", str(tmp_path / name))

    assert done.code == 3
    assert done.out == "0 records read, 1 rejected.\n"
    assert done.err.startswith(f"rejected: {tmp_path / name}: ")
    assert not own.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        pytest.param(("import", "missing"), 3, "missing: no such file", id="missing path"),
        pytest.param(("import", "--as-of", "noon", "."), 2, "'noon'", id="no time"),
        pytest.param(("update", "--offline"), 2, "--offline forbids downloads", id="offline"),
        pytest.param(("update", "--only", "osv/Runes"), 2, "no feed osv/Runes", id="unknown feed"),
        pytest.param(("status", "--advisories", "missing"), 3, "missing: no such", id="no file"),
        pytest.param(("status", "--advisories", "text"), 3, "no advisory database", id="text"),
        pytest.param(("import", "--advisories", "text", "."), 3, "text", id="into a text"),
        pytest.param(("import", "--advisories", "text/x", "."), 3, "text/x", id="below a file"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    own: Path,
    arguments: tuple[str, ...],
    code: int,
    word: str,
) -> None:
    Path("text").write_text("words, not tables; " * 99)

    done = ran(capsys, "advisories", *arguments)

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)
    assert word in done.err
    assert not own.exists()
    assert [file.name for file in Path().iterdir()] == ["text"]


@pytest.mark.slow  # it is tried four times
def test_an_update_that_fails_says_why_and_leaves_no_database(
    capsys: pytest.CaptureFixture[str], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADING_PROXY", "http://127.0.0.1:1")  # where nobody listens

    done = ran(capsys, "advisories", "update", "--only", "kev")

    assert done.code == 3
    assert done.out.startswith("kev: failed, keeps its last state: https://")
    assert done.err == "fetching kev\n"
    assert not own.exists()


def test_certificates_that_are_none_are_one_line(
    capsys: pytest.CaptureFixture[str], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADING_CA_FILE", "missing.pem")

    done = ran(capsys, "advisories", "update", "--only", "kev")

    assert (done.code, done.out) == (3, "")
    assert is_one_line(done.err)
    assert not own.exists()
