"""Questions to the database, and what it says when it is none, or damaged."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from advisories.samples import an_advisory, an_affected
from lading.advisories.database import FORM, Database
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected, Epss, Event, EventKind, Kev, Range
from lading.model.coordinate import Coordinate, Sought
from lading.versions.packed import pack

THING = Coordinate("PyPI", "thing")


def written(path: Path, feeds: dict[str, list[Advisory]]) -> Path:
    with Writer(path) as writer, writer.transaction():
        for feed, advisories in feeds.items():
            writer.put(feed, advisories)
    return path


FEEDS = {
    "osv/PyPI": [
        an_advisory("PYSEC-1", aliases=("CVE-2026-1", "GHSA-a")),
        an_advisory("PYSEC-2", an_affected("other"), an_affected("thing", fixed=None)),
    ],
    "osv/Debian": [
        an_advisory(
            "DSA-1", an_affected("libthing", ecosystem="Debian:12"), upstream=("CVE-2026-1",)
        )
    ],
    "second": [an_advisory("PYSEC-1", modified="2026-02-01T00:00:00Z", title="newer")],
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(written(tmp_path / "a.db", FEEDS)) as opened:
        yield opened


def test_candidates_are_all_that_feeds_say_of_a_package(database: Database) -> None:
    found = database.candidates([THING, Coordinate("Debian:12", "libthing")])

    assert [(one.advisory, one.feed) for one in found[THING]] == [
        ("PYSEC-1", "osv/PyPI"),
        ("PYSEC-1", "second"),
        ("PYSEC-2", "osv/PyPI"),
    ]
    assert found[THING][0].affected == an_affected()
    assert [one.advisory for one in found[Coordinate("Debian:12", "libthing")]] == ["DSA-1"]


@pytest.mark.parametrize(
    "place",
    [
        Coordinate("PyPI", "thin"),
        Coordinate("PyPI", "THING"),
        Coordinate("PyPI", "th_ng"),
        Coordinate("PyPI", "%"),
        Coordinate("npm", "thing"),
        Coordinate("Debian:13", "libthing"),
        Coordinate("Debian", "libthing"),
        Coordinate("", ""),
        Coordinate("PyPI", "' OR 1=1 --"),
        Coordinate("PyPI", "\udcff"),
    ],
)
def test_a_package_that_no_record_names_is_left_out(place: Coordinate, database: Database) -> None:
    assert database.candidates([place]) == {}


def test_many_packages_are_asked_for_at_once(tmp_path: Path) -> None:
    names = [f"thing-{number}" for number in range(1500)]
    path = written(
        tmp_path / "many.db",
        {"osv/PyPI": [an_advisory(f"X-{name}", an_affected(name)) for name in names]},
    )

    with Database.open(path) as database:
        found = database.candidates(Coordinate("PyPI", name) for name in [*names, *names])

    assert len(found) == 1500
    assert all(len(one) == 1 for one in found.values())


@pytest.mark.parametrize(
    ("version", "ids"),
    [
        pytest.param("0.9", [], id="before the beginning"),
        pytest.param("1.0", ["X-1"], id="inside"),
        pytest.param("2.0", [], id="the fix"),
    ],
)
def test_records_that_are_not_about_the_version_stay_where_they_are(
    version: str, ids: list[str], tmp_path: Path
) -> None:
    events = (
        Event(kind=EventKind.INTRODUCED, version="1.0"),
        Event(kind=EventKind.FIXED, version="2.0"),
    )
    one = replace(an_affected(), versions=(), ranges=(Range(type="ECOSYSTEM", events=events),))
    path = written(tmp_path / "a.db", {"osv/PyPI": [an_advisory("X-1", one)]})

    with Database.open(path) as database:
        found = database.candidates_for([Sought(THING, pack("pep440", version))])

        assert [each.advisory for each in found.get(THING, ())] == ids
        assert len(database.candidates_for([Sought(THING)])[THING]) == 1


def test_two_versions_of_one_package_are_answered_with_the_records_of_both(
    tmp_path: Path,
) -> None:
    def one(version: str) -> Affected:
        return replace(an_affected(), versions=(version,), ranges=())

    path = written(
        tmp_path / "a.db",
        {"osv/PyPI": [an_advisory(f"X-{n}", one(f"{n}.0")) for n in range(1, 4)]},
    )

    with Database.open(path) as database:
        sought = [Sought(THING, pack("pep440", version)) for version in ("1", "3", "3.0.0")]

        assert [each.advisory for each in database.candidates_for(sought)[THING]] == ["X-1", "X-3"]


def test_of_two_feeds_the_newer_record_is_given(database: Database) -> None:
    found = database.advisories(["PYSEC-1", "PYSEC-2", "none"])

    assert found.keys() == {"PYSEC-1", "PYSEC-2"}
    assert (found["PYSEC-1"].title, found["PYSEC-1"].feed) == ("newer", "second")
    assert found["PYSEC-2"].affected == ()


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        pytest.param("PYSEC-2", ["PYSEC-2"], id="by its id"),
        pytest.param("GHSA-a", ["PYSEC-1"], id="by an alias"),
        pytest.param("CVE-2026-1", ["DSA-1", "PYSEC-1"], id="by an alias and as upstream"),
        pytest.param("CVE-2026-", [], id="by a part of its name"),
    ],
)
def test_records_are_found_by_any_name(name: str, ids: list[str], database: Database) -> None:
    assert sorted(one.id for one in database.naming([name])) == ids


def test_a_record_that_has_two_of_the_names_is_given_once(database: Database) -> None:
    assert [one.id for one in database.naming(["CVE-2026-1", "GHSA-a", "PYSEC-1"])].count(
        "PYSEC-1"
    ) == 2  # one of each feed


def test_packages_of_a_record_come_in_its_order(database: Database) -> None:
    (record,) = database.naming(["PYSEC-2"])

    assert database.affected(record) == (an_affected("other"), an_affected("thing", fixed=None))
    assert database.affected(replace(record, id="none")) == ()


def test_ecosystems_are_those_of_records(database: Database) -> None:
    assert database.ecosystems() == {"PyPI", "Debian:12"}


def test_feeds_have_their_counts_and_newest_change(database: Database) -> None:
    assert [(one.name, one.records, one.as_of) for one in database.feeds()] == [
        ("osv/Debian", 1, "2026-01-01T00:00:00Z"),
        ("osv/PyPI", 2, "2026-01-01T00:00:00Z"),
        ("second", 1, "2026-02-01T00:00:00Z"),
    ]


def test_exploitation_is_looked_up_by_cve(tmp_path: Path) -> None:
    path = tmp_path / "kev.db"
    kev = Kev(added="2026-01-01", due=None, ransomware=True)
    with Writer(path) as writer, writer.transaction():
        writer.put_kev("kev", "2026-01-02T00:00:00Z", [("CVE-2026-1", kev)])
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO epss VALUES ('CVE-2026-1', 0.5, 0.99, '2026-01-01')")
    connection.close()

    with Database.open(path) as database:
        assert database.kev(["CVE-2026-1", "CVE-2026-2"]) == {"CVE-2026-1": kev}
        assert database.epss(["CVE-2026-1", "CVE-2026-2"]) == {
            "CVE-2026-1": Epss(score=0.5, percentile=0.99, as_of="2026-01-01")
        }


def test_a_database_in_memory_answers_as_the_file_does(tmp_path: Path) -> None:
    path = written(tmp_path / "a.db", FEEDS)

    with Database.open(path) as one, Database.from_bytes(path.read_bytes(), "memory") as other:
        assert one.candidates([THING]) == other.candidates([THING])
        assert one.feeds() == other.feeds()


# ------------------------------------------------------------------ what is no database


def nowhere(path: Path) -> None:
    """Leave the path without a file."""


def another_form(path: Path) -> None:
    Writer(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORM + 1}")
    connection.close()


def other_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")
        connection.execute(f"PRAGMA user_version = {FORM}")
    connection.close()


def with_a_view(path: Path) -> None:
    Writer(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE VIEW odd AS SELECT 1")
    connection.close()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(nowhere, id="no file"),
        pytest.param(Path.mkdir, id="a folder"),
        pytest.param(lambda path: path.write_bytes(b""), id="an empty file"),
        pytest.param(lambda path: path.write_bytes(b"hello\n" * 999), id="a text"),
        pytest.param(
            lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 84), id="a head alone"
        ),
        pytest.param(another_form, id="another form"),
        pytest.param(other_tables, id="other tables"),
        pytest.param(with_a_view, id="a view, which runs what another wrote"),
    ],
)
def test_what_is_no_advisory_database_is_refused(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "advisories.db"
    make(path)

    with pytest.raises(AdvisoryError, match=r"advisories\.db"):
        Database.open(path)


def every_answer(database: Database) -> None:
    database.candidates([THING])
    ids = [one.id for one in database.naming(["CVE-2026-1"])]
    database.advisories(ids)
    database.kev(ids)
    database.epss(ids)
    database.ecosystems()
    database.feeds()
    assert database.built is None or isinstance(database.built, str)
    assert database.partial in (True, False)


def big(path: Path) -> bytes:
    records = [
        an_advisory(f"PYSEC-{number}", aliases=("CVE-2026-1",), title="x" * 100)
        for number in range(300)
    ]
    return written(path, {"osv/PyPI": records}).read_bytes()


def test_a_truncated_file_is_an_error_and_no_silence(tmp_path: Path) -> None:
    data = big(tmp_path / "whole.db")
    path = tmp_path / "cut.db"
    path.write_bytes(data[: len(data) // 2])

    with pytest.raises(AdvisoryError, match=r"cut\.db"), Database.open(path) as database:
        every_answer(database)


def test_damaged_pages_are_errors_of_the_database(tmp_path: Path) -> None:
    data = big(tmp_path / "whole.db")
    path = tmp_path / "damaged.db"
    refused = 0

    for page in range(1, len(data) // 4096):
        path.write_bytes(data[: page * 4096] + b"\xa5" * 4096 + data[(page + 1) * 4096 :])
        try:
            with Database.open(path) as database:
                every_answer(database)
        except AdvisoryError as error:
            refused += str(path) in str(error)

    assert refused > len(data) // 4096 / 2


@pytest.mark.parametrize("opened", [Database.open, Writer])
def test_a_name_in_the_schema_that_is_no_text_is_an_error(
    opened: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "damaged.db"
    data = big(tmp_path / "whole.db").replace(b"tablefeedfeed", b"tablefee\xf0feed")
    path.write_bytes(data.replace(b"TABLE feed (", b"TABBE feed ("))  # SQLite tells of it by name

    with pytest.raises(AdvisoryError, match=r"damaged\.db"):
        opened(path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET body = 'text'",
        "UPDATE record SET body = 17",
        "UPDATE record SET body = x'91c1'",
        "UPDATE affected SET body = x''",
        "UPDATE affected SET body = 'text'",
    ],
)
def test_rows_of_another_program_are_errors_of_the_database(change: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.db", FEEDS)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()

    with Database.open(path) as database, pytest.raises(AdvisoryError, match="damaged"):
        every_answer(database)


def test_bytes_that_are_no_database_are_refused() -> None:
    for data in (b"", b"x", b"hello" * 1000):
        with pytest.raises(AdvisoryError, match="the place"):
            Database.from_bytes(data, "the place")
