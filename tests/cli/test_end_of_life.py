"""A scan says until when the image's release gets fixes, and whether it still does."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import ran


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))


def system(capsys: pytest.CaptureFixture[str], tmp_path: Path, now: str) -> dict[str, Any]:
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True, exist_ok=True)
    (root / "etc" / "os-release").write_text('ID=alpine\nVERSION_ID="3.19.1"\n')
    done = ran(capsys, "scan", f"dir:{root}", "--format", "json", now=now)
    assert done.code == 0
    found: dict[str, Any] = json.loads(done.out)["image"]["os"]
    return found


def test_the_facts_that_come_with_lading_are_held_against_the_time_of_the_scan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = system(capsys, tmp_path, "2025-11-01T12:00:00Z")
    after = system(capsys, tmp_path, "2025-11-02T00:00:00Z")

    assert (before["end_of_life"], before["supported"]) == ("2025-11-01", True)
    assert (after["end_of_life"], after["supported"]) == ("2025-11-01", False)


def test_what_the_feed_says_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release = {"name": "3.19", "isEol": False, "eolFrom": "2030-01-01"}
    product = {"name": "alpine-linux", "releases": [release]}
    file = tmp_path / "alpine-linux.json"
    file.write_text(json.dumps({"schema_version": "1.2.0", "result": product}))

    assert ran(capsys, "advisories", "import", str(file)).code == 0

    assert system(capsys, tmp_path, "2026-01-01T00:00:00Z")["end_of_life"] == "2030-01-01"


def test_the_table_warns_of_an_ended_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system(capsys, tmp_path, "2026-01-01T00:00:00Z")

    shown = ran(capsys, "scan", f"dir:{tmp_path / 'root'}", now="2026-01-01T00:00:00Z")

    assert "end of life 2025-11-01" in shown.out
