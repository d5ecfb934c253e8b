"""Reports of real images, held to the schemas of those who read them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from cli.running import ran
from lading.report.schema import render as schema
from shared_data import shared

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def saved(target: object, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = folder / "result.json"
    done = ran(capsys, "scan", str(target), "--offline", "--format", "json", "--output", str(path))
    assert done.code == 0, done.err
    return path


def reported(path: Path, format: str, capsys: pytest.CaptureFixture[str]) -> Any:
    done = ran(capsys, "report", str(path), "--format", format)
    assert done.code == 0, done.err
    return json.loads(done.out)


def assert_readable(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hold what every image must give: a valid result, and a place for every SARIF result."""
    result = json.loads(path.read_text())
    assert list(Draft202012Validator(json.loads(schema())).iter_errors(result)) == []
    (run,) = reported(path, "sarif", capsys)["runs"]
    assert len(run["results"]) == len(result["findings"])
    marks = {one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]}
    assert len(marks) == len(run["results"])
    assert all(one["locations"] for one in run["results"])


@pytest.mark.slow
def test_the_example_is_readable_by_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_readable(saved(SHOP, tmp_path, capsys), capsys)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("image", ["shop"])
def test_images_are_readable_by_gitlab_and_others(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(f"oci:{shared('images', image)}", tmp_path, capsys)
    gitlab = shared("schemas", "gitlab-container-scanning-15.2.4.schema.json").read_text()

    assert_readable(path, capsys)
    found = Draft7Validator(json.loads(gitlab)).iter_errors(reported(path, "gitlab", capsys))
    assert [error.message for error in found] == []
