import csv
import io

import pytest

from builders import a_result
from lading.report.csv import inert, render
from lading.report.view import Sort, View
from report.hostile import HOSTILE
from report.sample import INVENTORY, NOW, SCAN

VIEW = View(now=NOW)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_finding_has_a_line_with_what_people_sort_by() -> None:
    found = {row["id"]: row for row in rows(render(SCAN, VIEW))}

    assert len(found) == len(SCAN.findings or ())
    log4j = found["CVE-2021-44228"]
    assert log4j["package"] == "org.apache.logging.log4j:log4j-core"
    assert (log4j["severity"], log4j["score"], log4j["fixed_in"]) == ("critical", "10.0", "2.15.0")
    assert log4j["exploited"] == "2021-12-10"
    assert found["CVE-2020-9999"]["suppressed"] == "ops: not built in"


def test_an_inventory_has_a_line_for_each_package() -> None:
    assert {row["package"] for row in rows(render(INVENTORY, VIEW))} == {
        package.name for package in INVENTORY.packages
    }


def test_nothing_found_is_the_line_of_names_alone() -> None:
    assert render(a_result(), VIEW).count("\r\n") == 1


def test_lines_end_as_rfc_4180_asks() -> None:
    assert render(SCAN, VIEW).replace("\r\n", "").count("\n") == 0


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20a",
        "|c",
    ],
)
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    assert (
        not inert(text)
        .lstrip()
        .startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    )


def test_hostile_names_stay_in_their_cells() -> None:
    text = render(HOSTILE, VIEW)

    found = rows(text)

    assert len(found) == len(HOSTILE.findings or ())
    assert all(None not in row for row in found)
    for row in found:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@"))
            assert not any(char in cell for char in "\x1b\x07\r\n\t\u202e\u200b\u2028")


def test_views_change_nothing() -> None:
    assert render(SCAN, View(now=NOW, fixable=True, sort=Sort.ID)) == render(SCAN, VIEW)
