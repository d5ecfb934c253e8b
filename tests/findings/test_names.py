"""Which vulnerabilities a record speaks of, and under which names."""

import pytest

from lading.findings.names import (
    Register,
    best,
    groups,
    vulnerabilities,
    vulnerability_names,
)
from lading.model.advisory import Advisory


def a_record(id: str, **names: tuple[str, ...]) -> Advisory:
    return Advisory(id=id, feed="f", modified=None, **names)  # type: ignore[arg-type]  # a builder


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            a_record("GHSA-1", aliases=("CVE-2020-1",)), [{"GHSA-1", "CVE-2020-1"}], id="aliases"
        ),
        pytest.param(
            a_record("DEBIAN-CVE-2020-1111", upstream=("CVE-2020-1111",)),
            [{"DEBIAN-CVE-2020-1111", "CVE-2020-1111"}],
            id="carries one on",
        ),
        pytest.param(a_record("MAL-2024-1"), [{"MAL-2024-1"}], id="alone"),
        pytest.param(
            a_record("ALSA-2024:9543", related=("CVE-2024-4349", "CVE-2024-4350", "CVE-2024-4349")),
            [{"CVE-2024-4349"}, {"CVE-2024-4350"}],
            id="an erratum, related",
        ),
        pytest.param(
            a_record(
                "USN-1-1", upstream=("CVE-2024-1111", "CVE-2024-1112"), related=("CVE-1999-0001",)
            ),
            [{"CVE-2024-1111"}, {"CVE-2024-1112"}],
            id="an erratum, upstream",
        ),
        pytest.param(a_record("RLSA-2024:1"), [{"RLSA-2024:1"}], id="an erratum without any"),
        pytest.param(a_record("ALBA-2019:3332"), [], id="a mended bug is no vulnerability"),
        pytest.param(
            a_record("ALBA-2019:3693", related=("CVE-2018-18074",)),
            [{"CVE-2018-18074"}],
            id="but it may mend one by the way",
        ),
        pytest.param(
            a_record("USN-5614-1", upstream=("UBUNTU-CVE-2021-3782",)),
            [{"UBUNTU-CVE-2021-3782", "CVE-2021-3782"}],
            id="the CVE in a distribution's own name",
        ),
        pytest.param(
            a_record("USN-6-1", upstream=("UBUNTU-CVE-2021-3782", "UBUNTU-CVE-2021-3783")),
            [
                {"UBUNTU-CVE-2021-3782", "CVE-2021-3782"},
                {"UBUNTU-CVE-2021-3783", "CVE-2021-3783"},
            ],
            id="several of them",
        ),
        pytest.param(
            a_record("ALAS2-2023-1", related=("CVE-2023-1111",)), [{"CVE-2023-1111"}], id="amazon"
        ),
        pytest.param(
            a_record("SUSE-SU-2023:1234-1", upstream=("CVE-2023-1111", "CVE-2023-2222")),
            [{"CVE-2023-1111"}, {"CVE-2023-2222"}],
            id="suse",
        ),
        pytest.param(
            a_record("RUSTSEC-2020-1", aliases=("CVE-2020-1111", "CVE-2020-2222")),
            [{"RUSTSEC-2020-1", "CVE-2020-1111", "CVE-2020-2222"}],
            id="two CVEs as aliases are one vulnerability",
        ),
        pytest.param(
            a_record("DSAX-1", related=("CVE-2020-1111",)), [{"DSAX-1"}], id="only looks like one"
        ),
        pytest.param(
            a_record("X-1", upstream=("CVE-2024-1111", "CVE-2024-1112")),
            [{"CVE-2024-1111"}, {"CVE-2024-1112"}],
            id="carries several on",
        ),
        pytest.param(
            a_record("GO-1", aliases=("CVE-2020-1111",), related=("CVE-2021-1111",)),
            [{"GO-1", "CVE-2020-1111"}],
            id="related is no alias",
        ),
    ],
)
def test_a_record_speaks_of(record: Advisory, expected: list[set[str]]) -> None:
    assert [set(names) for names in vulnerabilities(record)] == expected


def test_names_join_through_any_chain_and_cycles_are_no_harm() -> None:
    sets = [frozenset(pair) for pair in (("a", "b"), ("c", "d"), ("b", "c"), ("d", "a"), ("x",))]

    assert sorted(sorted(group) for group in groups(sets)) == [["a", "b", "c", "d"], ["x"]]


def test_a_cve_comes_first_by_year_and_number_then_ghsa() -> None:
    names = ["PYSEC-1", "GHSA-x", "CVE-2021-10000", "CVE-2021-9999", "CVE-2020-1234"]

    assert list(best(names)) == [
        "CVE-2020-1234",
        "CVE-2021-9999",
        "CVE-2021-10000",
        "GHSA-x",
        "PYSEC-1",
    ]


def test_no_digits_are_too_many_for_a_name() -> None:
    assert best(["CVE-2020-" + "9" * 5000, "CVE-2020-1234"])[0] == "CVE-2020-1234"


def test_a_cve_is_taken_from_others_only_where_they_agree() -> None:
    one = a_record("GHSA-1", aliases=("CVE-2020-1111",))
    other = a_record("BIT-1", aliases=("GHSA-1", "CVE-2020-2222"))
    asked = frozenset(("PYSEC-1", "GHSA-1"))

    assert Register([one]).completed(asked) == {"PYSEC-1", "GHSA-1", "CVE-2020-1111"}
    assert Register([one, other]).completed(asked) == asked
    assert Register([]).completed(asked) == asked
    assert Register([one]).completed(frozenset(("GHSA-1", "CVE-2020-3333"))) == {
        "GHSA-1",
        "CVE-2020-3333",
    }


def test_errata_over_many_vulnerabilities_speak_of_none_alone() -> None:
    erratum = a_record("USN-1-1", upstream=("CVE-2020-1111", "CVE-2020-2222"))

    assert Register([erratum]).speaking_of(["CVE-2020-1111"]) == ()


def test_all_names_are_asked_for() -> None:
    records = [
        a_record("A", aliases=("CVE-2020-1111",)),
        a_record("ALSA-1", related=("CVE-2020-2222",)),
    ]

    assert vulnerability_names(records) == {"A", "CVE-2020-1111", "CVE-2020-2222"}
