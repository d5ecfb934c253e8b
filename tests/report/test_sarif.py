import json
import shutil
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from builders import a_finding, a_result
from lading.model.finding import Severity
from lading.model.result import Result
from lading.report.sarif import render
from lading.report.view import View
from report.hostile import HOSTILE, a_large_result
from report.sample import INVENTORY, NOW, SCAN

_RESULTS = [
    pytest.param(SCAN, id="a scan"),
    pytest.param(INVENTORY, id="an inventory"),
    pytest.param(a_result(), id="nothing at all"),
    pytest.param(HOSTILE, id="hostile names"),
    pytest.param(a_large_result(1_000, 200), id="a thousand findings"),
]


def document(result: Result) -> Any:
    return json.loads(render(result, View(now=NOW)))


def run_of(result: Result) -> Any:
    (run,) = document(result)["runs"]
    return run


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Draft7Validator:
    """The schema of SARIF 2.1.0, as the package of a validator brings it."""
    if shutil.which("npm") is None:
        pytest.skip("npm is missing")
    folder = tmp_path_factory.mktemp("sarif")
    packed = subprocess.run(
        ["npm", "pack", "--silent", "@microsoft/jest-sarif"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=50,
    )
    if packed.returncode:
        pytest.skip(f"no package registry answers: {packed.stderr.strip()[-200:]}")
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    schema = next(folder.rglob("sarif-2.1.0-*.json"))
    return Draft7Validator(json.loads(Path(schema).read_text(encoding="utf-8-sig")))


@pytest.mark.registry
@pytest.mark.parametrize("result", _RESULTS)
def test_the_official_schema_accepts_it(result: Result, judge: Draft7Validator) -> None:
    assert [error.message for error in judge.iter_errors(document(result))] == []


@pytest.mark.parametrize("result", _RESULTS)
def test_every_result_has_a_rule_and_a_place_in_a_file(result: Result) -> None:
    run = run_of(result)

    rules = run["tool"]["driver"]["rules"]
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
        place = found["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert uri
        assert not uri.startswith("/")
        assert uri.isascii()
        assert ".." not in uri.split("/")
        assert place["region"]["startLine"] == 1


def marks(result: Result) -> dict[str, str]:
    return {
        found["ruleId"]: found["partialFingerprints"]["primaryLocationLineHash"]
        for found in run_of(result)["results"]
    }


def test_fingerprints_last_when_the_image_is_built_anew_with_newer_packages() -> None:
    rebuilt = replace(
        SCAN,
        target="registry.example/shop/web:1.5",
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

    assert marks(rebuilt) == marks(SCAN)


def test_no_two_results_share_a_fingerprint() -> None:
    twice = a_result(findings=(a_finding(), a_finding()))

    found = [one["partialFingerprints"]["ladingFinding/v1"] for one in run_of(twice)["results"]]

    assert len(set(found)) == 2


def rule_of(**facts: Any) -> Any:
    (rule,) = run_of(a_result(findings=(a_finding(**facts),)))["tool"]["driver"]["rules"]
    return rule


@pytest.mark.parametrize(
    ("severity", "score", "stated", "level"),
    [
        (Severity.CRITICAL, 9.8, "9.8", "error"),
        (Severity.HIGH, None, "8.0", "error"),
        (Severity.MEDIUM, None, "5.5", "warning"),
        (Severity.LOW, 3.1, "3.1", "note"),
        (Severity.UNKNOWN, None, None, "warning"),
    ],
)
def test_a_rule_says_how_severe_its_findings_are(
    severity: Severity, score: float | None, stated: str | None, level: str
) -> None:
    rule = rule_of(severity=severity, score=score)

    assert rule["properties"].get("security-severity") == stated
    assert rule["defaultConfiguration"]["level"] == level


def test_weaknesses_are_tags() -> None:
    assert "external/cwe/cwe-79" in rule_of(cwes=("CWE-79", "no CWE"))["properties"]["tags"]


def test_suppressed_findings_say_who_suppressed_them_and_why() -> None:
    found = {one["ruleId"]: one for one in run_of(SCAN)["results"]}

    assert found["CVE-2020-9999"]["suppressions"][0]["justification"] == "ops: not built in"
    assert "suppressions" not in found["CVE-2021-44228"]


def test_problems_are_notifications() -> None:
    (invocation,) = run_of(SCAN)["invocations"]

    levels = [one["level"] for one in invocation["toolExecutionNotifications"]]
    assert levels == ["note", "warning"]


def test_no_message_holds_a_link_or_what_a_terminal_acts_on() -> None:
    text = render(HOSTILE, View(now=NOW))

    assert not any(char in text for char in "\x1b\x07\u202e\u200b\u2028")
    for found in run_of(HOSTILE)["results"]:
        message = found["message"]["text"]
        assert "](" not in message.replace("\\]", "")
