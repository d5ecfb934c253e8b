"""Oracle Linux errata, in the shapes of their OVAL documents."""

import bz2

import pytest

from lading.advisories.format import HEAD, Parsed
from lading.advisories.sources.oracle import ORACLE, parse
from lading.model.advisory import Advisory, Affected
from shared_data import shared

_ARCHES = ("x86_64", "aarch64")


def a_document(*, title: str = "ELSA-2026-0001:  thing security update (IMPORTANT)") -> bytes:
    """One erratum of Oracle Linux 8: `thing` on two architectures, one of them in a module."""
    tests = "".join(
        f'<rpminfo_test id="t:{arch}"><object object_ref="o:r"/><state state_ref="s:{arch}"/>'
        "</rpminfo_test>"
        for arch in _ARCHES
    )
    states = "".join(
        f'<rpminfo_state id="s:{arch}"><arch operation="pattern match">{arch}</arch>'
        "</rpminfo_state>"
        for arch in _ARCHES
    )
    criteria = "".join(
        f'<criteria operator="AND"><criterion test_ref="t:{arch}"/><criterion test_ref="t:thing"/>'
        "</criteria>"
        for arch in _ARCHES
    )
    return f"""<oval_definitions xmlns:oval="urn:oval"><generator>
      <oval:product_name>Oracle Errata System</oval:product_name>
      <oval:timestamp>2026-01-02T03:04:05</oval:timestamp></generator>
      <definitions><definition id="oval:com.oracle.elsa:def:20260001"><metadata>
      <title>
      {title}
      </title><affected family="unix"><platform>Oracle Linux 8</platform></affected>
      <reference source="elsa" ref_id="ELSA-2026-0001" ref_url="https://example.org/ELSA"/>
      <reference source="CVE" ref_id="CVE-2026-1000" ref_url="https://example.org/CVE"/>
      <advisory><severity>IMPORTANT</severity><issued date="2026-01-01"/>
      <cve cvss3="7.5/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H">CVE-2026-1000</cve>
      <cve cvss2="7.8/AV:N/AC:L/Au:N/C:N/I:N/A:C">CVE-2026-2000</cve></advisory></metadata>
      <criteria operator="AND"><criterion test_ref="t:release"/><criteria operator="OR">{criteria}
      </criteria></criteria></definition></definitions>
      <tests>{tests}<rpminfo_test id="t:release"><object object_ref="o:r"/>
      <state state_ref="s:8"/></rpminfo_test><rpminfo_test id="t:thing">
      <object object_ref="o:t"/><state state_ref="s:t"/></rpminfo_test></tests>
      <objects><rpminfo_object id="o:r"><name>oraclelinux-release</name></rpminfo_object>
      <rpminfo_object id="o:t"><name>thing</name></rpminfo_object></objects>
      <states>{states}<rpminfo_state id="s:8"><version operation="pattern match">^8</version>
      </rpminfo_state><rpminfo_state id="s:t"><evr operation="less than">1:2-1.el8</evr>
      </rpminfo_state></states></oval_definitions>""".encode()


def only(parsed: Parsed) -> Advisory:
    (one,) = parsed.advisories
    return one


def fix(affected: Affected) -> str:
    return affected.ranges[0].events[1].version


def test_an_erratum_carries_on_its_vulnerabilities() -> None:
    parsed = parse(a_document())

    one = only(parsed)
    assert (parsed.feed, parsed.as_of, parsed.rejected) == (
        "oval/oracle",
        "2026-01-02T03:04:05Z",
        (),
    )
    assert (one.id, one.rating, one.published) == (
        "ELSA-2026-0001",
        "important",
        "2026-01-01T00:00:00Z",
    )
    assert one.upstream == ("CVE-2026-1000", "CVE-2026-2000")
    assert [vector.vector for vector in one.vectors] == [
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
        "AV:N/AC:L/Au:N/C:N/I:N/A:C",
    ]


def test_a_package_of_several_systems_is_listed_once_with_what_they_can_install() -> None:
    (affected,) = only(parse(a_document())).affected

    assert (affected.ecosystem, affected.name, fix(affected)) == (
        "Oracle Linux:8",
        "thing",
        "1:2-1.el8",
    )
    assert affected.arches == ("aarch64", "i686", "noarch", "x86_64")
    assert (affected.of, affected.module) == ("binary", None)


def test_a_title_without_an_erratum_is_rejected() -> None:
    parsed = parse(a_document(title="thing update"))

    assert parsed.advisories == ()
    assert parsed.rejected[0][0] == "oval:com.oracle.elsa:def:20260001"
    assert "names no erratum" in parsed.rejected[0][1]


def test_claims_its_documents_and_no_other() -> None:
    assert ORACLE.claims(a_document()[:HEAD])
    assert not ORACLE.claims(b"<oval_definitions><generator>Azure Linux OVAL")


@pytest.mark.shared
def test_reads_the_sample_with_its_module() -> None:
    file = shared(
        "advisories", "samples", "oracle-oval", "vuls-data-update__com.oracle.elsa-all.xml.bz2"
    )

    data = bz2.decompress(file.read_bytes())
    found = {one.id: one for one in parse(data).advisories}

    assert ORACLE.claims(data[:HEAD])
    assert set(found) == {"ELSA-2007-0057", "ELSA-2023-12342"}
    (hivex,) = found["ELSA-2023-12342"].affected
    assert (hivex.name, hivex.module, hivex.arches) == (
        "hivex",
        "virt:kvm_utils",
        ("aarch64", "noarch"),
    )
    assert {one.name: fix(one) for one in found["ELSA-2007-0057"].affected}["bind-utils"] == (
        "30:9.3.3-8.el5"
    )
