import json
from dataclasses import replace

import pytest

from builders import a_finding, a_result
from lading.findings.difference import compare
from lading.report.difference import FORMATS, LONGEST
from lading.report.order import canonical
from lading.report.text import width
from lading.report.view import View
from report.golden import assert_golden
from report.hostile import HOSTILE, a_large_result
from report.sample import DJANGO, NOW, SCAN

VIEW = View(now=NOW, width=120)
OLDER = canonical(SCAN)
NEWER = canonical(
    replace(
        SCAN,
        target="registry.example/shop/web:1.5",
        packages=SCAN.packages[1:],
        findings=(*(SCAN.findings or ())[2:], a_finding("CVE-2026-1", package=DJANGO.id)),
    )
)
CHANGES = compare(OLDER, NEWER)


@pytest.mark.parametrize("format", FORMATS)
def test_the_whole_comparison(format: str) -> None:
    name = {"table": "diff.txt", "json": "diff.json", "markdown": "diff.md"}[format]

    assert_golden(name, FORMATS[format](CHANGES, VIEW))


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_names_stay_text(format: str) -> None:
    hostile = compare(a_result(target=HOSTILE.target), canonical(HOSTILE))

    text = FORMATS[format](hostile, VIEW)

    assert not any(char in text for char in "\x1b\x07\r\t\u202e\u200b\u2028\ud800")


@pytest.mark.parametrize("columns", [80, 200])
def test_no_identifier_and_no_version_is_cut(columns: int) -> None:
    text = FORMATS["table"](CHANGES, View(now=NOW, width=columns))

    for one in CHANGES.findings:
        assert one.id in text
        assert (one.after or "") in text
    assert all(width(line) <= columns for line in text.splitlines())


def test_a_large_comparison_fits_into_a_comment_and_counts_the_rest() -> None:
    large = compare(a_result(), canonical(a_large_result()))

    text = FORMATS["markdown"](large, VIEW)

    assert len(text) <= LONGEST
    assert "10,000 new" in text
    assert text.count("<details>") == text.count("</details>")


def test_the_json_says_everything() -> None:
    tree = json.loads(FORMATS["json"](CHANGES, VIEW))

    assert tree["schema"] == "lading.diff/1"
    assert len(tree["findings"]) == len(CHANGES.findings)
