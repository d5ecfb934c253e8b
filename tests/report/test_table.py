import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_finding, a_package, a_result
from lading.errors import UsageError
from lading.model.finding import Finding, Severity, Suppression
from lading.model.image import System
from lading.model.problem import Problem, Stage
from lading.model.result import (
    Advisories,
    Breach,
    Coverage,
    FeedAge,
    Result,
    Unexplained,
    Unmatched,
    Verdict,
)
from lading.report.json import read
from lading.report.json import render as to_json
from lading.report.order import canonical
from lading.report.table import render
from lading.report.text import plain, width
from lading.report.view import COLUMNS, Grouping, Sort, View
from report.golden import assert_golden
from report.sample import INVENTORY, NOW, SCAN
from report.strategies import results

COLOUR = re.compile(r"\x1b\[[0-9;]+m")


def table(result: Result, **view: Any) -> str:
    return render(result, View(now=NOW, **view))


def last_line(result: Result) -> str:
    return table(result, width=400).splitlines()[-1]


VIEWS = st.builds(
    View,
    now=st.just(NOW),
    width=st.integers(40, 220),
    severity=st.none() | st.sampled_from(Severity),
    fixable=st.booleans(),
    sort=st.sampled_from(Sort),
    group_by=st.sampled_from(Grouping),
    columns=st.just(()),
)


@pytest.mark.parametrize("columns", [80, 200])
def test_the_whole_table(columns: int) -> None:
    assert_golden(f"table-{columns}.txt", table(SCAN, width=columns))


@pytest.mark.parametrize("grouping", [each for each in Grouping if each is not Grouping.PACKAGE])
def test_the_whole_table_grouped(grouping: Grouping) -> None:
    assert_golden(f"table-by-{grouping}.txt", table(SCAN, width=120, group_by=grouping))


def test_the_whole_inventory() -> None:
    assert_golden("inventory-100.txt", table(INVENTORY, width=100))


def test_colours_change_nothing_but_the_colours() -> None:
    coloured = table(SCAN, color=True)

    assert coloured != table(SCAN)
    assert COLOUR.sub("", coloured) == table(SCAN)


@given(results(), VIEWS)
def test_a_saved_result_looks_as_it_did_when_it_was_made(result: Result, view: View) -> None:
    assert render(read(to_json(result).encode()), view) == render(result, view)


@given(results(), VIEWS)
def test_no_line_is_wider_than_the_view_but_for_one_identifier_or_version(
    result: Result, view: View
) -> None:
    uncut = {plain(text).strip() for text in identifiers(canonical(result))}

    for line in render(result, view).splitlines():
        if width(line) > view.width:
            assert line.strip() in uncut or line.strip().removesuffix(",") in uncut


def identifiers(result: Result) -> set[str]:
    texts = {result.target, result.image.digest or ""}
    texts |= {package.version or "" for package in result.packages}
    for finding in result.findings or ():
        texts |= {finding.id, finding.installed or "", *finding.fix.versions}
    return texts


@pytest.mark.parametrize("columns", [80, 200])
def test_identifiers_and_versions_are_never_cut(columns: int) -> None:
    text = table(SCAN, width=columns)

    for package in SCAN.packages:
        if package.version and package.name != "libc6":
            assert package.version in text
    for finding in SCAN.findings or ():
        if finding.suppressed is None:
            assert finding.id in text
            assert all(version in text for version in finding.fix.versions)


@given(results(), VIEWS)
def test_nothing_that_a_terminal_acts_on_is_shown_raw(result: Result, view: View) -> None:
    text = render(result, view)

    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text
    )
    assert text.encode()


def test_a_hostile_package_name_is_shown_as_escapes() -> None:
    package = replace(a_package(name="lib\x1b[2Jc\n\u202e6"), id="thing")

    text = table(a_result(packages=(package,), findings=(a_finding(),)))

    assert r"lib\x1b[2Jc\x0a\u202e6 1.0 (deb)" in text


