"""`lading advisories update` from servers, through a mirror of this machine, and what is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import Ran, ran
from feed_server import Answer, Served, serving

KEV = "/sites/default/files/feeds/known_exploited_vulnerabilities.json"
CVE = "CVE-2026-1000"


def a_catalogue(*cves: str) -> Answer:
    rows = [{"cveID": cve, "dateAdded": "2026-01-01"} for cve in cves]
    value = {"dateReleased": "2026-11-23T00:00:00Z", "vulnerabilities": rows}
    return Answer(body=json.dumps(value).encode(), headers={"ETag": f'"{len(cves)}"'})


def updated(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    served: Served,
    *options: str,
) -> Ran:
    monkeypatch.setenv("LADING_ADVISORY_MIRRORS", f"https://www.cisa.gov={served.url}")
    return ran(capsys, "advisories", "update", "--only", "kev", *options)


def kev(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    feeds = json.loads(ran(capsys, "advisories", "status", "--format", "json").out)["feeds"]
    (found,) = (feed for feed in feeds if feed["name"] == "kev")
    return dict(found)


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def test_what_an_update_touched_is_told_in_full(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"CVE-2026-{number}" for number in range(1000, 1900)]
    with serving({KEV: [a_catalogue(*many), a_catalogue(*many, "CVE-2026-1"), Answer(304)]}) as one:
        first = updated(capsys, monkeypatch, one)
        second = updated(capsys, monkeypatch, one, "--format", "json")
        third = updated(capsys, monkeypatch, one)

    assert (first.code, second.code, third.code) == (0, 0, 0)
    assert first.out.startswith("kev: 900 records, 0 rejected\n0 packages have other records, ")
    value = json.loads(second.out)
    reason = "'CVE-2026-1' added '2026-01-01': no CVE or no date"
    rejected = [{"record": "vulnerabilities[900]", "reason": reason}]
    assert value["feeds"] == [
        {"name": "kev", "records": 900, "delta": False, "error": None, "rejected": rejected}
    ]
    assert value["touched"] == {"coordinates": [], "vulnerabilities": []}
    assert third.out == "kev: unchanged\n"


def test_why_a_feed_is_not_newer_stays_in_the_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"CVE-2026-{number}" for number in range(1000, 1900)]
    with serving({KEV: [a_catalogue(*many), Answer(404), a_catalogue(*many, CVE)]}) as one:
        updated(capsys, monkeypatch, one)
        failed = updated(capsys, monkeypatch, one)
        during, text = kev(capsys), ran(capsys, "advisories", "status").out
        updated(capsys, monkeypatch, one)

    assert failed.code == 3
    assert (during["records"], during["stale"]) == (900, False)
    assert during["error"]["at"] == "2026-11-24T00:00:00Z"
    assert "HTTP 404" in during["error"]["reason"]
    assert "  not updated at 2026-11-24T00:00:00Z: " in text
    assert kev(capsys)["error"] is None
