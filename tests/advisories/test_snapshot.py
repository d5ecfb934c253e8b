"""The program that writes the bundled snapshot: the same bytes from the same feeds, facts only."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
import zstandard

from builders import a_zip
from lading.advisories.bundled import open_bundled
from lading.advisories.database import Database
from lading.model.coordinate import Coordinate
from shared_data import shared

ROOT = Path(__file__).parents[2]
THING = Coordinate("PyPI", "thing")


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_snapshot", ROOT / "scripts/make_snapshot.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_record(versions: list[str], *, fixed: str = "2.0") -> bytes:
    affected = {
        "package": {"ecosystem": "PyPI", "name": "thing"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        "versions": versions,
    }
    record = {
        "id": "PYSEC-1",
        "modified": "2026-01-01T00:00:00Z",
        "aliases": ["CVE-2026-1000"],
        "summary": "Somebody's summary",
        "details": "Somebody's details",
        "references": [{"type": "WEB", "url": "https://somewhere.example"}],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [affected],
    }
    return json.dumps(record).encode()


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    """A folder with a little of every feed."""
    secdb = {"packages": [{"pkg": {"name": "thing", "secfixes": {"1-r0": ["CVE-2026-1000"]}}}]}
    row = {"cveID": "CVE-2026-1000", "dateAdded": "2026-01-02", "notes": "Somebody's notes"}
    files = {
        "osv/PyPI/all.zip": a_zip({"PYSEC-1.json": a_record(["1.0", "1.5"])}),
        "alpine-secdb/v3.11/main.json": json.dumps(
            {**secdb, "distroversion": "v3.11", "reponame": "main"}
        ).encode(),
        "wolfi-secdb/security.json.gz": gzip.compress(json.dumps({**secdb, "apkurl": ""}).encode()),
        "kev/known_exploited_vulnerabilities.json.gz": gzip.compress(
            json.dumps({"catalogVersion": "1", "vulnerabilities": [row]}).encode()
        ),
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def written(
    program: ModuleType, feeds: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> bytes:
    monkeypatch.setattr(sys, "argv", ["make_snapshot.py", str(feeds), "--output", str(output)])
    program.main()
    return output.read_bytes()


def opened(packed: bytes) -> Database:
    return Database.from_bytes(zstandard.decompress(packed), "the snapshot")


def test_two_runs_give_the_same_bytes(
    program: ModuleType, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        written(program, feeds, tmp_path / name, monkeypatch) for name in ("one.zst", "two.zst")
    )

    assert first == second


def test_it_holds_facts_and_nobodys_words(
    program: ModuleType, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = written(program, feeds, tmp_path / "one.zst", monkeypatch)

    with opened(packed) as database:
        names = {one.id for one in database.naming(["CVE-2026-1000"])}
        record = database.advisories(["PYSEC-1"])["PYSEC-1"]
        assert names == {"PYSEC-1", "ALPINE-CVE-2026-1000", "WOLFI-CVE-2026-1000"}
        assert set(database.kev(["CVE-2026-1000"])) == {"CVE-2026-1000"}
        assert database.partial_feeds() == {feed.name for feed in database.feeds()}
    assert (record.title, record.references) == (None, ())
    assert [one.vector for one in record.vectors] != []
    assert b"Somebody" not in zstandard.decompress(packed)


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        pytest.param(["1.0", "1.5"], (), id="the range holds all of them"),
        pytest.param(["1.0", "2.1"], ("1.0", "2.1"), id="one is outside of the range"),
        pytest.param(["1.0", "?!"], ("1.0", "?!"), id="one cannot be compared"),
    ],
)
def test_versions_that_the_ranges_hold_are_not_listed_again(
    program: ModuleType,
    feeds: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    listed: list[str],
    kept: tuple[str, ...],
) -> None:
    archive = feeds / "osv/PyPI/all.zip"
    archive.write_bytes(a_zip({"PYSEC-1.json": a_record(listed)}))

    packed = written(program, feeds, tmp_path / "one.zst", monkeypatch)

    with opened(packed) as database:
        (candidate,) = database.candidates([THING])[THING]
    assert candidate.affected.versions == kept


def test_other_feeds_are_added_when_asked_for(
    program: ModuleType, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimates = "#model_version:v1,score_date:2026-01-01T00:00:00Z\ncve,epss,percentile\n"
    (tmp_path / "epss.csv").write_text(f"{estimates}CVE-2026-1000,0.5,0.9\n")
    output = tmp_path / "one.zst"
    also = ["--also", str(tmp_path / "epss.csv")]
    arguments = ["make_snapshot.py", str(feeds), "--output", str(output), *also]

    monkeypatch.setattr(sys, "argv", arguments)
    program.main()

    with opened(output.read_bytes()) as database:
        assert database.epss(["CVE-2026-1000"])["CVE-2026-1000"].score == 0.5


def test_one_that_is_too_large_is_not_written(
    program: ModuleType, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "one.zst"
    arguments = ["make_snapshot.py", str(feeds), "--output", str(output), "--largest", "100"]

    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit, match="more than 100"):
        program.main()

    assert not output.exists()


def test_what_it_was_made_from_is_told_feed_by_feed() -> None:
    text = (ROOT / "src/lading/advisories/snapshot/ATTRIBUTIONS.md").read_text()

    with open_bundled(None) as database:
        names = {feed.name for feed in database.feeds()}
    families = {"secdb/alpine/…" if one.startswith("secdb/alpine/") else one for one in names}
    assert [name for name in sorted(families) if f"`{name}`" not in text] == []


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_snapshot_is_what_the_feeds_give(program: ModuleType, tmp_path: Path) -> None:
    program.write(shared("advisories"), tmp_path / "made.db")

    with Database.open(tmp_path / "made.db") as made, open_bundled(None) as bundled:
        assert made.feeds() == bundled.feeds()
