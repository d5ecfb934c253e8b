"""The user's database, made from the snapshot and kept only when something came into it."""

from pathlib import Path

import pytest

from advisories.samples import an_advisory
from lading.advisories.database import Database
from lading.advisories.opening import writing
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError

NOW = "2026-11-24T00:00:00Z"


def put(writer: Writer) -> None:
    with writer.transaction():
        writer.put("osv/PyPI", [an_advisory()])
        writer.describe(built=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "advisories.db"


def test_a_new_one_holds_what_the_snapshot_knows(path: Path) -> None:
    with writing(path) as writer:
        put(writer)

    with Database.open(path) as database:
        assert "osv/Go" in {feed.name for feed in database.feeds()}
        assert database.built == NOW


def test_one_into_which_nothing_came_is_deleted(path: Path) -> None:
    with writing(path):
        pass

    assert list(path.parent.iterdir()) == []


def test_one_that_was_there_is_never_deleted(path: Path) -> None:
    with writing(path) as writer:
        put(writer)
    with pytest.raises(KeyError), writing(path):
        raise KeyError

    assert path.is_file()


def test_what_another_writer_put_meanwhile_is_not_deleted(path: Path) -> None:
    with writing(path), writing(path) as other:  # nothing comes from the first
        put(other)

    with Database.open(path) as database:
        assert database.built == NOW


def test_a_database_that_another_writer_has_open_is_not_deleted(path: Path) -> None:
    with writing(path) as one:
        with writing(path):  # it was there
            pass
        put(one)

    with Database.open(path) as database:
        assert database.built == NOW


def test_where_nothing_can_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(AdvisoryError, match="file/x"), writing(tmp_path / "file" / "x"):
        pass
