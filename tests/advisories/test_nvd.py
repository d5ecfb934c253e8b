"""NVD's records: how bad a CVE is, and versions of the programs that are known by their bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from lading.advisories.importing import import_paths
from lading.advisories.recognising import document
from lading.advisories.sources.nvd import NVD, NVD_RECORD, parse, parse_record
from lading.advisories.writer import Writer
from lading.catalog.fingerprints import FINGERPRINTS
from lading.errors import InvalidRecord
from lading.matching.affects import affects
from lading.model.advisory import Advisory
from lading.model.match import Answer
from lading.model.product import PRODUCTS
from shared_data import shared


def a_cve(**members: Any) -> dict[str, Any]:
    cve = {
        "id": "CVE-2026-1000",
        "published": "2026-01-01T00:00:00.000",
        "lastModified": "2026-02-01T00:00:00.000",
        "vulnStatus": "Analyzed",
    }
    return cve | members


def a_page(*cves: Any) -> bytes:
    items = [{"cve": one} for one in cves]
    page = {"resultsPerPage": len(items), "timestamp": "2026-03-01T00:00:00.000"}
    return json.dumps(page | {"vulnerabilities": items}).encode()


def a_name(version: str = "*", update: str = "*", *, product: str = "openssl:openssl") -> str:
    return f"cpe:2.3:a:{product}:{version}:{update}:*:*:*:*:*:*"


def a_match(criteria: str, **bounds: Any) -> dict[str, Any]:
    return {"vulnerable": True, "criteria": criteria} | bounds


def a_node(*matches: dict[str, Any], negate: bool = False) -> dict[str, Any]:
    return {"operator": "OR", "negate": negate, "cpeMatch": matches}


def the_only(*nodes: Any, **configuration: Any) -> Advisory:
    cve = a_cve(configurations=[{"nodes": nodes} | configuration])
    (one,) = parse(a_page(cve)).advisories
    return one


def answers(advisory: Advisory, *versions: str) -> list[str]:
    return [
        version
        for version in versions
        if any(
            affects(item, version, "generic").answer is Answer.AFFECTED
            for item in advisory.affected
        )
    ]


def test_a_record_is_read_whole() -> None:
    cve = a_cve(
        descriptions=[{"lang": "es", "value": "malo"}, {"lang": "en", "value": "x" * 300}],
        metrics={
            "cvssMetricV2": [{"type": "Primary", "cvssData": {"vectorString": "AV:N"}}],
            "cvssMetricV31": [
                {"type": "Secondary", "cvssData": {"vectorString": "CVSS:3.1/b"}},
                {"type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/a"}},
            ],
            "ssvcV203": [{"type": "Secondary"}],
        },
        weaknesses=[{"description": [{"value": "CWE-79"}, {"value": "NVD-CWE-noinfo"}]}],
        references=[{"url": "https://example.org"}, {"url": "https://example.org"}, {"url": 7}],
    )

    found = parse(a_page(cve))

    (one,) = found.advisories
    assert (one.id, one.feed, one.upstream) == ("CVE-2026-1000", "nvd", ())
    assert (one.modified, one.published) == ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert [vector.vector for vector in one.vectors] == ["CVSS:3.1/a", "CVSS:3.1/b", "AV:N"]
    assert (one.cwes, one.references) == (("CWE-79",), ("https://example.org",))
    assert len(one.title or "") == 200
    assert found.as_of == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("bounds", "affected"),
    [
        pytest.param({}, ["0.9", "1.0", "1.1", "2.0", "2.1"], id="every version"),
        pytest.param({"versionEndExcluding": "2.0"}, ["0.9", "1.0", "1.1"], id="below"),
        pytest.param({"versionEndIncluding": "2.0"}, ["0.9", "1.0", "1.1", "2.0"], id="up to"),
        pytest.param({"versionStartIncluding": "1.0"}, ["1.0", "1.1", "2.0", "2.1"], id="from"),
        pytest.param({"versionStartExcluding": "1.0"}, ["1.1", "2.0", "2.1"], id="above"),
    ],
)
def test_ranges(bounds: dict[str, str], affected: list[str]) -> None:
    one = the_only(a_node(a_match(a_name(), **bounds)))

    assert [(item.ecosystem, item.name) for item in one.affected] == [("NVD", "openssl:openssl")]
    assert answers(one, "0.9", "1.0", "1.1", "2.0", "2.1") == affected


@pytest.mark.parametrize(
    ("version", "update", "listed"),
    [
        ("1.0.2k", "*", ("1.0.2k",)),
        ("7.2", "p2", ("7.2p2",)),
        ("1.1.0", "pre5", ("1.1.0-pre5",)),
        ("1.1.0", "beta1", ("1.1.0-beta1",)),
        ("1\\.0", "-", ("1.0",)),
        ("-", "*", ()),
    ],
)
def test_single_versions(version: str, update: str, listed: tuple[str, ...]) -> None:
    one = the_only(a_node(a_match(a_name(version, update))))

    assert tuple(text for item in one.affected for text in item.versions) == listed


@pytest.mark.parametrize(
    "criteria",
    [
        pytest.param(a_name(product="acme:openssl"), id="a stranger's"),
        pytest.param("cpe:2.3:o:openssl:openssl:*:*:*:*:*:*:*:*", id="no application"),
        pytest.param("cpe:2.3:a:openssl:openssl:*:*:*:*:*:windows:*:*", id="of another platform"),
        pytest.param("cpe:2.3:a:openssl:openssl:*:*:lts:*:*:*:*:*", id="of an edition"),
        pytest.param("cpe:/a:openssl:openssl:1.0", id="an old name"),
        pytest.param("openssl", id="no name"),
    ],
)
def test_what_no_program_of_an_image_is_called_gives_no_versions(criteria: str) -> None:
    assert the_only(a_node(a_match(criteria))).affected == ()


LINUX = {"vulnerable": False, "criteria": "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*"}
WINDOWS = {"vulnerable": False, "criteria": "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"}
WITH_PHP = {"vulnerable": False, "criteria": a_name(product="php:php")}


@pytest.mark.parametrize(
    ("others", "products"),
    [
        pytest.param([LINUX], ["openssl:openssl"], id="on Linux"),
        pytest.param([WINDOWS, LINUX], ["openssl:openssl"], id="on either"),
        pytest.param([WINDOWS], [], id="on Windows"),
        pytest.param([WITH_PHP], [], id="with another program"),
        pytest.param([WITH_PHP | {"vulnerable": True}], [], id="with another that has its part"),
    ],
)
def test_what_a_product_runs_on_or_with_is_never_affected(
    others: list[dict[str, Any]], products: list[str]
) -> None:
    one = the_only(a_node(a_match(a_name())), a_node(*others), operator="AND")

    assert [item.name for item in one.affected] == products


def test_negated_configurations_say_nothing() -> None:
    node = a_node(a_match(a_name()))

    assert the_only(node, negate=True).affected == ()
    assert the_only(a_node(a_match(a_name()), negate=True)).affected == ()


def test_rejected_records_are_withdrawn() -> None:
    (one,) = parse(a_page(a_cve(vulnStatus="Rejected"))).advisories

    assert one.withdrawn == "2026-02-01T00:00:00Z"


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        a_cve(id="GHSA-1"),
        a_cve(id=7),
        a_cve(configurations={"nodes": []}),
        a_cve(configurations=[{"nodes": [a_node({"vulnerable": True})]}]),
        a_cve(configurations=[{"nodes": [a_node(a_match("x" * 5000))]}]),
        a_cve(
            configurations=[{"nodes": [a_node(a_match(a_name(), versionEndExcluding="1" * 5000))]}]
        ),
    ],
)
def test_a_broken_record_is_rejected_alone(broken: Any) -> None:
    found = parse(a_page(broken, a_cve(id="CVE-2026-2000")))

    assert [one.id for one in found.advisories] == ["CVE-2026-2000"]
    ((where, reason),) = found.rejected
    assert where == "vulnerabilities[0]"
    assert len(reason) < 300


@pytest.mark.parametrize(
    "members",
    [
        {"metrics": []},
        {"metrics": {"cvssMetricV31": [None, {"cvssData": 7}, {"cvssData": {}}]}},
        {"weaknesses": 7, "references": {}, "descriptions": [7], "lastModified": "soon"},
    ],
)
def test_other_members_of_a_wrong_type_cost_themselves_alone(members: dict[str, Any]) -> None:
    found = parse(a_page(a_cve(**members)))

    assert (len(found.advisories), found.rejected) == (1, ())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"\xff", b"{", b'{"vulnerabilities": {}}', b'{"cve": ' + b"[" * 100_000],
)
def test_what_is_no_document_of_nvd_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="of NVD"):
        parse(data)
    with pytest.raises(InvalidRecord, match="of NVD"):
        parse_record(data)


def test_documents_are_recognised_by_their_members() -> None:
    assert NVD.recognises(frozenset(json.loads(a_page())))
    assert NVD_RECORD.recognises(frozenset({"cve"}))
    assert not NVD.recognises(frozenset({"vulnerabilities", "catalogVersion"}))
    assert not NVD_RECORD.recognises(frozenset({"cve", "vulnerable", "patched"}))


def test_a_page_takes_no_record_away(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_bytes(a_page(a_cve(), a_cve(id="CVE-2026-2000")))
    second.write_bytes(
        a_page(a_cve(lastModified="2025-01-01T00:00:00.000", references=[{"url": "https://old"}]))
    )

    with Writer(tmp_path / "x.db") as writer:
        report = import_paths([first, second], writer)
        kept = writer.records("nvd")

    assert (report.feeds, report.older, kept) == ({"nvd": 3}, {"nvd": 1}, 2)


def test_the_names_are_those_that_the_fingerprints_have() -> None:
    unlike = {
        (one.name, one.cpe) for one in FINGERPRINTS if one.cpe not in PRODUCTS.get(one.name, ())
    }

    assert unlike == set()
    assert set(PRODUCTS) == {one.name for one in FINGERPRINTS}


@pytest.mark.shared
def test_every_sample_is_read_whole() -> None:
    for file in sorted(shared("advisories", "samples", "nvd-2.0").iterdir()):
        data = document(file)
        raw = json.loads(data)
        (format,) = (one for one in (NVD, NVD_RECORD) if one.recognises(frozenset(raw)))
        found = format.parse(data, None, None)

        ids = [item["cve"]["id"] for item in raw.get("vulnerabilities", [raw])]
        assert found.rejected == ()
        assert [one.id for one in found.advisories] == ids
