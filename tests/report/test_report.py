import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lading.model.result import Result
from lading.report import FORMATS, render
from lading.report.view import Template, View
from report.sample import INVENTORY, NOW, SCAN


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("result", [SCAN, INVENTORY], ids=["scan", "inventory"])
def test_every_format_renders_a_whole_text(format: str, result: Result) -> None:
    template = Template(name="list.txt", text="{{ result.target.given }}")

    text = render(result, View(now=NOW, template=template), format)

    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_default_format_is_the_table() -> None:
    view = View(now=datetime(2026, 1, 1, tzinfo=UTC))

    assert next(iter(FORMATS)) == "table"
    assert render(SCAN, view) == render(SCAN, view, "table")


DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_documented(format: str) -> None:
    assert f"- `{format}`: " in (DOCS / "adding" / "report-format.md").read_text()


def members(tree: object) -> set[str]:
    match tree:
        case dict():
            return set(tree).union(*map(members, tree.values()))
        case list():
            return set().union(*map(members, tree))
        case _:
            return set()


def test_every_member_of_the_json_is_documented() -> None:
    text = (DOCS / "json.md").read_text()

    named = members(json.loads(render(SCAN, View(now=NOW), "json")))

    assert {name for name in named if f"`{name}`" not in text} == set()
