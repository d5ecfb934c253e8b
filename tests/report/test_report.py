from datetime import UTC, datetime

import pytest

from lading.model.result import Result
from lading.report import FORMATS, render
from lading.report.view import View
from report.sample import INVENTORY, NOW, SCAN


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("result", [SCAN, INVENTORY], ids=["scan", "inventory"])
def test_every_format_renders_a_whole_text(format: str, result: Result) -> None:
    text = render(result, View(now=NOW), format)

    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_default_format_is_the_table() -> None:
    view = View(now=datetime(2026, 1, 1, tzinfo=UTC))

    assert next(iter(FORMATS)) == "table"
    assert render(SCAN, view) == render(SCAN, view, "table")
