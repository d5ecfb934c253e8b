"""A user's own advisories in the database: beside the feeds, and out of their reach."""

import json
from pathlib import Path

import pytest

from lading.advisories.database import Database
from lading.advisories.own import add_own
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError

NOW = "2026-03-01T00:00:00Z"

TOML = """\
[advisory]
id = "ACME-2026-1"
[[affected]]
type = "pypi"
name = "acme-auth"
"""


def a_file(folder: Path, text: str = TOML, name: str = "one.toml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def an_osv(folder: Path, **members: object) -> Path:
    package = {"ecosystem": "PyPI", "name": "acme-auth"}
    record = {"id": "ACME-2026-2", "modified": NOW, "affected": [{"package": package}]}
    return a_file(folder, json.dumps(record | members), "two.json")


def records(database: Path) -> list[tuple[str, str, str | None]]:
    with Database.open(database) as opened:
        found = opened.advisories(["ACME-2026-1", "ACME-2026-2"])
        return [(one.id, one.feed, one.modified) for one in found.values()]


def test_toml_and_osv_are_one_feed_that_is_whole(tmp_path: Path) -> None:
    with Writer(tmp_path / "x.db") as writer:
        added = add_own([a_file(tmp_path), an_osv(tmp_path)], writer, NOW)

    assert [one.id for one in added] == ["ACME-2026-1", "ACME-2026-2"]
    assert records(tmp_path / "x.db") == [("ACME-2026-1", "own", NOW), ("ACME-2026-2", "own", NOW)]
    with Database.open(tmp_path / "x.db") as database:
        assert [feed.is_own for feed in database.feeds()] == [True]
        assert database.partial_feeds() == frozenset()


def test_an_update_of_a_feed_takes_no_record_of_ones_own_away(tmp_path: Path) -> None:
    with Writer(tmp_path / "x.db") as writer:
        add_own([an_osv(tmp_path)], writer, NOW)
        with writer.transaction():
            writer.put_all("osv/PyPI", ())

    assert [id for id, _, _ in records(tmp_path / "x.db")] == ["ACME-2026-2"]


def test_adding_again_replaces(tmp_path: Path) -> None:
    later = "2026-04-01T00:00:00Z"
    changed = TOML + 'fixed = "2.0"\n'

    with Writer(tmp_path / "x.db") as writer:
        add_own([a_file(tmp_path)], writer, NOW)
        add_own([a_file(tmp_path, changed)], writer, later)

    assert records(tmp_path / "x.db") == [("ACME-2026-1", "own", later)]


def test_what_is_older_than_what_is_there_is_an_error(tmp_path: Path) -> None:
    older = an_osv(tmp_path, modified="2025-01-01T00:00:00Z", summary="as it was")

    with Writer(tmp_path / "x.db") as writer:
        add_own([a_file(tmp_path, an_osv(tmp_path).read_text(), "new.json")], writer, NOW)
        older = an_osv(tmp_path, modified="2025-01-01T00:00:00Z", summary="as it was")
        with pytest.raises(AdvisoryError, match="date it anew"):
            add_own([older], writer, NOW)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.toml", TOML.replace("name", "nmae"), "has no 'nmae'"),
        ("x.toml", "[other]\n", "no advisory"),
        ("x.json", "{}", "no advisory"),
        ("x.json", "{", "no JSON object"),
        ("x.json", '{"catalogVersion": "1", "vulnerabilities": []}', "no advisory"),
        ("x.csv", "cve,epss\n", "no advisory"),
    ],
)
def test_a_mistake_in_one_file_changes_nothing(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with Writer(tmp_path / "x.db") as writer, pytest.raises(AdvisoryError, match=said):
        add_own([a_file(tmp_path), a_file(tmp_path, text, name)], writer, NOW)

    assert records(tmp_path / "x.db") == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Writer(tmp_path / "x.db") as writer, pytest.raises(AdvisoryError, match=r"no\.toml"):
        add_own([tmp_path / "no.toml"], writer, NOW)
