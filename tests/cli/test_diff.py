import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import a_finding
from lading.cli.main import main
from lading.model.finding import Severity
from lading.model.result import Result
from lading.report import render
from lading.report.view import View
from report.sample import DJANGO, NOW, SCAN

_FINDINGS = SCAN.findings or ()
WORSE = replace(
    SCAN, findings=(*_FINDINGS, a_finding("CVE-2026-1", package=DJANGO.id, severity=Severity.HIGH))
)


def saved(result: Result, path: Path) -> str:
    path.write_text(render(result, View(now=NOW), "json"))
    return str(path)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    return saved(SCAN, tmp_path / "old.json"), saved(WORSE, tmp_path / "new.json")


def test_two_saved_results_are_compared(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *pair]) == 0
    assert "CVE-2026-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("bound", "code"), [("critical", 0), ("high", 1), ("low", 1), ("unknown", 0)]
)
def test_new_findings_breach_what_fail_on_names(
    pair: tuple[str, str], bound: str, code: int
) -> None:
    assert main(["diff", *pair, "--fail-on", bound]) == code


def test_old_findings_breach_nothing(pair: tuple[str, str]) -> None:
    assert main(["diff", pair[1], pair[0], "--fail-on", "low"]) == 0


def test_a_target_is_scanned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))

    code = main(["diff", "purl:pkg:npm/left@1.0.0", "purl:pkg:npm/left@1.1.0", "--format", "json"])

    (package,) = json.loads(capsys.readouterr().out)["packages"]
    assert code == 0
    assert (package["before"], package["after"]) == (["1.0.0"], ["1.1.0"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["-", "-"], 2, id="standard input twice"),
        pytest.param(["a", "b", "--all-platforms"], 2, id="several images"),
        pytest.param(["dir:/nowhere/at/all", "dir:/nowhere"], 3, id="nothing there"),
    ],
)
def test_what_cannot_be_compared_is_said(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *arguments, "--offline"]) == code
    assert capsys.readouterr().err.startswith("lading: ")


def test_a_comparison_can_be_written_to_a_file(pair: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.md"

    main(["diff", *pair, "--format", "markdown", "--output", str(out)])

    assert out.read_text().startswith("### ❌ ")
