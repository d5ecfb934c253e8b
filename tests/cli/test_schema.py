import json
from pathlib import Path

import pytest

from lading.cli.main import main


def test_the_schema_of_a_result_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "lading.scan/1"


def test_it_can_be_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "diff.schema.json"

    main(["schema", "lading.diff/1", "--output", str(path)])

    assert json.loads(path.read_text())["title"] == "lading.diff/1"


def test_another_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "nonsense"]) == 2
    assert "there is no schema 'nonsense'" in capsys.readouterr().err
