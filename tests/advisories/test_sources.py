"""The lists of formats and sources: told apart, and documented."""

import json
import re
from pathlib import Path

import pytest

from lading.advisories.format import is_older, utc
from lading.advisories.sources import FORMATS, SOURCES

DOCS = Path(__file__).parents[2] / "docs"

DOCUMENTS = {
    "osv": {"id": "X-1", "modified": "2026-01-01T00:00:00Z", "affected": [], "packages": []},
    "secdb": {"apkurl": "", "distroversion": "v3.22", "packages": []},
    "kev": {"catalogVersion": "1", "dateReleased": "", "vulnerabilities": []},
}


def test_every_format_has_its_line_in_the_recipe() -> None:
    page = (DOCS / "adding" / "advisory-source.md").read_text()

    assert [one.name for one in FORMATS if f"\n- `{one.name}`: " not in page] == []


def test_every_source_has_its_line_in_the_reference() -> None:
    page = (DOCS / "reference.md").read_text()
    names = {_in_the_reference(one.name) for one in SOURCES}

    assert [name for name in sorted(names) if f"| `{name}` |" not in page] == []


def _in_the_reference(name: str) -> str:
    """One row is for many feeds of a kind."""
    name = re.sub(r"^secdb/alpine/.*", "secdb/alpine/<release>/<repository>", name)
    name = re.sub(r"^endoflife/.*", "endoflife/<product>", name)
    name = re.sub(r"^photon/.*", "photon/<release>", name)
    return re.sub(r"^nvd/\d+", "nvd/<year>", name)


MEMBERS = {name: frozenset(document) for name, document in DOCUMENTS.items()} | {
    "bodhi": frozenset({"updates", "page", "pages", "rows_per_page", "total"}),
    "csaf": frozenset({"document", "product_tree", "vulnerabilities"}),
    "endoflife": frozenset({"schema_version", "generated_at", "last_modified", "result"}),
    "nodejs": frozenset({"cve", "vulnerable", "patched", "ref", "overview", "severity"}),
    "nvd": frozenset({"resultsPerPage", "format", "version", "timestamp", "vulnerabilities"}),
    "nvd-record": frozenset({"cve"}),
    "ubuntu-vex": frozenset({"@context", "@id", "author", "timestamp", "version", "statements"}),
}
HEADS = {
    "almalinux": b'{"data": [{"id": "ALSA-2026:0001"',
    "arch": b'[{"name": "AVG-1"',
    "azurelinux": b"<oval_definitions><generator><product_name>Azure Linux OVAL Definition",
    "oracle": b"<oval_definitions><generator><product_name>Oracle Errata System",
    "photon": b'[{"cve_id": "CVE-2026-1000", "pkg": "thing", "res_ver": "1-1.ph5"',
    "updateinfo": b'<?xml version="1.0"?><updates><update',
    "debian": b'{"thing": {"CVE-2026-1000": {',
    "debian-lists": b"[29 Mar 2023] DSA-5380-1 thing - update\n",
    "epss": b"#model_version:v1,score_date:2026-05-31T00:00:00Z\ncve,epss,percentile\n",
    "nodejs-index": b'{"1": {"cve": ["CVE-2026-1000"]',
    "own": b'[advisory]\nid = "ACME-1"\n',
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_document_is_of_one_format(name: str) -> None:
    assert [one.name for one in FORMATS if one.recognises(MEMBERS[name])] == [name]


@pytest.mark.parametrize("name", HEADS)
def test_the_first_bytes_are_of_one_format(name: str) -> None:
    assert [one.name for one in FORMATS if one.claims(HEADS[name])] == [name]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_format_claims_what_another_recognises(name: str) -> None:
    head = json.dumps(DOCUMENTS[name]).encode()

    assert [one.name for one in FORMATS if one.claims(head)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_without_content_belongs_to_its_feed(name: str) -> None:
    (format,) = (one for one in FORMATS if one.name == name)
    data = json.dumps(DOCUMENTS[name]).encode()

    assert format.parse(data, "the feed", None).feed == "the feed"
    assert format.parse(data, None, None).rejected == ()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456789Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+10:00", None),
        ("2026-02-30T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        ("2" * 10_000, None),
        (20260102, None),
        (None, None),
    ],
)
def test_times_are_read_or_not_known(text: object, moment: str | None) -> None:
    assert utc(text) == moment


RISING = [
    None, "0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z",
    "2026-01-01T00:00:00.12Z", "2026-01-01T00:00:01Z", "2026-10-01T00:00:00Z",
]  # fmt: skip


def test_times_are_ordered_whatever_their_fractions() -> None:
    for number, one in enumerate(RISING):
        assert [is_older(one, other) for other in RISING] == [
            number < place for place in range(len(RISING))
        ]
