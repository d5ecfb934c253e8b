"""Feeds from a server: what changed only, whole or not at all."""

import io
import json
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

import pytest

from builders import a_zip
from feed_server import Answer, Served, serving
from lading.advisories.database import Database
from lading.advisories.leads import first_line
from lading.advisories.listing import ChangeList
from lading.advisories.sources import SOURCES, Source
from lading.advisories.sources.csaf import CSAF
from lading.advisories.sources.kev import KEV
from lading.advisories.sources.osv import OSV
from lading.advisories.sources.secdb import SECDB
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.model.coordinate import Coordinate
from lading.net import http_fetch

NOW, LATER = "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"
PYPI, WOLFI, EXPLOITED = "/PyPI/all.zip", "/os/security.json", "/exploited.json"


def a_record(id: str, *, fixed: str = "2.0", modified: str = "2026-01-01T00:00:00Z") -> bytes:
    events = [{"introduced": "0"}, {"fixed": fixed}]
    affected = {
        "package": {"ecosystem": "PyPI", "name": "thing"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return json.dumps({"id": id, "modified": modified, "affected": [affected]}).encode()


def an_archive(*ids: str, tag: str = '"1"', **facts: Any) -> Answer:
    members = {f"{id}.json": a_record(id, **facts) for id in ids}
    return Answer(body=a_zip(members), headers={"ETag": tag})


def a_secdb(**fixes: list[str]) -> bytes:
    package = {"pkg": {"name": "thing", "secfixes": fixes}}
    return json.dumps({"apkurl": "", "packages": [package]}).encode()


def a_catalogue(*cves: str) -> bytes:
    rows = [{"cveID": cve, "dateAdded": "2026-01-01"} for cve in cves]
    value = {"catalogVersion": "1", "dateReleased": "2026-02-01T00:00:00Z", "vulnerabilities": rows}
    return json.dumps(value).encode()


def refreshed(served: Served, path: Path, now: str = NOW) -> dict[str, Outcome]:
    """Update the feeds of the server that it has answers for."""
    sources = {
        PYPI: Source(name="osv/PyPI", url=served.url + PYPI, format=OSV),
        WOLFI: Source(name="secdb/wolfi", url=served.url + WOLFI, format=SECDB),
        EXPLOITED: Source(name="kev", url=served.url + EXPLOITED, format=KEV),
    }
    fetch = http_fetch(largest=1 << 20, tries=2, sleep=lambda _: None, timeout=10)
    with Writer(path) as writer:
        chosen = [source for where, source in sources.items() if where in served.answers]
        return {one.feed: one for one in refresh(chosen, writer, fetch, now)}


def records(path: Path, ecosystem: str = "PyPI") -> list[str]:
    place = Coordinate(ecosystem, "thing")
    with Database.open(path) as database:
        return [one.advisory for one in database.candidates([place]).get(place, ())]


def content(path: Path) -> list[str]:
    """All rows of all tables, but for why the last update failed."""
    connection = sqlite3.connect(path)
    try:
        return [line for line in connection.iterdump() if "'error:" not in line]
    finally:
        connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "advisories.db"


def test_each_feed_is_put_as_its_server_has_it(path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        PYPI: an_archive("PYSEC-1", "PYSEC-2"),
        WOLFI: Answer(body=a_secdb(**{"1.2-r0": ["CVE-2026-1000"]})),
        EXPLOITED: Answer(body=a_catalogue("CVE-2026-1000")),
    }

    with serving(answers) as served:
        outcomes = refreshed(served, path)

    assert {name: (one.records, one.error) for name, one in outcomes.items()} == {
        "osv/PyPI": (2, None),
        "secdb/wolfi": (1, None),
        "kev": (1, None),
    }
    assert records(path) == ["PYSEC-1", "PYSEC-2"]
    assert records(path, "Wolfi") == ["WOLFI-CVE-2026-1000"]
    with Database.open(path) as database:
        assert set(database.kev(["CVE-2026-1000"])) == {"CVE-2026-1000"}
        assert not database.partial


def test_an_unchanged_feed_is_not_read_again_but_is_as_of_now(path: Path) -> None:
    with serving({PYPI: an_archive("PYSEC-1")}) as served:
        refreshed(served, path)
        outcomes = refreshed(served, path, LATER)

    assert outcomes["osv/PyPI"] == Outcome(feed="osv/PyPI", records=None)
    with Database.open(path) as database:
        assert [feed.as_of for feed in database.feeds()] == [LATER]


def test_what_the_server_no_longer_has_is_deleted(path: Path) -> None:
    states = [an_archive("PYSEC-1", "PYSEC-2"), an_archive("PYSEC-2", tag='"2"')]

    with serving({PYPI: [*states]}) as served:
        refreshed(served, path)
        refreshed(served, path)

    assert records(path) == ["PYSEC-2"]


def test_a_record_that_changed_takes_the_place_of_the_old_one(path: Path) -> None:
    newer = an_archive("PYSEC-1", tag='"2"', fixed="3.0", modified="2026-02-01T00:00:00Z")

    with serving({PYPI: [an_archive("PYSEC-1"), newer]}) as served:
        refreshed(served, path)
        refreshed(served, path)

    place = Coordinate("PyPI", "thing")
    with Database.open(path) as database:
        (candidate,) = database.candidates([place])[place]
    assert candidate.affected.ranges[0].events[1].version == "3.0"


GOOD = a_zip({"PYSEC-9.json": a_record("PYSEC-9")}, method=0)
DAMAGED = GOOD.replace(b'"fixed": "2.0"', b'"fixed": "7.0"')  # the checksum tells


@pytest.mark.parametrize(
    ("accident", "reason"),
    [
        pytest.param(Answer(404), "HTTP 404", id="gone"),
        pytest.param(Answer(503), "HTTP 503", id="busy for long"),
        pytest.param(Answer(body=b"half", length=999), "ended after 4 of 999", id="cut off"),
        pytest.param(Answer(body=b"x" * (2 << 20)), "more than 1048576 bytes", id="huge"),
        pytest.param(Answer(body=b"<html>sorry</html>"), "no readable zip", id="a page of HTML"),
        pytest.param(Answer(body=GOOD[:-30]), "no readable zip", id="an archive without its end"),
        pytest.param(Answer(body=DAMAGED), "damaged", id="a damaged member"),
        pytest.param(
            Answer(body=a_zip({"a.json": b"{}"})), "no OSV record", id="records of no format"
        ),
    ],
)
def test_a_feed_that_fails_keeps_its_last_good_state(
    path: Path, accident: Answer, reason: str
) -> None:
    other = Answer(body=a_secdb(**{"1.2-r0": ["CVE-2026-1000"]}))

    with serving({PYPI: [an_archive("PYSEC-1"), accident], WOLFI: other}) as served:
        refreshed(served, path)
        outcomes = refreshed(served, path, LATER)

    assert reason in str(outcomes["osv/PyPI"].error)
    assert records(path) == ["PYSEC-1"]
    assert outcomes["secdb/wolfi"].error is None
    with Database.open(path) as database:
        as_of = {feed.name: feed.as_of for feed in database.feeds()}
    assert as_of == {"osv/PyPI": NOW, "secdb/wolfi": LATER}


@pytest.mark.parametrize(
    ("feed", "where", "good"),
    [
        ("secdb/wolfi", WOLFI, a_secdb(**{"1.2-r0": ["CVE-2026-1000"]})),
        ("kev", EXPLOITED, a_catalogue("CVE-2026-1000")),
    ],
)
@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[]", b'{"packages": 1, "vulnerabilities": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_wrong_json_changes_nothing(
    path: Path, feed: str, where: str, good: bytes, bad: bytes
) -> None:
    with serving({where: [Answer(body=good), Answer(body=bad)]}) as served:
        refreshed(served, path)
        before = content(path)
        outcomes = refreshed(served, path)

    assert outcomes[feed].error is not None
    assert content(path) == before


def test_a_record_that_cannot_be_read_does_not_stop_the_others(path: Path) -> None:
    body = a_zip({"PYSEC-1.json": a_record("PYSEC-1"), "PYSEC-2.json": b'{"id": 2}'})

    with serving({PYPI: Answer(body=body)}) as served:
        outcome = refreshed(served, path)["osv/PyPI"]

    assert records(path) == ["PYSEC-1"]
    assert [where for where, _ in outcome.rejected] == ["PYSEC-2.json"]


def test_a_feed_that_lost_most_of_its_records_is_not_believed(path: Path) -> None:
    many = an_archive(*(f"PYSEC-{number}" for number in range(200)))

    with serving({PYPI: [many, an_archive("PYSEC-1", tag='"2"')]}) as served:
        refreshed(served, path)
        outcome = refreshed(served, path)["osv/PyPI"]

    assert "1 records now and had 200" in str(outcome.error)
    assert len(records(path)) == 200


def test_why_a_feed_failed_is_known_until_it_succeeds(path: Path) -> None:
    with serving({PYPI: [an_archive("PYSEC-1"), Answer(404), an_archive("PYSEC-1")]}) as served:
        refreshed(served, path)
        refreshed(served, path, LATER)
        with Database.open(path) as database:
            failures = database.failures()
        refreshed(served, path, LATER)

    assert failures["osv/PyPI"].at == LATER
    assert "HTTP 404" in failures["osv/PyPI"].reason
    with Database.open(path) as database:
        assert database.failures() == {}


def test_an_outcome_says_exactly_which_packages_have_other_records(path: Path) -> None:
    first = an_archive("PYSEC-1", "PYSEC-2")
    second = an_archive("PYSEC-1", tag='"2"')
    again = an_archive("PYSEC-1", tag='"3"')
    thing = Coordinate("PyPI", "thing")

    with serving({PYPI: [first, second, again]}) as served:
        outcomes = [refreshed(served, path)["osv/PyPI"] for _ in range(3)]

    assert [one.changes.coordinates for one in outcomes] == [{thing}, {thing}, set()]


def test_a_catalogue_says_which_vulnerabilities_have_other_rows(path: Path) -> None:
    states = [
        Answer(body=a_catalogue("CVE-2026-1000", "CVE-2026-1001")),
        Answer(body=a_catalogue("CVE-2026-1001", "CVE-2026-1002")),
    ]

    with serving({EXPLOITED: [*states]}) as served:
        refreshed(served, path)
        outcome = refreshed(served, path)["kev"]

    assert outcome.changes.names == {"CVE-2026-1000", "CVE-2026-1002"}
    assert outcome.changes.coordinates == set()


def test_a_feed_takes_the_place_of_those_of_single_releases(path: Path) -> None:
    with serving({PYPI: an_archive("PYSEC-1")}) as served:
        refreshed(served, path)
        with Writer(path) as writer, writer.transaction():
            parsed = OSV.parse(a_record("PYSEC-OLD"), "osv/PyPI:3", None)
            writer.put("osv/PyPI:3", parsed.advisories)
        with Writer(path) as writer, writer.transaction():
            writer.confirm("osv/PyPI", checked=NOW, validator=None)
        refreshed(served, path)

    assert records(path) == ["PYSEC-1"]
    with Database.open(path) as database:
        assert [feed.name for feed in database.feeds()] == ["osv/PyPI"]


def test_the_feeds_have_names_of_their_own_and_secure_addresses() -> None:
    names = [source.name for source in SOURCES]

    assert len(set(names)) == len(names)
    assert [source.url for source in SOURCES if not source.url.startswith("https://")] == []


# ------------------------------------------------------------------ feeds that are led to


def a_vex(cve: str) -> bytes:
    return json.dumps(
        {
            "document": {
                "category": "csaf_vex",
                "publisher": {"namespace": "https://www.redhat.com"},
                "tracking": {"id": cve, "current_release_date": "2026-01-01T00:00:00Z"},
            }
        }
    ).encode()


def test_an_archive_is_found_by_what_leads_to_it_and_then_its_changes_alone(path: Path) -> None:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:bz2") as tape:
        for cve in ("CVE-2026-1000", "CVE-2026-2000"):
            entry = tarfile.TarInfo(f"2026/{cve.lower()}.json")
            entry.size = len(a_vex(cve))
            tape.addfile(entry, io.BytesIO(a_vex(cve)))
    rows = ["2026/cve-2026-1000.json,2026-01-01T00:00:00Z"]
    rows += ["2026/cve-2026-3000.json,2026-01-01T00:00:00Z"]
    answers: dict[str, Answer | list[Answer]] = {
        "/vex/archive_latest.txt": Answer(body=b"vex_2026-01-01.tar.bz2\n"),
        "/vex/vex_2026-01-01.tar.bz2": Answer(body=into.getvalue()),
        "/vex/changes.csv": Answer(body="\n".join(rows).encode()),
        "/vex/2026/cve-2026-3000.json": Answer(body=a_vex("CVE-2026-3000")),
    }

    with serving(answers) as served:
        source = Source(
            name="csaf/redhat/vex",
            url=f"{served.url}/vex/archive_latest.txt",
            format=CSAF,
            changes=ChangeList(url=f"{served.url}/vex/changes.csv", prefix="REDHAT-"),
            leads=(first_line,),
        )
        fetch = http_fetch(largest=1 << 20, tries=1, sleep=lambda _: None, timeout=10)
        with Writer(path) as writer:
            (first,) = refresh([source], writer, fetch, NOW)
            before = writer.times(source.name)
            (second,) = refresh([source], writer, fetch, LATER)
            after = writer.times(source.name)

    assert (first.error, first.records, first.is_delta) == (None, 2, False)
    assert (second.error, second.records, second.is_delta) == (None, 1, True)
    assert set(before) == {"REDHAT-CVE-2026-1000", "REDHAT-CVE-2026-2000"}
    assert set(after) == {"REDHAT-CVE-2026-1000", "REDHAT-CVE-2026-3000"}
