"""`lading advisories export`, and `import` and `update --from` of what was exported."""

import json
from pathlib import Path
from typing import Any

import pytest

from advisories.bundles import a_database, a_key, newer, older, state
from cli.running import is_one_line, ran
from engines import docker_registry


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def old(tmp_path: Path) -> str:
    return str(a_database(tmp_path / "old.db", older))


@pytest.fixture
def new(tmp_path: Path) -> str:
    return str(a_database(tmp_path / "new.db", newer))


def test_a_delta_is_written_and_read_and_says_what_it_touched(
    capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    for arguments in (["base", "--advisories", old], ["delta", "--since", "base"]):
        database = [] if "--advisories" in arguments else ["--advisories", new]
        done = ran(capsys, "advisories", "export", *arguments, *database)
        assert (done.code, done.err) == (0, "")

    done = ran(capsys, "advisories", "import", "delta", "--advisories", old, "--format", "json")

    assert (done.code, done.err) == (0, "")
    value: dict[str, Any] = json.loads(done.out)
    names = [one["name"] for one in value["touched"]["coordinates"]]
    assert names == ["elsewhere", "fourth", "other", "thing"]
    assert value["touched"]["vulnerabilities"] == ["CVE-2026-1000", "CVE-2026-1002"]
    assert [(one["kind"], one["exact"]) for one in value["bundles"]] == [("delta", True)]
    assert state(Path(old)) == state(Path(new))


def test_a_delta_for_another_state_is_one_line(
    capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    ran(capsys, "advisories", "export", "base", "--advisories", old)
    ran(capsys, "advisories", "export", "delta", "--since", "base", "--advisories", new)

    done = ran(capsys, "advisories", "import", "delta", "--advisories", new)

    assert (done.code, done.out) == (3, "")
    assert is_one_line(done.err)
    assert "delta from another state than this database has" in done.err


def test_only_what_is_signed_is_imported_where_a_key_is_trusted(
    capsys: pytest.CaptureFixture[str], old: str, new: str, tmp_path: Path
) -> None:
    private, public = map(str, a_key(tmp_path / "key"))
    before = state(Path(old))
    ran(capsys, "advisories", "export", "plain", "--advisories", new)
    ran(capsys, "advisories", "export", "signed", "--key", private, "--advisories", new)

    trust = ("--trust", public, "--advisories", old)
    unsigned = ran(capsys, "advisories", "import", "plain", *trust)
    unchanged = state(Path(old)) == before
    feed = ran(capsys, "advisories", "import", ".", *trust)
    signed = ran(capsys, "advisories", "import", "signed", *trust)

    assert (unsigned.code, unchanged) == (3, True)
    assert "is not signed, and --trust asks for a signature" in unsigned.err
    assert (feed.code, is_one_line(feed.err)) == (2, True)
    assert (signed.code, state(Path(old))) == (0, state(Path(new)))


def test_a_folder_is_published_to_and_updated_from(
    capsys: pytest.CaptureFixture[str], old: str, new: str, tmp_path: Path
) -> None:
    shelf, mine = str(tmp_path / "shelf"), str(tmp_path / "mine.db")
    outs = []
    for database in (old, new, new):
        ran(capsys, "advisories", "export", "--to", shelf, "--advisories", database)
        done = ran(capsys, "advisories", "update", "--from", shelf, "--advisories", mine)
        assert done.code == 0
        outs.append(done.out)

    assert outs[2] == "unchanged: this is the newest state\n"


def test_a_registry_is_published_to_and_updated_from(
    capsys: pytest.CaptureFixture[str], new: str, tmp_path: Path
) -> None:
    (tmp_path / "registry").mkdir()
    mine = str(tmp_path / "mine.db")
    with docker_registry(tmp_path / "registry") as host:
        place = f"registry:{host}/advisories:latest"
        put = ran(capsys, "advisories", "export", "--to", place, "--advisories", new)
        got = ran(capsys, "advisories", "update", "--from", place, "--advisories", mine)

    assert (put.code, got.code) == (0, 0)
    assert put.out.startswith(f"{place}: full bundle of ")
    assert got.out.startswith("full bundle: 4 records")


def test_without_a_database_the_snapshot_is_exported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = ran(capsys, "advisories", "export", "all.lading")
    again = ran(capsys, "advisories", "update", "--from", "all.lading")

    assert (done.code, again.code) == (0, 0)
    assert again.out.splitlines()[-1] == "0 packages have other records."


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("export", "x", "--since", "missing"), 3, "missing"),
        (("export", "x", "--key", "missing"), 2, "missing"),
        (("export", "x", "--advisories", "missing"), 3, "missing"),
        (("export", "--to", "https://localhost/x"), 2, "a folder or registry:REF"),
        (("export", "--to", "y", "--since", "x"), 2, "--since is for a FILE"),
        (("export", "--to", "registry:UPPER:!"), 2, "UPPER"),
        (("update", "--from", "nowhere"), 3, "no advisory bundle there"),
        (("update", "--from", "missing.lading"), 3, "missing.lading"),
        (("update", "--from", "https://localhost/x", "--offline"), 2, "--offline"),
        (("update", "--from", "registry:localhost:1/x", "--offline"), 2, "--offline"),
        (("update", "--trust", "x"), 2, "--trust checks bundles"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: int,
    word: str,
) -> None:
    done = ran(capsys, "advisories", *arguments)

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)
    assert word in done.err
    assert list(Path().iterdir()) == []
    assert not (tmp_path / "data" / "advisories.db").exists()


def test_an_update_says_what_it_would_fetch_for_a_target(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = "https://=http://127.0.0.1:1/"  # where nobody listens
    monkeypatch.setenv("LADING_ADVISORY_MIRRORS", mirror)
    monkeypatch.setattr("lading.net.time.sleep", lambda _: None)

    done = ran(capsys, "advisories", "update", "--for", "purl:pkg:cargo/time@0.1.0")

    assert done.code == 3
    fetched = [line for line in done.err.splitlines() if line.startswith("fetching ")]
    assert fetched == ["fetching osv/crates.io", "fetching kev", "fetching epss"]
    assert "http://127.0.0.1:1/" in done.out


def test_records_are_shown_to_people(capsys: pytest.CaptureFixture[str], new: str) -> None:
    done = ran(
        capsys, "advisories", "show", "CVE-PYSEC-4", "--format", "table", "--advisories", new
    )

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "PYSEC-4  (osv/PyPI)",
        "  aliases: CVE-PYSEC-4",
        "  modified: 2026-11-24T00:00:00Z",
        "  fourth (PyPI)",
        "    ecosystem: from 0, fixed in 2.0",
    ]