@pytest.mark.parametrize(
    "column", [pytest.param(column, id=column) for column in COLUMNS if column != "marks"]
)
def test_any_column_can_be_shown_alone(column: str) -> None:
    text = table(SCAN, columns=(column,), group_by=Grouping.NONE)

    assert f"\n{column.upper()}\n" in text


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="no column 'colour'"):
        table(SCAN, columns=("colour",))


def test_a_column_of_findings_is_refused_for_an_inventory() -> None:
    with pytest.raises(UsageError, match="no column 'severity'"):
        table(INVENTORY, columns=("severity",))


def test_totals_count_every_severity() -> None:
    findings = tuple(
        a_finding(f"CVE-{at}", severity=severity) for at, severity in enumerate(Severity)
    )

    text = table(a_result(packages=(a_package(),), findings=findings), width=200)

    assert (
        "6 findings: 1 critical, 1 high, 1 medium, 1 low, 1 negligible, 1 unknown; 6 fixable;"
        " 1 of 1 package affected." in text
    )


def test_what_the_view_hides_is_counted_and_said() -> None:
    findings = (
        a_finding("CVE-1", severity=Severity.HIGH),
        a_finding("CVE-2", severity=Severity.LOW),
        a_finding("CVE-3", severity=Severity.UNKNOWN),
    )

    text = table(a_result(findings=findings), severity=Severity.HIGH, width=200)

    assert "CVE-2" not in text
    assert "3 findings" in text
    assert (
        "2 of them not listed here, as --severity or --fixable asks; 1 of these of unknown" in text
    )


def test_suppressed_findings_are_said() -> None:
    suppressed = a_finding("CVE-2", suppressed=Suppression(by="ops", reason="no", until=None))

    text = table(a_result(findings=(a_finding("CVE-1"), suppressed)))

    assert "1 finding:" in text
    assert "1 more suppressed by exceptions" in text


def test_one_new_version_that_ends_several_findings_is_a_hint() -> None:
    package = replace(a_package("3.2.1", name="django", type="pypi"), id="thing")
    findings = (a_finding("CVE-1", fixed=("3.2.5",)), a_finding("CVE-2", fixed=("3.2.25",)))

    text = table(a_result(packages=(package,), findings=findings))

    assert "  2 findings go away with django 3.2.25\n" in text


def test_one_finding_needs_no_hint() -> None:
    package = replace(a_package("3.2.1", name="django", type="pypi"), id="thing")

    assert "go away" not in table(a_result(packages=(package,), findings=(a_finding(),)))


CLEAN = a_result(packages=(a_package(),))

NO_FEEDS = Advisories(built=None, partial=False, feeds=())


def a_coverage(**facts: Any) -> Coverage:
    dull: dict[str, Any] = {
        "files": 9, "executables": 2, "explained": 2, "unexplained": (), "unmatched": (),
    }  # fmt: skip
    return Coverage(**(dull | facts))


def test_nothing_found_where_nothing_was_in_the_way_is_said_calmly() -> None:
    text = table(CLEAN)

    assert "0 findings" in text
    assert "This does not mean" not in text


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param({"packages": ()}, "no packages were found", id="no packages"),
        pytest.param({"advisories": NO_FEEDS}, "no advisories to compare with", id="no feeds"),
        pytest.param({"advisories": None}, "no advisories to compare with", id="no database"),
        pytest.param(
            {"advisories": replace(SCAN.advisories or NO_FEEDS, partial=True)},
            "partial snapshot; 1 feed is stale",
            id="partial and stale",
        ),
        pytest.param(
            {"coverage": a_coverage(unmatched=(Unmatched(package="a", reason="no feed"),))},
            "1 package without advisory data",
            id="unmatched package",
        ),
        pytest.param(
            {
                "coverage": a_coverage(
                    unexplained=(Unexplained(path="/x", layer=0, size=1, kind="elf"),)
                )
            },
            "1 executable unexplained",
            id="unexplained file",
        ),
        pytest.param(
            {"coverage": a_coverage(notes=("x",))}, "not everything is covered", id="note"
        ),
        pytest.param(
            {"problems": (Problem(stage=Stage.IMAGE, path="", reason="a", effect="b"),)},
            "1 problem on the way",
            id="problem",
        ),
        pytest.param(
            {
                "image": replace(
                    CLEAN.image,
                    os=System(
                        id="debian",
                        version_id="9",
                        pretty_name=None,
                        end_of_life=None,
                        supported=False,
                    ),
                )
            },
            "the operating system is no longer supported",
            id="end of life",
        ),
    ],
)
def test_nothing_found_never_reads_as_nothing_there(facts: dict[str, Any], reason: str) -> None:
    text = table(replace(CLEAN, **facts), width=400)

    assert "This does not mean that nothing is wrong: " in text
    assert reason in text


