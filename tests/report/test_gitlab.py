import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft7Validator

from builders import a_finding, a_result
from lading.model.advisory import Vector
from lading.model.result import Result
from lading.report.gitlab import render
from lading.report.view import View
from report.hostile import HOSTILE, a_large_result
from report.sample import INVENTORY, NOW, SCAN
from shared_data import shared


def document(result: Result) -> Any:
    return json.loads(render(result, View(now=NOW)))


def by_name(result: Result) -> dict[str, Any]:
    return {one["identifiers"][0]["name"]: one for one in document(result)["vulnerabilities"]}


@pytest.mark.shared
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
def test_gitlab_s_own_schema_accepts_it(result: Result) -> None:
    schema = json.loads(
        shared("schemas", "gitlab-container-scanning-15.2.4.schema.json").read_text()
    )

    assert list(Draft7Validator(schema).iter_errors(document(result))) == []


def test_the_id_lasts_when_the_package_is_updated() -> None:
    rebuilt = replace(
        SCAN,
        packages=tuple(
            replace(
                package,
                version="9.9",
                layer=5,
                paths=tuple(path.replace(package.version or "?", "9.9") for path in package.paths),
            )
            for package in SCAN.packages
        ),
    )

    before, after = by_name(SCAN), by_name(rebuilt)

    assert {name: one["id"] for name, one in before.items()} == {
        name: one["id"] for name, one in after.items()
    }


def test_no_two_findings_share_an_id() -> None:
    found = document(a_large_result(500, 100))["vulnerabilities"]

    assert len({one["id"] for one in found}) == 500


def test_suppressed_findings_are_left_out_and_counted() -> None:
    found = document(SCAN)

    assert "CVE-2020-9999" not in by_name(SCAN)
    assert {"level": "info", "value": "1 more suppressed by exceptions or VEX."} in found["scan"][
        "messages"
    ]


def test_problems_are_messages() -> None:
    values = [message["value"] for message in document(SCAN)["scan"]["messages"]]

    assert any(value.startswith("/app/broken.jar: ") for value in values)


@pytest.mark.parametrize(
    ("vector", "kept"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", True),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", True),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", True),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P/", False),
        ("CVSS:3.1/nonsense/nonsense/nonsense", False),
        ("", False),
    ],
)
def test_vectors_that_gitlab_would_refuse_are_left_out(vector: str, kept: bool) -> None:
    finding = a_finding(vectors=(Vector(source="NVD", vector=vector, score=None),))

    (found,) = document(a_result(findings=(finding,)))["vulnerabilities"]

    assert ("cvss_vectors" in found) is kept


def test_only_links_to_the_web_are_links() -> None:
    urls = {link["url"] for one in document(HOSTILE)["vulnerabilities"] for link in one["links"]}

    assert "https://fine.example/a" in urls
    assert all(url.startswith("https://") and url.isascii() for url in urls)
    assert not any(char in url for url in urls for char in '<>"` ')
