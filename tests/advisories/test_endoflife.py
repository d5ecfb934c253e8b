"""Ends of support, in the shape of endoflife.date's documented API."""

import json
from pathlib import Path
from typing import Any

import pytest

from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.sources import SOURCES
from lading.advisories.sources.endoflife import ENDOFLIFE, SYSTEMS, parse
from lading.advisories.writer import Writer
from lading.errors import InvalidRecord
from lading.model.advisory import Support


def a_release(name: str = "9", **members: Any) -> dict[str, Any]:
    release = {"name": name, "isEol": False, "eolFrom": "2032-05-31", "eoesFrom": None}
    return release | members


def a_product(*releases: Any, name: str = "rhel") -> bytes:
    document = {
        "schema_version": "1.2.0",
        "last_modified": "2026-01-01T00:00:00+00:00",
        "result": {"name": name, "releases": releases},
    }
    return json.dumps(document).encode()


def test_a_release_is_read_whole() -> None:
    found = parse(a_product(a_release(eoesFrom="2035-05-31")))

    assert found.support == (
        Support(system="rhel", release="9", ends="2032-05-31", extended="2035-05-31"),
    )
    assert (found.feed, found.as_of) == ("endoflife/rhel", "2026-01-01T00:00:00Z")


def test_long_term_support_of_debian_is_for_everybody() -> None:
    found = parse(a_product(a_release("12", eoesFrom="2033-06-30"), name="debian"))

    assert found.support == (Support(system="debian", release="12", ends="2033-06-30"),)


@pytest.mark.parametrize(
    ("members", "ends", "ended"),
    [
        ({}, "2032-05-31", None),
        ({"eolFrom": None}, None, False),
        ({"eolFrom": None, "isEol": True}, None, True),
        ({"eolFrom": None, "isEol": None}, None, None),
        ({"eolFrom": "soon", "isEol": 1}, None, None),
    ],
)
def test_what_is_not_said_is_not_known(
    members: dict[str, Any], ends: str | None, ended: bool | None
) -> None:
    (one,) = parse(a_product(a_release(**members))).support

    assert (one.ends, one.ended) == (ends, ended)


@pytest.mark.parametrize(
    "broken", [None, {}, "9", a_release("nine"), a_release("9" * 5000), {"name": 9}]
)
def test_a_broken_release_is_rejected_alone(broken: Any) -> None:
    found = parse(a_product(broken, a_release()))

    assert [one.release for one in found.support] == ["9"]
    assert [where for where, _ in found.rejected] == ["releases[0]"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"result": ' + b"[" * 100_000,
        a_product(name="windows"),
        a_product().replace(b"[]", b"{}"),
    ],
)
def test_what_says_nothing_of_a_distribution_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="ends of support"):
        parse(data)


def test_every_known_product_is_a_source() -> None:
    names = {one.name for one in SOURCES if one.format is ENDOFLIFE}

    assert names == {f"endoflife/{product}" for product in SYSTEMS}


def test_the_database_keeps_each_system_by_itself(tmp_path: Path) -> None:
    rhel, debian = tmp_path / "rhel.json", tmp_path / "debian.json"
    rhel.write_bytes(a_product(a_release("8"), a_release("9")))
    debian.write_bytes(a_product(a_release("12"), name="debian"))

    with Writer(tmp_path / "x.db") as writer:
        report = import_paths([rhel, debian], writer)
        rhel.write_bytes(a_product(a_release("9")))
        import_paths([rhel], writer)
    with Database.open(tmp_path / "x.db") as database:
        known = [[one.release for one in database.support(id)] for id in ("rhel", "debian", "x")]

    assert report.feeds == {"endoflife/rhel": 2, "endoflife/debian": 1}
    assert known == [["9"], ["12"], []]
