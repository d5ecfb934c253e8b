import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_finding, a_package, a_result
from lading.errors import UnreadableError
from lading.model.advisory import Epss
from lading.model.result import Result
from lading.report.json import read, render
from lading.report.order import canonical
from report.golden import assert_golden
from report.sample import INVENTORY, SCAN
from report.strategies import SAFE_TEXT, results

FINITE = st.floats(allow_nan=False, allow_infinity=False)

PACKAGE_MEMBERS = {
    "id",
    "type",
    "name",
    "version",
    "purl",
    "arch",
    "source",
    "paths",
    "hashes",
    "layer",
    "evidence",
    "certainty",
    "owner",
    "parent",
    "depends_on",
    "licenses",
    "proof",
    "vendor",
    "module",
    "built_using",
    "repository",
    "key_id",
}
FINDING_MEMBERS = {
    "id",
    "aliases",
    "package",
    "installed",
    "severity",
    "score",
    "vectors",
    "kind",
    "status",
    "fix",
    "advisories",
    "kev",
    "epss",
    "published",
    "cwes",
    "references",
    "layer",
    "rule",
    "suppressed",
    "title",
}


def without_internals(result: Result) -> Result:
    packages = (replace(each, requires=(), provides=(), namespace=None) for each in result.packages)
    return replace(result, packages=tuple(packages))


@pytest.mark.parametrize(
    ("name", "result"),
    [("scan.json", SCAN), ("inventory.json", INVENTORY)],
    ids=["scan", "inventory"],
)
def test_the_whole_text(name: str, result: Result) -> None:
    assert_golden(name, render(result))


@pytest.mark.parametrize("result", [SCAN, INVENTORY], ids=["scan", "inventory"])
def test_a_saved_result_is_read_back_whole(result: Result) -> None:
    assert read(render(result).encode()) == canonical(result)


@given(results(SAFE_TEXT, FINITE))
def test_any_result_is_read_back_but_for_what_only_the_inventory_needs(result: Result) -> None:
    assert read(render(result).encode()) == without_internals(canonical(result))


@given(results())
def test_hostile_text_and_numbers_are_written_and_read(result: Result) -> None:
    text = render(result)

    assert render(read(text.encode())) == text


@given(results())
def test_nothing_that_a_terminal_acts_on_is_written_raw(result: Result) -> None:
    text = render(result)

    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text
    )


@given(results())
def test_it_is_strict_json_with_sorted_members_and_an_end_of_line(result: Result) -> None:
    text = render(result)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    tree = json.loads(text, parse_constant=refuse)
    assert json.loads(json.dumps(tree, sort_keys=True)) == tree
    assert list(tree) == sorted(tree)
    assert text.endswith("\n}\n")


def test_every_member_of_the_contract_is_there() -> None:
    tree = json.loads(render(SCAN))

    assert set(tree) == {
        "schema", "lading", "target", "config", "image", "advisories", "packages", "findings",
        "problems", "coverage", "deleted", "decisions", "verdict",
    }  # fmt: skip
    assert tree["schema"] == "lading.scan/1"
    assert set(tree["lading"]) == {"version"}
    assert set(tree["target"]) == {"given", "kind"}
    assert set(tree["verdict"]) == {"pass", "breaches", "warnings"}
    assert all(set(package) == PACKAGE_MEMBERS for package in tree["packages"])
    assert all(set(finding) == FINDING_MEMBERS for finding in tree["findings"])


def test_an_inventory_has_no_findings_advisories_or_verdict() -> None:
    tree = json.loads(render(INVENTORY))

    assert (tree["findings"], tree["advisories"], tree["verdict"]) == (None, None, None)


def test_the_order_in_which_things_were_found_does_not_show() -> None:
    assert SCAN.findings is not None
    shuffled = replace(SCAN, packages=SCAN.packages[::-1], findings=SCAN.findings[::-1])

    assert render(shuffled) == render(SCAN)


def test_fixed_versions_and_paths_keep_their_order() -> None:
    package = replace(a_package(), paths=("/z", "/a"))
    finding = a_finding(fixed=("2.9", "2.10"))

    result = read(render(a_result(packages=(package,), findings=(finding,))).encode())

    assert result.packages[0].paths == ("/z", "/a")
    assert result.findings is not None
    assert result.findings[0].fix.versions == ("2.9", "2.10")


def test_numbers_that_json_lacks_are_unknown() -> None:
    odd = Epss(score=float("nan"), percentile=0.5, as_of="2026-01-01")
    finding = a_finding(score=float("inf"), epss=odd)

    tree = json.loads(render(a_result(findings=(finding,))))

    assert tree["findings"][0]["score"] is None
    assert tree["findings"][0]["epss"] is None


def test_a_hostile_package_name_stays_the_same_to_a_reader_of_the_json() -> None:
    name = "\x1b]0;owned\x07\u202e\u2028\x7f\x9b\U000e0041"

    text = render(a_result(packages=(a_package(name=name),)))

    assert json.loads(text)["packages"][0]["name"] == name
    assert text.isprintable() or text.replace("\n", "").isprintable()


def test_bytes_that_were_no_utf8_are_written_as_escapes() -> None:
    text = render(a_result(packages=(replace(a_package(), paths=("/caf\udce9",)),)))

    assert json.loads(text)["packages"][0]["paths"] == [r"/caf\xe9"]


def changed(**members: object) -> bytes:
    return json.dumps(json.loads(render(SCAN)) | members).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "no JSON", id="empty"),
        pytest.param(b"\xff\xfe", "no JSON", id="no text"),
        pytest.param(b'{"a": "\xff"}', "no JSON|no lading", id="not UTF-8"),
        pytest.param(render(SCAN).encode()[:-100], "no JSON", id="truncated"),
        pytest.param(b'{"x":' + b"[" * 100_000, "no JSON", id="nested without end"),
        pytest.param(b"[]", "no lading.scan/1", id="a list"),
        pytest.param(b"{}", "schema", id="an object of something else"),
        pytest.param(b'{"schema": 1}', "schema", id="a schema that is a number"),
        pytest.param(b'{"schema": "\\u001b[2J"}', r"\\x1b", id="a hostile schema"),
        pytest.param(changed(schema="lading.scan/2"), "lading.scan/2", id="a later schema"),
        pytest.param(changed(schema="lading.scans/1"), "several results", id="several results"),
        pytest.param(changed(packages=None), r"\$.packages", id="no packages"),
        pytest.param(changed(packages=[{"name": 1}]), r"packages\[0\]", id="a wrong type"),
        pytest.param(
            changed(verdict={"pass": "yes", "breaches": []}), "pass", id="a wrong verdict"
        ),
        pytest.param(
            render(SCAN).encode().replace(b"5.3", b"1e400"), "out of range", id="infinity"
        ),
        pytest.param(changed(target={"given": "x"}), "kind", id="half a target"),
    ],
)
def test_what_is_no_result_is_refused_with_a_reason(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        read(data)


@given(st.binary() | st.binary().map(lambda junk: render(SCAN).encode()[:500] + junk))
def test_any_bytes_are_a_result_or_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data)


def test_members_of_a_later_version_are_passed_over() -> None:
    assert read(changed(novelty=1)) == canonical(SCAN)


def test_the_version_that_made_a_result_outlives_a_later_reader() -> None:
    old = replace(SCAN, lading="0.0.1")

    assert json.loads(render(read(render(old).encode())))["lading"] == {"version": "0.0.1"}
