"""`lading advisories add`: an advisory of one's own is one like any other."""

import json
from pathlib import Path

import pytest

from cli.running import is_one_line, ran

TOML = """\
[advisory]
id = "ACME-2026-1"
severity = "high"
title = "Session tokens can be guessed"

[[affected]]
type = "pypi"
name = "acme.auth"
introduced = "1.0"
fixed = "1.4.2"
"""

LATER = "2036-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))


def test_it_is_found_named_shown_and_never_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(TOML)

    added = ran(capsys, "advisories", "add", str(file))
    scanned = ran(capsys, "scan", "purl:pkg:pypi/acme-auth@1.3", "--format", "json", now=LATER)
    shown = ran(capsys, "advisories", "show", "ACME-2026-1")

    assert (added.code, added.out) == (0, "ACME-2026-1: acme-auth (PyPI)\n")
    result = json.loads(scanned.out)
    (finding,) = result["findings"]
    assert (finding["id"], finding["severity"]) == ("ACME-2026-1", "high")
    assert finding["fix"]["versions"] == ["1.4.2"]
    assert finding["advisories"][0]["source"] == "own"
    assert [feed["stale"] for feed in result["advisories"]["feeds"] if feed["name"] == "own"] == [
        False
    ]
    assert json.loads(shown.out)[0]["feed"] == "own"


def test_a_mistake_is_one_line_and_leaves_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(TOML.replace("fixed", "fixd"))

    done = ran(capsys, "advisories", "add", str(file))

    assert done.code == 3
    assert is_one_line(done.err)
    assert "has no 'fixd'" in done.err
    assert not (tmp_path / "data" / "advisories.db").exists()
