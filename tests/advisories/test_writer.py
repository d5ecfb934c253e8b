"""Writing to the database: the newer record stays, and a feed is written whole or not at all."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisories.samples import an_advisory, an_affected
from lading.advisories.database import FORM, Database
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Epss, Kev, Support
from lading.model.coordinate import Coordinate

OLD, NEW = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
THING = Coordinate("PyPI", "thing")
KEV = Kev(added="2026-01-01", due=None, ransomware=None)
EPSS = Epss(score=0.5, percentile=0.9, as_of=OLD)
SUPPORT = Support(system="debian", release="12", ends="2028-06-30")


def put(path: Path, *advisories: Advisory, feed: str = "osv/PyPI") -> int:
    with Writer(path) as writer, writer.transaction():
        return writer.put(feed, advisories)


def titles(path: Path) -> dict[str, str | None]:
    with Database.open(path) as database:
        ids = [one.advisory for one in database.candidates([THING]).get(THING, ())]
        return {id: record.title for id, record in database.advisories(ids).items()}


@pytest.mark.parametrize(
    ("first", "second", "title", "kept"),
    [
        pytest.param(OLD, NEW, "second", 1, id="newer replaces older"),
        pytest.param(NEW, OLD, "first", 0, id="older never replaces newer"),
        pytest.param(NEW, NEW, "second", 1, id="as new replaces"),
        pytest.param(None, OLD, "second", 1, id="dated replaces undated"),
        pytest.param(OLD, None, "first", 0, id="undated never replaces dated"),
        pytest.param(None, None, "second", 1, id="undated replaces undated"),
        pytest.param(
            "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z", "first", 0, id="a fraction is newer"
        ),
        pytest.param(
            "2026-01-01T00:00:00.25Z", "2026-01-01T00:00:00.3Z", "second", 1, id="two fractions"
        ),
    ],
)
def test_the_newer_record_stays(
    first: str | None, second: str | None, title: str, kept: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory(modified=first, title="first"))

    assert put(path, an_advisory(modified=second, title="second")) == kept
    assert titles(path) == {"PYSEC-2026-1": title}


def test_a_record_twice_in_one_feed_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    put(path, an_advisory(modified=NEW, title="new"), an_advisory(modified=OLD, title="old"))

    assert titles(path) == {"PYSEC-2026-1": "new"}
    with Database.open(path) as database:
        assert [feed.records for feed in database.feeds()] == [1]


def test_a_replaced_record_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("X", an_affected("gone"), aliases=("CVE-2026-1",), modified=OLD))

    put(path, an_advisory("X", an_affected("thing"), aliases=("CVE-2026-2",), modified=NEW))

    with Database.open(path) as database:
        assert database.candidates([Coordinate("PyPI", "gone")]) == {}
        assert database.naming(["CVE-2026-1"]) == ()
        assert [one.id for one in database.naming(["CVE-2026-2"])] == ["X"]


def test_a_whole_feed_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A", an_affected("gone", ecosystem="Gone")), an_advisory("B"))
    put(path, an_advisory("C"), feed="another")

    with Writer(path) as writer, writer.transaction():
        writer.put_all("osv/PyPI", [an_advisory("B"), an_advisory("D")])

    assert titles(path).keys() == {"B", "C", "D"}
    with Database.open(path) as database:
        assert database.ecosystems() == {"PyPI"}


def test_an_older_catalogue_never_replaces_a_newer(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Writer(path) as writer, writer.transaction():
        assert writer.put_kev("kev", NEW, [("CVE-2026-1", KEV)]) == 1
        assert writer.put_kev("kev", OLD, [("CVE-2026-2", KEV)]) == 0
        assert writer.put_kev("kev", NEW, [("CVE-2026-3", KEV)]) == 1

    with Database.open(path) as database:
        assert database.kev(["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"]).keys() == {"CVE-2026-3"}
        assert [(one.name, one.records, one.as_of) for one in database.feeds()] == [("kev", 1, NEW)]


def test_an_error_takes_back_all_of_the_transaction(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A"))

    def broken() -> Iterator[Advisory]:
        yield an_advisory("B", an_affected("thing", ecosystem="New"))
        raise ValueError("the feed ends here")

    with Writer(path) as writer:
        with pytest.raises(ValueError, match="ends here"), writer.transaction():
            writer.put("osv/PyPI", broken())
        with writer.transaction():
            writer.put("osv/New", [an_advisory("C", an_affected("thing", ecosystem="New"))])

    with Database.open(path) as database:
        assert titles(path).keys() == {"A"}
        assert {feed.name: feed.records for feed in database.feeds()} == {
            "osv/New": 1,
            "osv/PyPI": 1,
        }
        assert len(database.candidates([Coordinate("New", "thing")])) == 1


def test_an_error_in_a_part_takes_back_the_part(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    with Writer(path) as writer, writer.transaction():
        writer.put("one", [an_advisory("A")])
        with contextlib.suppress(ValueError), writer.transaction():
            writer.put("two", [an_advisory("B")])
            raise ValueError
        writer.put("three", [an_advisory("C")])

    assert titles(path).keys() == {"A", "C"}
    with Database.open(path) as database:
        assert [feed.name for feed in database.feeds()] == ["one", "three"]


def test_readers_see_the_state_before_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A"))

    with Writer(path) as writer:
        with writer.transaction():
            writer.put("osv/PyPI", [an_advisory("B")])
            assert titles(path).keys() == {"A"}
        assert titles(path).keys() == {"A", "B"}


def test_a_reader_keeps_reading_while_feeds_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A"))
    done = threading.Event()
    seen: set[int] = set()

    def read() -> None:
        while not done.is_set():
            seen.add(len(titles(path)))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for number in range(5):
            put(path, *(an_advisory(f"X-{number}-{one}") for one in range(100)))
    finally:
        done.set()
        thread.join()

    assert seen <= {1, 101, 201, 301, 401, 501}
    assert len(titles(path)) == 501


def test_two_writers_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A"))

    def write(name: str) -> None:
        for number in range(5):
            put(path, an_advisory(f"{name}-{number}"), feed=name)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(titles(path)) == 11


def test_feeds_of_single_releases_go_where_one_holds_them_all(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Writer(path) as writer, writer.transaction():
        writer.put("osv/Alma:8", [an_advisory("A", an_affected(ecosystem="Alma:8"))])
        writer.put("osv/Almanac", [an_advisory("B")])
        writer.put("osv/Alma", [an_advisory("C")])
        writer.drop_parts("osv/Alma")

    with Database.open(path) as database:
        assert [feed.name for feed in database.feeds()] == ["osv/Alma", "osv/Almanac"]
        assert database.ecosystems() == {"PyPI"}


def test_a_feed_is_partial_until_it_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Writer(path) as writer, writer.transaction():
        writer.put("one", [an_advisory("A", modified=OLD)])
        writer.put("two", [an_advisory("B", modified=OLD)])
        writer.confirm("one", checked=NEW, validator='"v1"')

        assert writer.validator("one") == '"v1"'
        assert writer.validator("two") is None
        assert writer.validator("three") is None

    with Database.open(path) as database:
        assert database.partial_feeds() == {"two"}
        assert database.partial
        assert {feed.name: feed.as_of for feed in database.feeds()} == {"one": NEW, "two": OLD}


def test_compacting_keeps_everything_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, *(an_advisory(f"X-{number}") for number in range(500)))
    with Writer(path) as writer:
        with writer.transaction():
            writer.put_all("osv/PyPI", [an_advisory("A")])
        before = path.stat().st_size
        writer.compact()

    assert path.stat().st_size < before
    assert titles(path).keys() == {"A"}
    assert [one.name for one in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize("name", ["a folder", "a text", "another form", "below a file/a.db"])
def test_what_cannot_be_written_is_an_error_and_stays_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a text").write_text("hello\n" * 999)
    (tmp_path / "below a file").write_text("")
    Writer(tmp_path / "another form").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "another form")) as connection:
        connection.execute(f"PRAGMA user_version = {FORM + 1}")

    with pytest.raises(AdvisoryError, match=name):
        Writer(tmp_path / name)

    assert (tmp_path / "a text").read_text() == "hello\n" * 999


def test_a_full_disk_is_an_error_and_keeps_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    put(path, an_advisory("A"))

    with Writer(path) as writer:
        writer._connection.execute("PRAGMA max_page_count = 20")  # as a disk of 80 kB has
        with pytest.raises(AdvisoryError, match="cannot be written"), writer.transaction():
            writer.put("osv/PyPI", [an_advisory(f"X-{n}", title="x" * 500) for n in range(999)])

    assert titles(path).keys() == {"A"}


@pytest.mark.parametrize("name", ["kev", "epss", "support"])
def test_older_facts_change_nothing_even_when_they_come_twice(tmp_path: Path, name: str) -> None:
    def put_facts(as_of: str, cve: str) -> int:
        with Writer(tmp_path / "db") as writer, writer.transaction():
            if name == "kev":
                return writer.put_kev(name, as_of, [(cve, KEV)])
            if name == "epss":
                return writer.put_epss(name, as_of, [(cve, EPSS)])
            return writer.put_support(name, as_of, [SUPPORT])

    assert put_facts(NEW, "CVE-2026-1") == 1
    assert [put_facts(OLD, "CVE-2026-2") for _ in range(2)] == [0, 0]

    with Database.open(tmp_path / "db") as database:
        assert [(one.records, one.as_of) for one in database.feeds()] == [(1, NEW)]
