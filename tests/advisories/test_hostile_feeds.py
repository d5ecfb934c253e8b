"""Whatever stands where in a feed: a rejection, or records that can be kept and read again."""

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import damaged
from lading.advisories.database import Database
from lading.advisories.format import Format, Parsed
from lading.advisories.importing import Report, put_feed
from lading.advisories.sources.debian import DEBIAN
from lading.advisories.sources.debian_lists import DEBIAN_LISTS
from lading.advisories.sources.endoflife import ENDOFLIFE
from lading.advisories.sources.epss import EPSS
from lading.advisories.sources.nodejs import NODEJS, NODEJS_INDEX
from lading.advisories.sources.nvd import NVD, NVD_RECORD
from lading.advisories.sources.own import OWN_TOML
from lading.advisories.sources.ubuntu_vex import UBUNTU_VEX
from lading.advisories.writer import Writer
from lading.errors import InvalidRecord

NODE = {
    "cve": ["CVE-2026-1000"],
    "vulnerable": "20.x",
    "patched": "^20.5.0",
    "ref": "https://example.org",
    "description": "x",
    "overview": "y",
    "severity": "high",
    "affectedEnvironments": ["all"],
    "publish_date": "2018-08-16",
    "type": "CWE-79",
    "cvss": "3.0/AV:N",
}
CVE = {
    "id": "CVE-2026-1000",
    "published": "2026-01-01T00:00:00.000",
    "lastModified": "2026-02-01T00:00:00.000",
    "vulnStatus": "Analyzed",
    "descriptions": [{"lang": "en", "value": "x"}],
    "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/x"}}]},
    "weaknesses": [{"description": [{"value": "CWE-79"}]}],
    "references": [{"url": "https://example.org"}],
    "configurations": [
        {
            "operator": "OR",
            "negate": False,
            "nodes": [
                {
                    "negate": False,
                    "cpeMatch": [
                        {
                            "vulnerable": True,
                            "criteria": "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*",
                            "versionStartIncluding": "1",
                            "versionEndExcluding": "2",
                        }
                    ],
                }
            ],
        }
    ],
}
STATUS = {
    "status": "open",
    "fixed_version": "1",
    "urgency": "low",
    "nodsa": "x",
    "nodsa_reason": "ignored",
}
STATEMENT = {
    "vulnerability": {"name": "CVE-2026-1000", "aliases": ["https://example.org/USN-1-1"]},
    "status": "affected",
    "timestamp": "2026-01-01T00:00:00Z",
    "action_statement": "x",
    "products": [{"@id": "pkg:deb/ubuntu/x@1?arch=source&distro=esm-apps/jammy"}],
}
RELEASE = {"name": "9", "isEol": False, "eolFrom": "2032-05-31", "eoesFrom": "2035-05-31"}

DOCUMENTS: tuple[tuple[Format, Any], ...] = (
    (
        DEBIAN,
        {
            "thing": {
                "CVE-2026-1000": {
                    "releases": {"sid": STATUS},
                    "description": "x",
                    "debianbug": 7,
                }
            }
        },
    ),
    (ENDOFLIFE, {"last_modified": "2026", "result": {"name": "rhel", "releases": [RELEASE]}}),
    (NODEJS, NODE),
    (NODEJS_INDEX, {"1": NODE}),
    (NVD, {"timestamp": "2026-01-01T00:00:00", "vulnerabilities": [{"cve": CVE}]}),
    (NVD_RECORD, {"cve": CVE}),
    (UBUNTU_VEX, {"timestamp": "2026-01-01T00:00:00Z", "statements": [STATEMENT]}),
)
HOSTILE: tuple[Any, ...] = (
    None, True, -1, 2**70, 1.5, "", "x" * 100_000, "\ud800", "\x00", [], [None], [[[[[]]]]], {},
    {"": None}, ["x"] * 1000, "0", "9" * 5000, "../../x", "[", "%",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from places(item, (*path, key))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    document = copy.deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


@pytest.mark.parametrize(("format", "document"), DOCUMENTS, ids=[one.name for one, _ in DOCUMENTS])
def test_any_value_anywhere_is_a_rejection_or_can_be_kept(
    format: Format, document: Any, tmp_path: Path
) -> None:
    read: list[Parsed] = []
    said: list[str] = []
    for path in places(document):
        for value in HOSTILE:
            data = json.dumps(changed(document, path, value)).encode()
            try:
                read.append(format.parse(data, None, None))
            except InvalidRecord as error:
                said.append(str(error))

    assert read
    said += (reason for one in read for _, reason in one.rejected)
    assert [text for text in said if not 0 < len(text) < 500] == []
    with Writer(tmp_path / "x.db") as writer, writer.transaction():
        for one in read:
            put_feed(one, writer, Report())
    with Database.open(tmp_path / "x.db") as database:
        names = {advisory.id for one in read for advisory in one.advisories}
        for advisory in database.advisories(names).values():
            database.affected(advisory)


TEXTS: tuple[tuple[Format, bytes], ...] = (
    (
        DEBIAN_LISTS,
        (
            b"[29 Mar 2023] DSA-5380-1 thing - x\n\t{CVE-2023-1393}\n\t[bullseye] - thing 1.0\n"
            b"[August 26th, 2005] DTSA-1-1 x - y\n\t[etch] - x <not-affected> (no)\n"
        ),
    ),
    (
        EPSS,
        (
            b"#model_version:v1,score_date:2026-05-31T00:00:00Z\ncve,epss,percentile\n"
            b"CVE-2026-1000,0.5,0.9\nCVE-2026-2000,0.25,0.5\n"
        ),
    ),
    (
        OWN_TOML,
        (
            b'[advisory]\nid = "ACME-1"\npublished = 2026-01-31\naliases = ["CVE-2026-1000"]\n'
            b'[[affected]]\ntype = "pypi"\nname = "thing"\nfixed = "1.0"\n'
        ),
    ),
    *((format, json.dumps(document).encode()) for format, document in DOCUMENTS),
)


@pytest.mark.parametrize(("format", "text"), TEXTS, ids=[one.name for one, _ in TEXTS])
def test_any_damage_is_a_rejection_or_can_be_kept(
    format: Format, text: bytes, tmp_path: Path
) -> None:
    read: list[Parsed] = []
    for data in damaged(text):
        with contextlib.suppress(InvalidRecord):
            read.append(format.parse(data, None, None))

    with Writer(tmp_path / "x.db") as writer, writer.transaction():
        for one in read:
            put_feed(one, writer, Report())


@pytest.mark.parametrize(("format", "document"), DOCUMENTS, ids=[one.name for one, _ in DOCUMENTS])
def test_a_document_cut_anywhere_is_rejected(format: Format, document: Any) -> None:
    data = json.dumps(document).encode()

    for length in range(len(data)):
        with pytest.raises(InvalidRecord):
            format.parse(data[:length], None, None)