def test_stale_feeds_are_named_with_their_age_and_the_way_to_refresh_them() -> None:
    feed = FeedAge(
        name="osv/Go", records=1, as_of="2025-12-31T12:00:00Z", age_hours=0.0, stale=True
    )

    text = table(replace(CLEAN, advisories=Advisories(built=None, partial=False, feeds=(feed,))))

    assert "Stale: osv/Go (10 days old)." in text
    assert "`lading advisories update`" in text


@pytest.mark.parametrize(
    ("as_of", "age_hours", "told"),
    [
        pytest.param("2026-01-10T11:50:00Z", None, "less than an hour", id="minutes"),
        pytest.param("2026-01-10T09:00:00Z", None, "3 hours", id="hours"),
        pytest.param("2026-01-10T09:00:00", None, "3 hours", id="no time zone is UTC"),
        pytest.param("2026-01-01", None, "10 days", id="a date"),
        pytest.param("2027-01-01", None, "less than an hour", id="a clock that is behind"),
        pytest.param(None, 72.0, "3 days", id="the scan's own word"),
        pytest.param("yesterday", 72.0, "3 days", id="no time at all"),
    ],
)
def test_the_age_of_feeds_is_told_from_now(
    as_of: str | None, age_hours: float | None, told: str
) -> None:
    feed = FeedAge(name="f", records=1, as_of=as_of, age_hours=age_hours, stale=False)

    text = table(replace(CLEAN, advisories=Advisories(built=None, partial=False, feeds=(feed,))))

    assert f"Advisories: 1 feed, 1 record; last change {told} ago; longest without one: f" in text


def test_a_feed_of_unknown_age_says_nothing_of_it() -> None:
    feed = FeedAge(name="f", records=1, as_of=None, age_hours=None, stale=True)

    text = table(replace(CLEAN, advisories=Advisories(built=None, partial=False, feeds=(feed,))))

    assert "Advisories: 1 feed, 1 record.\nStale: f (age unknown).\n" in text


def test_a_partial_database_says_so_and_how_to_complete_it() -> None:
    partial = replace(CLEAN, advisories=replace(SCAN.advisories or NO_FEEDS, partial=True))

    text = table(partial, width=200)

    assert "partial snapshot" in text
    assert "`lading advisories update`, or `lading advisories import PATH`" in text


def test_many_problems_are_counted_and_a_few_told() -> None:
    problems = tuple(
        Problem(
            stage=Stage.CATALOG, path=f"/{at}.jar", reason="truncated", effect="packages missing"
        )
        for at in range(7)
    )

    text = table(replace(CLEAN, problems=problems))

    assert "7 problems:\n- catalog /0.jar: truncated; packages missing\n" in text
    assert "/5.jar" not in text
    assert "…and 2 more problems, see --format json" in text


