import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builders import a_result
from lading.model.result import Result
from lading.report import FORMATS, render
from lading.report.json import read
from lading.report.view import Template, View
from report.hostile import HOSTILE
from report.sample import INVENTORY, NOW, SCAN


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("result", [SCAN, INVENTORY], ids=["scan", "inventory"])
def test_every_format_renders_a_whole_text(format: str, result: Result) -> None:
    template = Template(name="list.txt", text="{{ result.target.given }}")

    text = render(result, View(now=NOW, template=template), format)

    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("result", [SCAN, INVENTORY, HOSTILE], ids=["scan", "inventory", "hostile"])
def test_a_saved_result_renders_as_the_fresh_one(format: str, result: Result) -> None:
    view = View(now=NOW, template=Template(name="t", text="{{ result|tojson }}"))

    again = read(render(result, view, "json").encode())

    assert render(again, view, format) == render(result, view, format)


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_writes_what_a_terminal_acts_on(format: str) -> None:
    view = View(now=NOW, template=Template(name="t", text="{{ result }}"))

    text = render(HOSTILE, view, format)

    assert not any(char in text for char in "\x1b\x07\t\u202e\u200b\u2028\ud800")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_at_all_is_rendered_too(format: str) -> None:
    view = View(now=NOW, template=Template(name="t", text="nothing"))

    assert render(a_result(), view, format).endswith("\n")


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
