from pathlib import Path

import pytest

from lading.cli.main import main
from lading.report import render
from lading.report.view import View
from report.sample import NOW, SCAN


@pytest.fixture
def result(tmp_path: Path) -> str:
    path = tmp_path / "result.json"
    path.write_text(render(SCAN, View(now=NOW), "json"))
    return str(path)


def test_a_template_is_written(
    result: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "short.txt"
    template.write_text("{{ result.findings|length }} findings")

    main(["report", result, "--format", "template", "--template", str(template)])

    assert capsys.readouterr().out == "8 findings\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--format", "template"], id="no file"),
        pytest.param(["--template", "x"], id="no format"),
        pytest.param(["--format", "template", "--template", "/nowhere"], id="not there"),
        pytest.param(["--format", "template", "--template", "/"], id="a directory"),
    ],
)
def test_what_is_no_template_is_wrong_usage(
    result: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", result, *arguments]) == 2
    assert "template" in capsys.readouterr().err
