import argparse
import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from lading.cli import report
from lading.errors import LadingError, UnreadableError, UsageError
from lading.model.result import Result, Verdict
from lading.report import render
from lading.report.view import View
from report.sample import INVENTORY, NOW, SCAN

VIEW = View(now=NOW)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    report.arguments(parser)
    options = parser.parse_args(arguments)
    options.now = lambda: NOW
    return report.run(options)


def saved(result: Result, folder: Path) -> str:
    path = folder / "result.json"
    path.write_text(render(result, VIEW, "json"))
    return str(path)


PASSED = replace(SCAN, verdict=Verdict(passed=True, breaches=()))


@pytest.mark.parametrize(
    ("result", "code"),
    [
        pytest.param(PASSED, 0, id="passed"),
        pytest.param(SCAN, 1, id="breached"),
        pytest.param(INVENTORY, 0, id="an inventory has no verdict"),
    ],
)
def test_the_exit_code_is_the_saved_verdict(result: Result, code: int, tmp_path: Path) -> None:
    assert run(saved(result, tmp_path)) == code


def test_a_saved_result_is_shown_as_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    run(saved(SCAN, tmp_path))

    assert capsys.readouterr().out == render(SCAN, VIEW)


def test_a_view_changes_neither_the_json_nor_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(SCAN, tmp_path)

    code = run(path, "--format", "json", "--severity", "critical", "--fixable", "--sort", "id")

    assert code == 1
    assert capsys.readouterr().out == Path(path).read_text()


def test_several_formats_are_written_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, table, copy = saved(SCAN, tmp_path), tmp_path / "t.txt", tmp_path / "c.json"

    run(
        path, "--format", "table", "--output", str(table), "--format", "json", "--output", str(copy)
    )

    assert table.read_text() == render(SCAN, VIEW)
    assert json.loads(copy.read_text()) == json.loads(Path(path).read_text())
    assert capsys.readouterr().out == ""


def test_a_result_may_come_from_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = render(SCAN, VIEW, "json")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))

    run("-", "--format", "json")

    assert capsys.readouterr().out == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "cannot read", id="no such file"),
        pytest.param(b"", "no JSON", id="empty"),
        pytest.param(b'{"schema": "lading.scan/1"}', "missing", id="hardly begun"),
        pytest.param(b'{"bomFormat": "CycloneDX"}', "schema", id="something else"),
    ],
)
def test_what_is_no_result_is_unreadable(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UnreadableError, match=message) as caught:
        run(str(path))

    assert caught.value.exit_code == 3
    assert "result.json" in str(caught.value)


@pytest.mark.parametrize("path", ["/", "a\0b"], ids=["a folder", "no possible name"])
def test_a_path_that_is_no_file_is_unreadable(path: str) -> None:
    with pytest.raises(UnreadableError, match="cannot read"):
        run(path)


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="larger than"):
        report.read_result("/dev/zero", largest=1 << 20)


def test_wrong_usage_shows_before_anything_is_read() -> None:
    with pytest.raises(UsageError) as caught:
        run("/no/such/file", "--output", "r", "--format", "json")

    assert caught.value.exit_code == 2


def test_nothing_is_written_when_one_of_the_formats_fails(tmp_path: Path) -> None:
    path, copy = saved(INVENTORY, tmp_path), tmp_path / "c.json"

    with pytest.raises(LadingError, match="no column 'fix'"):
        run(
            path, "--format", "json", "--output", str(copy), "--format", "table", "--columns", "fix"
        )

    assert not copy.exists()
