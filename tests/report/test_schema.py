import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from builders import a_result
from lading.errors import UsageError
from lading.findings.difference import compare
from lading.model.result import Result
from lading.report.difference import FORMATS as COMPARISONS
from lading.report.json import render as to_json
from lading.report.json import render_all
from lading.report.members import MEMBERS
from lading.report.order import canonical
from lading.report.schema import SCHEMAS, render
from lading.report.view import View
from report.hostile import HOSTILE, a_large_result
from report.sample import INVENTORY, NOW, SCAN

_GOLDEN = Path(__file__).parents[1] / "golden" / "report"


def form(name: str) -> Any:
    return json.loads(render(name))


def complaints(name: str, document: Any) -> list[str]:
    found = Draft202012Validator(form(name)).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(form(name))


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(SCAN, id="a scan"),
        pytest.param(INVENTORY, id="an inventory"),
        pytest.param(a_result(), id="nothing at all"),
        pytest.param(HOSTILE, id="hostile names"),
        pytest.param(a_large_result(1_000, 200), id="a thousand findings"),
    ],
)
def test_every_result_is_as_the_schema_says(result: Result) -> None:
    assert complaints("lading.scan/1", json.loads(to_json(result))) == []


@pytest.mark.parametrize("name", ["scan.json", "inventory.json"])
def test_the_golden_results_are_as_the_schema_says(name: str) -> None:
    assert complaints("lading.scan/1", json.loads((_GOLDEN / name).read_text())) == []


def test_several_results_are_as_the_schema_says() -> None:
    assert complaints("lading.scans/1", json.loads(render_all([SCAN, INVENTORY]))) == []


def test_a_comparison_is_as_the_schema_says() -> None:
    text = COMPARISONS["json"](compare(a_result(), canonical(HOSTILE)), View(now=NOW))

    assert complaints("lading.diff/1", json.loads(text)) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        pytest.param({"schema": "other/1"}, "$.schema", id="another schema"),
        pytest.param({"packages": None}, "$.packages", id="no packages"),
        pytest.param({"coverage": {}}, "$.coverage", id="members left out"),
    ],
)
def test_what_is_no_result_is_told(change: dict[str, Any], where: str) -> None:
    document = json.loads(to_json(SCAN)) | change

    assert any(text.startswith(where) for text in complaints("lading.scan/1", document))


def test_every_described_member_exists() -> None:
    forms = [form(name)["$defs"] for name in SCHEMAS]
    members = {
        f"{type}.{member}"
        for defs in forms
        for type, said in defs.items()
        for member in said.get("properties", {})
    }

    assert set(MEMBERS) - members == set()


def test_members_that_only_the_inventory_needs_are_not_in_it() -> None:
    assert "requires" not in form("lading.scan/1")["$defs"]["Package"]["properties"]


def test_an_unknown_name_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"choose from lading\.scan/1"):
        render("lading.scan/9")
