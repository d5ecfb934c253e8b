"""What one feed leaves open, others say: Debian's state, NVD's severity, FIRST's estimate."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import ran

CVE = "CVE-2026-99999"
STATUS = {"status": "open", "urgency": "not yet assigned", "nodsa": "Minor", "nodsa_reason": ""}
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
FILES = {
    "tracker.json": {"thing": {CVE: {"releases": {"bookworm": STATUS}}}},
    "nvd.json": {
        "cve": {
            "id": CVE,
            "lastModified": "2026-01-01T00:00:00.000",
            "metrics": {
                "cvssMetricV31": [{"type": "Primary", "cvssData": {"vectorString": VECTOR}}]
            },
            "weaknesses": [{"description": [{"value": "CWE-787"}]}],
        }
    },
}
SCORES = f"#model_version:v1,score_date:2026-05-31T00:00:00Z\ncve,epss,percentile\n{CVE},0.5,0.9\n"


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))


def finding(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    target = "purl:pkg:deb/debian/thing@1.0-1?distro=debian-12"
    done = ran(capsys, "scan", target, "--format", "json")
    assert done.code == 0
    (one,) = json.loads(done.out)["findings"]
    found: dict[str, Any] = one
    return found


def test_each_feed_gives_its_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    for name, value in FILES.items():
        (folder / name).write_text(json.dumps(value))
    (folder / "epss.csv").write_text(SCORES)

    assert ran(capsys, "advisories", "import", str(folder)).code == 0
    one = finding(capsys)

    assert (one["id"], one["status"], one["fix"]["state"]) == (CVE, "affected", "deferred")
    assert (one["severity"], one["score"], one["cwes"]) == ("critical", 9.8, ["CWE-787"])
    assert one["epss"] == {"score": 0.5, "percentile": 0.9, "as_of": "2026-05-31T00:00:00Z"}
    assert "no-dsa: Minor" in one["rule"]
