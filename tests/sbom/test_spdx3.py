"""SPDX 3.0: what is written is valid by the model's own program, and reads back as it was."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from spdx_python_model.bindings import v3_0_1 as spdx

from builders import a_result
from lading.model.result import Result
from lading.report import render
from lading.report.view import View
from lading.sbom import read
from report.hostile import HOSTILE, a_large_result
from report.sample import INVENTORY, SCAN

VIEW = View(now=datetime(2026, 1, 10, 12, tzinfo=UTC))


def document(result: Result) -> Any:
    return json.loads(render(result, VIEW, "spdx3"))


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(SCAN, id="a scan"),
        pytest.param(INVENTORY, id="an inventory"),
        pytest.param(a_result(), id="nothing at all"),
        pytest.param(HOSTILE, id="hostile names"),
        pytest.param(a_large_result(10, 50), id="many packages"),
    ],
)
def test_the_model_s_own_program_reads_all_of_it(result: Result) -> None:
    objects = spdx.SHACLObjectSet()

    spdx.JSONLDDeserializer().read(io.BytesIO(render(result, VIEW, "spdx3").encode()), objects)

    assert not objects.missing_ids
    found = list(objects.foreach_type(spdx.software_Package))
    assert len(found) >= len(result.packages) + 1  # and the target


def test_packages_read_back_as_they_were() -> None:
    again = read(render(SCAN, VIEW, "spdx3").encode(), "written.json")

    expected = {package.id: package for package in SCAN.packages}
    assert {package.id for package in again.packages} == set(expected)
    for package in again.packages:
        assert package.paths == expected[package.id].paths
        assert package.layer == expected[package.id].layer


def test_a_damaged_annotation_costs_no_package() -> None:
    damaged = document(SCAN)
    for row in damaged["@graph"]:
        if row["type"] == "Annotation":
            row["statement"] = "lading:[" + "[" * 2000

    again = read(json.dumps(damaged).encode(), "written.json")

    purls = {package.purl.partition("?")[0] for package in again.packages}
    assert {p.purl.partition("?")[0] for p in SCAN.packages if p.purl} <= purls


def test_a_license_that_is_no_expression_keeps_its_text() -> None:
    package = replace(SCAN.packages[0], licenses=("see <the> file", "MIT"))

    graph = document(a_result(packages=(package,)))["@graph"]

    texts = {row.get("simplelicensing_licenseText") for row in graph}
    stated = {row.get("simplelicensing_licenseExpression") for row in graph} - {None}
    assert "see <the> file" in texts
    assert "MIT" in stated
    assert any(one.startswith("LicenseRef-") for one in stated)


def test_only_the_date_depends_on_the_clock() -> None:
    later = View(now=datetime(2026, 2, 1, tzinfo=UTC))

    one, other = (
        [row for row in json.loads(render(SCAN, view, "spdx3"))["@graph"] if "created" not in row]
        for view in (VIEW, later)
    )

    assert one == other
