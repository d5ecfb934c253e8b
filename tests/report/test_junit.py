from xml.etree import ElementTree as ET

from builders import a_result
from lading.model.result import Result
from lading.report.junit import render
from lading.report.view import View
from report.hostile import HOSTILE
from report.sample import NOW, SCAN


def document(result: Result) -> ET.Element:
    return ET.fromstring(render(result, View(now=NOW)))


def outcomes(result: Result) -> dict[str, str | None]:
    return {
        case.attrib["name"]: case[0].tag if len(case) else None
        for case in document(result).iter("testcase")
    }


def test_a_finding_fails_its_case_and_a_suppressed_one_is_skipped() -> None:
    found = outcomes(SCAN)

    assert found["CVE-2021-35042 in Django 3.2.1"] == "failure"
    assert found["CVE-2020-9999 in libc6 2.36-9"] == "skipped"


def test_other_breaches_fail_and_problems_are_errors() -> None:
    found = outcomes(SCAN)

    assert found["debian/bookworm"] == "failure"
    assert found["/app/broken.jar"] == "error"


def test_the_counts_are_those_of_the_cases() -> None:
    suite = document(SCAN)

    found = list(outcomes(SCAN).values())
    assert suite.attrib["tests"] == str(len(found))
    assert suite.attrib["failures"] == str(found.count("failure"))
    assert suite.attrib["errors"] == str(found.count("error"))
    assert suite.attrib["skipped"] == str(found.count("skipped"))


def test_nothing_found_passes_one_case() -> None:
    assert list(outcomes(a_result()).values()) == [None]


def test_hostile_names_are_text_that_xml_can_hold() -> None:
    cases = list(document(HOSTILE).iter("testcase"))

    assert len(cases) == len(HOSTILE.findings or ()) + 1  # and a problem
    assert not any(
        ord(char) < 32 or char in "\u202e\u2028\u200b"
        for case in cases
        for char in case.attrib["name"]
    )
