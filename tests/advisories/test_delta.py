"""Only what a feed's list says has changed is fetched, and what cannot be a delta is a whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from builders import a_zip
from feed_server import Answer, Served, serving
from lading.advisories.database import Database
from lading.advisories.delta import MOST
from lading.advisories.listing import ChangeList
from lading.advisories.sources import Source
from lading.advisories.sources.osv import OSV
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.model.coordinate import Coordinate
from lading.net import http_fetch

NOW, LATER = "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"
OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
WHOLE, LIST = "/PyPI/all.zip", "/PyPI/modified_id.csv"
Answers = dict[str, Answer | list[Answer]]


def a_record(id: str, *, name: str = "thing", modified: str = OLD) -> bytes:
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
    }
    return json.dumps({"id": id, "modified": modified, "affected": [affected]}).encode()


def an_archive(*records: bytes, tag: str = '"whole"') -> Answer:
    members = {f"{json.loads(one)['id']}.json": one for one in records}
    return Answer(body=a_zip(members), headers={"ETag": tag})


def a_list(*, tag: str = '"list"', **modified: str) -> Answer:
    rows = "".join(f"{time},{id.replace('_', '-')}\n" for id, time in modified.items())
    return Answer(body=rows.encode(), headers={"ETag": tag})


def bucket(**answers: Answer) -> Answers:
    """A bucket that had two records when it was first asked, and now has what is given."""
    first = an_archive(a_record("PYSEC-1"), a_record("PYSEC-2", name="other"))
    return {WHOLE: [first, Answer(500)]} | {
        f"/PyPI/{name.replace('_', '-')}": one for name, one in answers.items()
    }


def refreshed(served: Served, path: Path, now: str = NOW) -> Outcome:
    source = Source(
        name="osv/PyPI",
        url=served.url + WHOLE,
        format=OSV,
        changes=ChangeList(url=served.url + LIST),
    )
    fetch = http_fetch(largest=1 << 20, tries=1, timeout=10)
    with Writer(path) as writer:
        (outcome,) = refresh([source], writer, fetch, now)
    return outcome


def kept(path: Path) -> dict[str, str | None]:
    with Writer(path) as writer:
        return writer.times("osv/PyPI")


def asked(served: Served) -> list[str]:
    return [path for path, _ in served.asked]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "advisories.db"


def test_only_changed_records_are_fetched(path: Path) -> None:
    answers = bucket() | {
        LIST: a_list(PYSEC_3=NEW, PYSEC_2=NEW, PYSEC_1=OLD),
        "/PyPI/PYSEC-2.json": Answer(body=a_record("PYSEC-2", name="renamed", modified=NEW)),
        "/PyPI/PYSEC-3.json": Answer(body=a_record("PYSEC-3", name="new", modified=NEW)),
    }

    with serving(answers) as served:
        refreshed(served, path)
        served.asked.clear()
        outcome = refreshed(served, path, LATER)

    assert sorted(asked(served)) == ["/PyPI/PYSEC-2.json", "/PyPI/PYSEC-3.json", LIST]
    assert (outcome.records, outcome.is_delta, outcome.error) == (2, True, None)
    assert kept(path) == {"PYSEC-1": OLD, "PYSEC-2": NEW, "PYSEC-3": NEW}
    names = ("other", "renamed", "new")
    assert outcome.changes.coordinates == {Coordinate("PyPI", name) for name in names}


def test_what_is_no_longer_listed_is_deleted(path: Path) -> None:
    with serving(bucket() | {LIST: a_list(PYSEC_1=OLD)}) as served:
        refreshed(served, path)
        outcome = refreshed(served, path, LATER)

    assert kept(path) == {"PYSEC-1": OLD}
    assert outcome.changes.coordinates == {Coordinate("PyPI", "other")}


def test_a_list_that_did_not_change_is_all_that_is_asked_for(path: Path) -> None:
    with serving(bucket() | {LIST: a_list(PYSEC_1=OLD, PYSEC_2=OLD)}) as served:
        for _ in range(2):
            refreshed(served, path)
        served.asked.clear()
        outcome = refreshed(served, path, LATER)

    assert [(path, headers["If-None-Match"]) for path, headers in served.asked] == [
        (LIST, '"list"')
    ]
    assert outcome == Outcome(feed="osv/PyPI", records=None, is_delta=True)
    with Database.open(path) as database:
        assert [feed.as_of for feed in database.feeds()] == [LATER]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({LIST: Answer(404)}, id="no list"),
        pytest.param({LIST: Answer(body=b"<html>sorry</html>")}, id="a page of HTML"),
        pytest.param({LIST: Answer(body=b"\xff\xfe,1\n")}, id="bytes that are no text"),
        pytest.param({LIST: Answer(body=b'"')}, id="a list that is cut"),
        pytest.param({LIST: Answer(body=f"{NEW},../../x\n".encode())}, id="a way out"),
        pytest.param({LIST: a_list(PYSEC_1=NEW, PYSEC_2=OLD)}, id="a record that is not there"),
        pytest.param({LIST: a_list(**{f"PYSEC_{n}": NEW for n in range(MOST + 1)})}, id="too many"),
    ],
)
def test_what_cannot_be_a_delta_is_a_whole(path: Path, answers: Answers) -> None:
    wholes = [
        an_archive(a_record("PYSEC-1"), a_record("PYSEC-2")),
        an_archive(a_record("PYSEC-1", modified=NEW), a_record("PYSEC-3"), tag='"2"'),
    ]
    served_wholes: Answers = {WHOLE: [*wholes]}

    with serving(served_wholes | answers) as served:
        refreshed(served, path)
        outcome = refreshed(served, path)

    assert (outcome.error, outcome.is_delta) == (None, False)
    assert kept(path) == {"PYSEC-1": NEW, "PYSEC-3": OLD}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"id": 1}', b"\xff", b"[" * 100_000, a_record("PYSEC-7", modified=NEW)],
)
def test_a_record_that_cannot_be_read_is_rejected_and_stays_as_it_was(
    path: Path, body: bytes
) -> None:
    answers = bucket() | {
        LIST: a_list(PYSEC_3=NEW, PYSEC_2=NEW, PYSEC_1=OLD),
        "/PyPI/PYSEC-2.json": Answer(body=body),
        "/PyPI/PYSEC-3.json": Answer(body=a_record("PYSEC-3", modified=NEW)),
    }

    with serving(answers) as served:
        refreshed(served, path)
        outcome = refreshed(served, path)

    assert [where for where, _ in outcome.rejected] == ["PYSEC-2.json"]
    assert kept(path) == {"PYSEC-1": OLD, "PYSEC-2": OLD, "PYSEC-3": NEW}


def test_a_list_that_lost_most_of_its_rows_is_not_believed(path: Path) -> None:
    many = an_archive(*(a_record(f"PYSEC-{number}") for number in range(200)))

    with serving({WHOLE: many, LIST: a_list(PYSEC_1=OLD)}) as served:
        refreshed(served, path)
        outcome = refreshed(served, path)

    assert "it has 1 records now and had 200" in str(outcome.error)
    assert len(kept(path)) == 200


def test_a_partial_feed_is_fetched_whole(path: Path) -> None:
    with Writer(path) as writer, writer.transaction():
        writer.put("osv/PyPI", OSV.parse(a_record("PYSEC-1"), None, None).advisories)

    with serving(bucket() | {LIST: a_list(PYSEC_1=OLD)}) as served:
        refreshed(served, path)

    assert asked(served) == [WHOLE]
    assert set(kept(path)) == {"PYSEC-1", "PYSEC-2"}


def test_a_delta_is_the_same_as_a_fresh_import(tmp_path: Path) -> None:
    newer: list[Any] = [a_record("PYSEC-1", modified=NEW), a_record("PYSEC-9", name="nine")]
    answers = bucket() | {
        LIST: a_list(PYSEC_1=NEW, PYSEC_9=OLD),
        "/PyPI/PYSEC-1.json": Answer(body=newer[0]),
        "/PyPI/PYSEC-9.json": Answer(body=newer[1]),
    }

    with serving(answers) as served:
        for _ in range(2):
            refreshed(served, tmp_path / "delta.db")
    with serving({WHOLE: an_archive(*newer)}) as served:
        refreshed(served, tmp_path / "fresh.db")

    assert kept(tmp_path / "delta.db") == kept(tmp_path / "fresh.db")
    names = [Coordinate("PyPI", name) for name in ("thing", "other", "nine")]
    with (
        Database.open(tmp_path / "delta.db") as one,
        Database.open(tmp_path / "fresh.db") as other,
    ):
        assert one.candidates(names) == other.candidates(names)
