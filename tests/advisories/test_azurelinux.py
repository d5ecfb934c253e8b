"""Azure Linux and CBL-Mariner, in the shapes of their OVAL documents."""

import gzip
from pathlib import Path

import pytest

from lading.advisories.format import HEAD, Parsed
from lading.advisories.sources.azurelinux import AZURELINUX, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory
from shared_data import shared


def a_document(*definitions: str, evr: str = "0:2-1.azl3", operation: str = "less than") -> bytes:
    return f"""<oval_definitions xmlns:oval="urn:oval"><generator>
      <oval:product_name>Azure Linux OVAL Definition Generator</oval:product_name>
      <oval:timestamp>2024-10-10T12:04:24.5Z</oval:timestamp></generator>
      <definitions>{"".join(definitions)}</definitions>
      <tests><rpminfo_test id="t:1"><object object_ref="o:1"/><state state_ref="s:1"/>
      </rpminfo_test></tests>
      <objects><rpminfo_object id="o:1"><name>thing</name></rpminfo_object></objects>
      <states><rpminfo_state id="s:1"><evr operation="{operation}">{evr}</evr></rpminfo_state>
      </states></oval_definitions>""".encode()


def a_definition(
    number: str = "1", *, cve: str = "CVE-2026-1000", patchable: str = "true", test: str = "t:1"
) -> str:
    return f"""<definition id="oval:com.microsoft.azurelinux:def:{number}"><metadata>
      <reference ref_id="{cve}" ref_url="https://example.org/{cve}" source="CVE"/>
      <patchable>{patchable}</patchable><advisory_date>2024-07-23T22:05:39Z</advisory_date>
      <severity>High</severity></metadata>
      <criteria operator="AND"><criterion test_ref="{test}"/></criteria></definition>"""


def only(parsed: Parsed) -> Advisory:
    (one,) = parsed.advisories
    return one


def test_a_definition_is_an_advisory_on_one_vulnerability() -> None:
    parsed = parse(a_document(a_definition()))

    one = only(parsed)
    assert (parsed.feed, parsed.as_of, parsed.rejected) == (
        "oval/azurelinux/3.0",
        "2024-10-10T12:04:24.5Z",
        (),
    )
    assert (one.id, one.upstream, one.rating) == ("AZL-1", ("CVE-2026-1000",), "high")
    assert one.modified == "2024-07-23T22:05:39Z"
    (affected,) = one.affected
    assert (affected.ecosystem, affected.name, affected.state) == ("Azure Linux:3", "thing", None)
    assert [event.version for event in affected.ranges[0].events] == ["0", "0:2-1.azl3"]


@pytest.mark.parametrize(
    ("patchable", "state"),
    [("true", None), ("false", "not-fixed"), ("Not Applicable", "not-affected")],
)
def test_patchable_is_the_state(patchable: str, state: str | None) -> None:
    document = a_document(a_definition(patchable=patchable), operation="less than or equal")

    (affected,) = only(parse(document)).affected

    assert affected.state == state
    assert str(affected.ranges[0].events[1].kind) == "last_affected"


@pytest.mark.parametrize(
    ("evr", "feed", "ecosystem"),
    [
        ("0:1-1.azl3", "oval/azurelinux/3.0", "Azure Linux:3"),
        ("0:1-1.cm2", "oval/mariner/2.0", "Azure Linux:2"),
        ("0:1-1.cm1", "oval/mariner/1.0", "Azure Linux:1"),
    ],
)
def test_the_versions_say_which_release_it_is(evr: str, feed: str, ecosystem: str) -> None:
    parsed = parse(a_document(a_definition(), evr=evr))

    assert (parsed.feed, only(parsed).affected[0].ecosystem) == (feed, ecosystem)


def test_a_document_of_no_release_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="which release"):
        parse(a_document(a_definition(), evr="0:1-1"))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (a_definition("x"), "no number"),
        (a_definition(cve="BDU-1"), "no vulnerability"),
        (a_definition(patchable="perhaps"), "'perhaps'"),
        (a_definition(test="t:lost"), "no test"),
    ],
)
def test_a_broken_definition_is_rejected_alone(broken: str, why: str) -> None:
    parsed = parse(a_document(a_definition("7"), broken))

    assert [one.id for one in parsed.advisories] == ["AZL-7"]
    ((where, reason),) = parsed.rejected
    assert where.startswith("oval:com.microsoft.azurelinux:def:")
    assert why in reason


def test_claims_its_documents_and_no_other() -> None:
    assert AZURELINUX.claims(a_document(a_definition())[:HEAD])
    assert not AZURELINUX.claims(b"<oval_definitions><generator>Oracle Errata System")
    assert not AZURELINUX.claims(b'{"text": "Azure Linux OVAL"}')


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "definitions"),
    [
        ("azurelinux-3.0-oval.xml.gz", 1222),
        ("cbl-mariner-2.0-oval.xml.gz", 2436),
        ("cbl-mariner-1.0-oval.xml.gz", 2252),
    ],
)
def test_reads_every_definition_of_the_whole_files(name: str, definitions: int) -> None:
    file: Path = shared("advisories", "azurelinux-oval", name)

    data = gzip.decompress(file.read_bytes())
    parsed = parse(data)

    assert AZURELINUX.claims(data[:HEAD])
    assert (len(parsed.advisories), parsed.rejected) == (definitions, ())
    assert len({one.id for one in parsed.advisories}) == definitions


@pytest.mark.shared
def test_reads_the_samples_with_unfixed_ones() -> None:
    folder = shared("advisories", "samples", "azure-oval-3.0-with-unfixed")

    found = {
        one.id: (affected.state, *(event.version for event in affected.ranges[0].events))
        for file in folder.iterdir()
        for one in parse(file.read_bytes()).advisories
        for affected in one.affected
    }

    assert len(found) == 8
    assert found["AZL-13203"] == ("not-fixed", "0", "0:9.16.33-1.cm2")
    assert found["AZL-13348"][0] == "not-affected"
    assert found["AZL-44771"][1:] == ("0:1.19.0.cm2", "0:1.20.7-1.cm2")
