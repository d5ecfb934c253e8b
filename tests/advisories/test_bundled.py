"""The snapshot that comes with Lading: unpacked once, whole, or not needed on disk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lading.advisories import FILE, open_database
from lading.advisories.bundled import copy_bundled, open_bundled
from lading.advisories.database import Database
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError
from lading.model.coordinate import Coordinate

LOG4J = Coordinate("Maven", "org.apache.logging.log4j:log4j-core")


def knows_log4shell(database: Database) -> bool:
    found = database.candidates([LOG4J]).get(LOG4J, ())
    return any("GHSA-jfh8-c2jp-5v3q" in one.advisory for one in found)


def unpacked(cache: Path) -> list[Path]:
    return sorted((cache / "advisories").iterdir())


def test_it_is_unpacked_once(tmp_path: Path) -> None:
    with open_bundled(tmp_path) as database:
        assert knows_log4shell(database)
    (file,) = unpacked(tmp_path)
    first = file.stat()

    with open_bundled(tmp_path) as database:
        assert knows_log4shell(database)

    assert unpacked(tmp_path) == [file]
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="half"),
        pytest.param(lambda data: data[:-1], id="one byte short"),
        pytest.param(lambda data: data + b"\0", id="one byte more"),
        pytest.param(lambda data: b"x" * 100 + data[100:], id="another head"),
        pytest.param(lambda data: data[:5_000_000] + b"\xff" * 9 + data[5_000_009:], id="inside"),
    ],
)
def test_a_damaged_file_is_unpacked_again(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]  # a lambda of the table
    open_bundled(tmp_path).close()
    (file,) = unpacked(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    with open_bundled(tmp_path) as database:
        assert knows_log4shell(database)

    assert file.read_bytes() == whole


def test_without_a_writable_cache_it_is_held_in_memory(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")

    for cache in (None, tmp_path / "in the way", tmp_path / "in the way" / "below"):
        with open_bundled(cache) as database:
            assert knows_log4shell(database)

    assert [path.name for path in tmp_path.iterdir()] == ["in the way"]


def test_a_folder_in_the_place_of_the_file_is_no_obstacle(tmp_path: Path) -> None:
    open_bundled(tmp_path).close()
    (file,) = unpacked(tmp_path)
    file.unlink()
    file.mkdir()

    with open_bundled(tmp_path) as database:
        assert knows_log4shell(database)


def test_snapshots_of_other_versions_are_deleted(tmp_path: Path) -> None:
    old = tmp_path / "advisories" / f"{'0' * 64}.db"
    old.parent.mkdir()
    old.write_bytes(b"of an earlier version")

    open_bundled(tmp_path).close()

    assert not old.exists()
    assert len(unpacked(tmp_path)) == 1


def test_two_first_uses_at_once_do_not_hurt_each_other(tmp_path: Path) -> None:
    def use(_: int) -> bool:
        with open_bundled(tmp_path) as database:
            return knows_log4shell(database)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, range(4)))

    assert len(unpacked(tmp_path)) == 1


def test_it_says_that_it_is_a_part_and_holds_no_words(tmp_path: Path) -> None:
    with open_bundled(tmp_path) as database:
        feeds = database.feeds()
        ids = [one.advisory for one in database.candidates([LOG4J])[LOG4J]]
        records = database.advisories(ids)

        assert database.partial
        assert database.built is not None
    assert sum(feed.records for feed in feeds) > 30_000
    assert all(record.title is None and record.references == () for record in records.values())


def test_a_copy_can_be_added_to(tmp_path: Path) -> None:
    copy = tmp_path / "own" / "advisories.db"

    copy_bundled(copy)
    Writer(copy).close()

    with Database.open(copy) as database:
        assert knows_log4shell(database)
        assert database.partial


def test_a_copy_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")

    with pytest.raises(AdvisoryError, match="in the way"):
        copy_bundled(tmp_path / "in the way" / "advisories.db")


def test_the_file_asked_for_comes_first_then_ones_own_then_the_snapshot(tmp_path: Path) -> None:
    def feeds(explicit: Path | None) -> list[str]:
        places = {"data_dir": tmp_path / "data", "cache_dir": tmp_path / "cache"}
        with open_database(explicit, **places) as database:
            return [feed.name for feed in database.feeds()]

    snapshot = feeds(None)
    Writer(tmp_path / "data" / FILE).close()
    Writer(tmp_path / "other.db").close()

    assert "osv/PyPI" in snapshot
    assert feeds(None) == []
    (tmp_path / "data" / FILE).unlink()
    assert feeds(tmp_path / "other.db") == []
    assert feeds(None) == snapshot
    with pytest.raises(AdvisoryError, match="no such advisory database"):
        feeds(tmp_path / "none.db")
