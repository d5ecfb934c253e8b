"""Which vulnerabilities a record speaks of, and under which names."""

import pytest

from lading.findings.names import best, groups, vulnerabilities, vulnerability_names
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


def test_all_names_are_asked_for() -> None:
    records = [
        a_record("A", aliases=("CVE-2020-1111",)),
        a_record("ALSA-1", related=("CVE-2020-2222",)),
    ]

    assert vulnerability_names(records) == {"A", "CVE-2020-1111", "CVE-2020-2222"}
