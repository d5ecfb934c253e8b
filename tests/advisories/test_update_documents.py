"""Feeds that are one document, from their servers: put whole, and kept when they break."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feed_server import Answer, Served, serving
from lading.advisories.database import Database
from lading.advisories.sources import SOURCES
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.net import http_fetch

NOW = "2026-06-01T00:00:00Z"

TRACKER = {"thing": {"CVE-2026-1000": {"releases": {"sid": {"status": "open"}}}}}
LIST = "[29 Mar 2023] DSA-5380-1 thing - update\n\t[bullseye] - thing 1.0\n"
PRODUCT = {"name": "debian", "releases": [{"name": "12", "eolFrom": "2028-06-30"}]}
NODE = {"1": {"cve": ["CVE-2026-1000"], "vulnerable": "20.x", "patched": "^20.5.0"}}
PAGE = {"resultsPerPage": 1, "vulnerabilities": [{"cve": {"id": "CVE-2026-1000"}}]}
SCORES = b"#model_version:v1,score_date:2026-05-31T00:00:00Z\ncve,epss,percentile\n"

DOCUMENTS = {
    "debian/tracker": json.dumps(TRACKER).encode(),
    "debian/dsa": LIST.encode(),
    "endoflife/debian": json.dumps({"schema_version": "1", "result": PRODUCT}).encode(),
    "nodejs": json.dumps(NODE).encode(),
    "nvd/2026": gzip.compress(json.dumps(PAGE).encode()),
    "epss": gzip.compress(SCORES + b"CVE-2026-1000,0.5,0.9\n"),
}


@pytest.fixture
def served() -> Iterator[Served]:
    answers: dict[str, Answer | list[Answer]] = {
        path(name): Answer(body=body, headers={"ETag": '"1"'}) for name, body in DOCUMENTS.items()
    }
    with serving(answers) as running:
        yield running


def path(name: str) -> str:
    (url,) = (one.url for one in SOURCES if one.name == name)
    return f"/{name}/{url.rpartition('/')[2]}"


def refreshed(served: Served, file: Path) -> dict[str, Outcome]:
    chosen = [
        replace(one, url=served.url + path(one.name)) for one in SOURCES if one.name in DOCUMENTS
    ]
    fetch = http_fetch(largest=1 << 20, tries=1, sleep=lambda _: None, timeout=10)
    with Writer(file) as writer:
        return {one.feed: one for one in refresh(chosen, writer, fetch, NOW)}


def test_each_document_is_put_whole_and_then_unchanged(served: Served, tmp_path: Path) -> None:
    first = refreshed(served, tmp_path / "x.db")
    second = refreshed(served, tmp_path / "x.db")

    assert {name: (one.records, one.error) for name, one in first.items()} == dict.fromkeys(
        DOCUMENTS, (1, None)
    )
    assert {(one.records, one.error) for one in second.values()} == {(None, None)}
    with Database.open(tmp_path / "x.db") as database:
        assert database.partial_feeds() == frozenset()
        assert {feed.name: feed.records for feed in database.feeds()} == dict.fromkeys(DOCUMENTS, 1)
        assert database.epss(["CVE-2026-1000"])["CVE-2026-1000"].score == 0.5
        assert [one.ends for one in database.support("debian")] == ["2028-06-30"]
        assert {"Debian:11", "Debian:unstable", "Node.js"} <= database.ecosystems()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_what_is_no_such_document_changes_nothing(
    served: Served, tmp_path: Path, name: str
) -> None:
    refreshed(served, tmp_path / "x.db")
    served.answers[path(name)] = Answer(body=b"<html>", headers={"ETag": '"2"'})

    outcome = refreshed(served, tmp_path / "x.db")[name]

    assert outcome.error is not None
    with Database.open(tmp_path / "x.db") as database:
        assert {feed.name: feed.records for feed in database.feeds()} == dict.fromkeys(DOCUMENTS, 1)


def test_scores_that_are_suddenly_few_are_not_believed(served: Served, tmp_path: Path) -> None:
    many = b"".join(b"CVE-2026-%d,0.5,0.9\n" % number for number in range(1000, 1200))
    served.answers[path("epss")] = Answer(body=gzip.compress(SCORES + many))
    refreshed(served, tmp_path / "x.db")
    served.answers[path("epss")] = Answer(body=DOCUMENTS["epss"])

    outcome = refreshed(served, tmp_path / "x.db")["epss"]

    assert "looks like a loss" in (outcome.error or "")
    with Database.open(tmp_path / "x.db") as database:
        assert database.epss(["CVE-2026-1199"]) != {}
