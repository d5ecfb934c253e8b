"""Lists of records and times, as feeds publish them."""

import pytest

from lading.advisories.listing import ChangeList, Listed, address, difference, parse_list
from lading.errors import InvalidRecord

OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def listed(id: str, modified: str = OLD, path: str | None = None) -> Listed:
    return Listed(id=id, path=path or f"{id}.json", modified=modified)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        pytest.param(f"{OLD},PYSEC-1\n", [listed("PYSEC-1")], id="a folder of the bucket"),
        pytest.param(f"{OLD},PyPI/PYSEC-1\n", [listed("PYSEC-1")], id="the root of the bucket"),
        pytest.param(
            f'"2026/cve-2026-1.json","{OLD}"\r\n',
            [listed("cve-2026-1", path="2026/cve-2026-1.json")],
            id="a provider of CSAF",
        ),
        pytest.param(f"{OLD},A-1\n{NEW},A-1\n", [listed("A-1", NEW)], id="twice: the newer"),
        pytest.param(f"{OLD},A-1\n\n", [listed("A-1")], id="an empty line"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_both_spellings_are_read(data: str, rows: list[Listed]) -> None:
    assert list(parse_list(data.encode())) == rows


@pytest.mark.parametrize(
    "data",
    [
        b"id\n", b"a,b\n", b"a,b,c\n", b"2026-01-01T00:00:00Z,\n",
        b"/a.json,2026-01-01T00:00:00Z\n",
        b"../a.json,2026-01-01T00:00:00Z\n", b"http://x/a.json,2026-01-01T00:00:00Z\n", b"\xff\xfe",
        b'"', b"2026-01-01T00:00:00Z," + b"x" * 2000, b"x" * 300_000,
    ],
)  # fmt: skip
def test_what_is_no_list_is_an_error(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="list of changes"):
        parse_list(data)


def test_the_difference_is_what_is_new_newer_or_gone() -> None:
    rows = (listed("same"), listed("newer", NEW), listed("new"), listed("cve-2026-1", NEW))
    known = {"same": OLD, "newer": OLD, "gone": OLD, "CVE-2026-1": OLD, "undated": None}

    found = difference((*rows, listed("undated")), known, is_whole=True)

    assert [one.id for one in found.changed] == ["newer", "new", "cve-2026-1", "undated"]
    assert found.gone == ("gone",)


def test_a_list_of_recent_changes_alone_deletes_nothing() -> None:
    assert difference((), {"A-1": OLD}, is_whole=False).gone == ()


def test_a_record_is_beside_its_list() -> None:
    changes = ChangeList(url="https://example.org/Red%20Hat/modified_id.csv")

    assert address(changes, listed("RHSA-2026:1")) == (
        "https://example.org/Red%20Hat/RHSA-2026%3A1.json"
    )
