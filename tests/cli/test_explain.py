"""`lading explain`: every finding of the example, and what is not found in it, explains itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from lading import scan
from lading.advisories import open_database
from lading.advisories.database import Database
from lading.cli.explain import explained
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.model.match import Answer
from lading.model.package import Release
from lading.model.result import Result
from report.golden import assert_golden
from shared_data import shared

SHOP = "examples/shop"
NOW = datetime(2026, 11, 24, tzinfo=UTC)

NOT_FOUND = (
    "CVE-2014-6271",  # bash, fixed long before
    "CVE-2005-4077",  # curl
    "DEBIAN-CVE-2006-1061",  # by the record's own id
    "GHSA-4xc9-xhrj-v574",  # lodash, fixed in an older version
    "GHSA-6c3j-c64m-qhgq",  # Django, of branches that are not here
    "NSWG-ECO-8",  # express
    "CVE-2099-0001",  # nobody knows it
    "GHSA-xxxx-xxxx-xxxx",
    "DSA-0000-1",
    "no id at all",
    "CVE-2021-44228 ",  # the blank is part of it
    "cve-2021-44228",  # ids are compared as written
    "CVE-2018-1000156",  # patch: a package that is not here
    "CVE-2016-1247",  # nginx
    "CVE-2021-3749",  # axios
    "CVE-2022-29217",  # PyJWT, which an upper layer took away
    "GO-2022-0969",
    "RUSTSEC-2021-0003",
    "ALSA-2023:0001",
    "MAL-2022-1",
    "CVE-2019-14234",  # Django, fixed in older branches
)


class _Shop:
    def __init__(self, result: Result, release: Release | None, database: Database) -> None:
        self.result = result
        self.release = release
        self.database = database


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Shop]:
    target = str(Path(__file__).parents[2] / SHOP)
    yield from _scanned(target, tmp_path_factory.mktemp("explain"))


def _scanned(target: str, folder: Path) -> Iterator[_Shop]:
    opened = open_target(parse(target), None, Limits())
    found = scan.inventory(opened, scan.Choices(), lambda _done, _total: None)
    with open_database(None, data_dir=folder, cache_dir=folder) as database:
        result = scan.judged(
            scan.packages(opened, SHOP, found),
            found.release,
            database,
            rules=(),
            now=NOW,
            stale_after_hours=72,
        )
        yield _Shop(result, found.release, database)


def test_every_finding_has_an_answer_that_says_affected(shop: _Shop) -> None:
    lines = []
    for finding in shop.result.findings or ():
        explanation = explained(finding.id, None, shop.result, shop.release, shop.database)
        answers = [
            one
            for one in explanation.answers
            if one.finding == finding and one.package.id == finding.package
        ]
        assert answers, finding
        assert any(one.answer is not Answer.NOT_AFFECTED for one in answers)
        lines += [f"{finding.id} {finding.package}"]
        lines += [f"  {one.answer} by {one.record} of {one.feed}: {one.rule}" for one in answers]

    assert_golden("explain/findings.txt", "\n".join(lines) + "\n")


def test_what_is_not_found_says_why_not(shop: _Shop) -> None:
    lines = []
    for id in NOT_FOUND:
        explanation = explained(id, None, shop.result, shop.release, shop.database)
        assert not any(one.finding for one in explanation.answers), id
        assert explanation.reasons, id
        lines += [id, *(f"  {reason.why}: {reason.text}" for reason in explanation.reasons)]

    assert_golden("explain/not-found.txt", "\n".join(lines) + "\n")


@pytest.mark.shared
def test_every_finding_of_a_large_image_has_an_answer_that_says_affected(tmp_path: Path) -> None:
    for shop in _scanned(f"oci:{shared('images/shop')}", tmp_path):
        findings = shop.result.findings or ()
        assert len(findings) > 200
        for finding in findings:
            explanation = explained(finding.id, None, shop.result, shop.release, shop.database)
            assert any(
                one.finding == finding and one.answer is not Answer.NOT_AFFECTED
                for one in explanation.answers
            ), finding
            assert explanation.reasons == ()


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = ran(capsys, "explain", SHOP, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_the_json_has_the_record_the_rule_the_layer_and_its_instruction(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tree = explain(capsys, "CVE-2021-44228")

    answer = tree["answers"][0]
    assert (tree["schema"], tree["asked"]) == ("lading.explain/1", "CVE-2021-44228")
    assert (tree["reported"], tree["reasons"]) == (True, [])
    assert answer["name"] == "org.apache.logging.log4j:log4j-core"
    assert answer["answer"] == "affected"
    assert answer["record"] == "GHSA-jfh8-c2jp-5v3q"
    assert "2.15.0" in answer["rule"]
    assert answer["instruction"].startswith("COPY orders.jar")
    assert answer["finding"]["severity"] == "critical"


def test_an_alias_gives_the_same_answers(capsys: pytest.CaptureFixture[str]) -> None:
    by_cve = explain(capsys, "CVE-2021-44228")
    by_ghsa = explain(capsys, "GHSA-jfh8-c2jp-5v3q")

    assert by_ghsa["answers"] == by_cve["answers"]
    assert by_ghsa["names"] == ["CVE-2021-44228"]


def test_the_words_say_what_the_json_says(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "explain", SHOP, "CVE-2021-44228")

    assert code == 0
    assert "It is reported for 1 package." in out
    assert "GHSA-jfh8-c2jp-5v3q of osv/Maven" in out
    assert "COPY orders.jar" in out
    assert "\x1b" not in out


def test_what_an_exception_suppresses_says_who_decided_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "exceptions.toml"
    file.write_text(
        '[[exception]]\nvulnerability = "CVE-2021-44228"\nreason = "lookups are off"\n'
        'author = "ann"\nuntil = 2027-01-01\n'
    )

    tree = explain(capsys, "CVE-2021-44228", "--exceptions", str(file))

    assert tree["reported"] is False
    assert [reason["why"] for reason in tree["reasons"]] == ["suppressed"]
    assert "ann: lookups are off, until 2027-01-01" in tree["reasons"][0]["text"]


def test_a_package_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    tree = explain(capsys, "CVE-2021-44228", "--package", "log4j-web")

    assert tree["answers"] == []
    assert [reason["why"] for reason in tree["reasons"]] == ["no-package"]


def test_a_hostile_id_reaches_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "explain", SHOP, "\x1b[2J\u202e<b>")

    assert "\x1b" not in out
    assert "\u202e" not in out


def test_it_goes_into_a_file_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "why.json"
    command = ("explain", SHOP, "CVE-1", "--format", "json", "--output", str(file))

    assert ran(capsys, *command)[:2] == (0, "")
    assert json.loads(file.read_text())["reported"] is False


@pytest.mark.parametrize("arguments", [("",), ("x" * 300,), ("CVE-1", "--all-platforms")])
def test_wrong_usage_is_said(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, out, err = ran(capsys, "explain", SHOP, *arguments)

    assert (code, out) == (2, "")
    assert is_one_line(err)
