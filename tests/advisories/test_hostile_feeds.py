"""Documents of rpm distributions, cut, swapped and garbled: a reason or a record, nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.advisories.format import HEAD, Format
from lading.advisories.sources.almalinux import ALMALINUX
from lading.advisories.sources.arch import ARCH
from lading.advisories.sources.azurelinux import AZURELINUX
from lading.advisories.sources.bodhi import BODHI
from lading.advisories.sources.oracle import ORACLE
from lading.advisories.sources.photon import PHOTON
from lading.advisories.sources.updateinfo import UPDATEINFO
from lading.errors import InvalidRecord

_OVAL = """<oval_definitions><generator><product_name>{product}</product_name>
<timestamp>2026-01-01T00:00:00</timestamp></generator><definitions><definition id="oval:a:def:1">
<metadata><title>ELSA-2026-0001: thing (LOW)</title><affected><platform>Oracle Linux 8</platform>
</affected><reference ref_id="CVE-2026-1000" ref_url="https://example.org" source="CVE"/>
<patchable>true</patchable><severity>Low</severity><advisory><issued date="2026-01-01"/></advisory>
</metadata><criteria operator="AND"><criterion test_ref="t"/></criteria></definition></definitions>
<tests><rpminfo_test id="t"><object object_ref="o"/><state state_ref="s"/></rpminfo_test></tests>
<objects><rpminfo_object id="o"><name>thing</name></rpminfo_object></objects><states>
<rpminfo_state id="s"><evr operation="less than">0:1-1.azl3</evr></rpminfo_state></states>
</oval_definitions>"""
_XML: dict[str, tuple[Format, str]] = {
    "azurelinux": (AZURELINUX, _OVAL.format(product="Azure Linux OVAL Definition Generator")),
    "oracle": (ORACLE, _OVAL.format(product="Oracle Errata System")),
    "updateinfo": (
        UPDATEINFO,
        """<updates><update type="security"><id>ALSA-2026:0001</id><title>thing</title>
        <issued date="2026-01-01"/><references><reference id="CVE-2026-1000" type="cve"/>
        </references><pkglist><collection><module name="m" stream="1"/><package name="thing"
        version="1" release="1.el9" epoch="0" arch="noarch"/></collection></pkglist></update>
        </updates>""",
    ),
}
_JSON: dict[str, tuple[Format, Any]] = {
    "almalinux": (
        ALMALINUX,
        {
            "id": "ALSA-2026:0001",
            "type": "security",
            "issued_date": {"$date": 1767225600000},
            "packages": [{"name": "thing", "epoch": "0", "version": "1", "release": "1.el9"}],
            "modules": [{"name": "m", "stream": "1"}],
            "references": [{"id": "CVE-2026-1000"}],
        },
    ),
    "arch": (
        ARCH,
        {
            "name": "AVG-1",
            "packages": ["thing"],
            "status": "Fixed",
            "severity": "Low",
            "fixed": "1-1",
            "issues": ["CVE-2026-1000"],
        },
    ),
    "bodhi": (
        BODHI,
        {
            "alias": "FEDORA-2026-1",
            "type": "security",
            "release": {"id_prefix": "FEDORA", "version": "43"},
            "builds": [{"nvr": "thing-1-1.fc43", "epoch": 0}],
            "bugs": [{"title": "CVE-2026-1000"}],
        },
    ),
    "photon": (
        PHOTON,
        {"cve_id": "CVE-2026-1000", "pkg": "thing", "cve_score": 1.0, "res_ver": "1-1.ph5"},
    ),
}
_SWAPPED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def survives(format: Format, data: bytes) -> None:
    """Whatever it is, there is an answer: records and rejections, or why there are none."""
    format.claims(data[:HEAD])
    try:
        parsed = format.parse(data, None, None)
    except InvalidRecord:
        return
    assert all(where and reason for where, reason in parsed.rejected)
    assert all(one.feed == parsed.feed for one in parsed.advisories)


@pytest.mark.parametrize("name", _XML)
def test_the_whole_document_is_read(name: str) -> None:
    format, text = _XML[name]

    parsed = format.parse(text.encode(), None, None)

    assert (len(parsed.advisories), parsed.rejected) == (1, ())


@pytest.mark.parametrize("name", _XML)
@given(data=st.data())
def test_garbled_xml_has_an_answer(name: str, data: st.DataObject) -> None:
    format, text = _XML[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.text(max_size=6) | st.sampled_from(["<", "</a>", "&x;", "\x00", '"']))

    survives(format, (text[:start] + put + text[end:]).encode())


@pytest.mark.parametrize("name", _JSON)
@given(data=st.data())
def test_swapped_members_have_an_answer(name: str, data: st.DataObject) -> None:
    format, record = _JSON[name]
    key = data.draw(st.sampled_from(sorted(record)))
    broken = record | {key: data.draw(_SWAPPED)}
    some = [record, broken]
    document = {"bodhi": {"updates": some}, "almalinux": {"data": some}}.get(name, some)

    survives(format, json.dumps(document).encode())