def test_reasons_for_missing_advisory_data_are_counted_most_frequent_first() -> None:
    unmatched = tuple(
        Unmatched(package=f"{at}", reason="rare" if at == 0 else "often") for at in range(4)
    )

    text = table(replace(CLEAN, coverage=a_coverage(unmatched=unmatched)), width=200)

    assert "4 packages without advisory data: often (3), rare (1)." in text


@pytest.mark.parametrize(
    ("breaches", "line"),
    [
        pytest.param((), "Verdict: breach", id="no reason given"),
        pytest.param(
            (
                Breach(finding="CVE-1 a", coverage=None, rule="fail on high"),
                Breach(finding="CVE-2 a", coverage=None, rule="fail on high"),
                Breach(finding=None, coverage="osv/Go", rule="feeds at most a week old"),
            ),
            "Verdict: breach: fail on high (2 findings), feeds at most a week old (osv/Go)",
            id="two rules",
        ),
    ],
)
def test_a_breach_names_its_rules_last(breaches: tuple[Breach, ...], line: str) -> None:
    assert last_line(replace(CLEAN, verdict=Verdict(passed=False, breaches=breaches))) == line


def test_a_pass_is_the_last_word() -> None:
    assert last_line(CLEAN) == "Verdict: pass"


def test_a_finding_of_a_package_that_is_not_listed_is_shown_all_the_same() -> None:
    text = table(a_result(findings=(a_finding(package="deb/gone@1"),)))

    assert "deb/gone@1 1.0 (not in the list of packages)" in text


def test_an_inventory_sorts_by_name_or_by_id() -> None:
    packages = tuple(
        replace(a_package(name=name), id=id) for name, id in (("b", "1"), ("a10", "2"), ("a9", "3"))
    )
    inventory = a_result(packages=packages, findings=None)

    def names(sort: Sort) -> list[str]:
        lines = table(inventory, sort=sort, columns=("package",)).splitlines()
        return lines[3:6]

    assert names(Sort.SEVERITY) == ["a9", "a10", "b"]
    assert names(Sort.ID) == ["b", "a10", "a9"]


def test_many_findings_take_little_time() -> None:
    findings: tuple[Finding, ...] = tuple(
        a_finding(f"CVE-2024-{at}", package=f"{at % 50}") for at in range(2_000)
    )
    started = time.process_time()

    text = table(a_result(findings=findings))

    assert text.count("CVE-2024-") == 2_000
    assert time.process_time() - started < 10


@pytest.mark.parametrize("grouping", Grouping)
@pytest.mark.parametrize("most", [1, 5, 12])
def test_a_short_table_lists_the_worst_and_counts_the_rest(grouping: Grouping, most: int) -> None:
    whole = table(SCAN, group_by=grouping, width=200)
    short = table(SCAN, group_by=grouping, width=200, most=most)

    shown = [one.id for one in SCAN.findings or () if f"{one.id} " in short]
    left = re.search(r"(?m)^(\d+) more are not listed here", short)
    assert len(short.splitlines()) < len(whole.splitlines()) + 4
    assert whole.splitlines()[-5:] == short.splitlines()[-5:]
    assert "CVE-2021-44228" in shown
    if grouping is not Grouping.VULNERABILITY:  # where an id is the heading of its group
        assert len(shown) + (int(left[1]) if left else 0) == 7


def test_a_package_with_many_findings_leaves_room_for_others() -> None:
    packages = [a_package(name=name) for name in ("many", "other")]
    packages = [replace(package, id=package.name) for package in packages]
    findings = [a_finding(f"CVE-2024-{number}", package="many") for number in range(1000, 1050)]

    short = table(
        a_result(
            packages=tuple(packages), findings=(*findings, a_finding("CVE-2023-1", package="other"))
        ),
        most=30,
    )

    assert short.count("CVE-2024-") == 4
    assert "…and 46 more" in short
    assert "CVE-2023-1" in short
    assert "46 more are not listed here" in short


def test_a_table_that_fits_is_not_shortened() -> None:
    assert table(SCAN, most=500) == table(SCAN)
