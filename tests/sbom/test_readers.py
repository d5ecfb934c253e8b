"""Every format says the same; damage is named, and never hides the rest."""

from collections.abc import Callable
from typing import Any

import pytest

from builders import damaged
from lading.errors import LadingError, UnreadableError
from lading.model.package import SourcePackage
from lading.sbom import read
from sbom.documents import (
    bundle,
    cyclonedx,
    cyclonedx_xml,
    envelope,
    only,
    spdx,
    spdx3,
    spdx_tags,
    statement,
    syft,
    understood,
)

A, B, C = "pkg:npm/%40a/b@1.0", "pkg:maven/g.h/art@2", "pkg:pypi/c@3"
MAKERS = [cyclonedx, cyclonedx_xml, spdx, spdx_tags, spdx3, syft]

Maker = Callable[..., bytes]


@pytest.mark.parametrize("make", MAKERS)
def test_every_format_says_the_same(make: Maker) -> None:
    document = understood(make(A, B, C, edges={A: [B, C]}))

    assert [(one.type, one.name, one.version) for one in document.packages] == [
        ("maven", "g.h:art", "2"),
        ("npm", "@a/b", "1.0"),
        ("pypi", "c", "3"),
    ]
    assert [one.depends_on for one in document.packages] == [(), (B, C), ()]


@pytest.mark.parametrize("wrap", [statement, envelope, bundle])
@pytest.mark.parametrize("make", [cyclonedx, spdx, spdx3, syft])
def test_wrappings_are_taken_off(make: Maker, wrap: Callable[[bytes], bytes]) -> None:
    assert understood(wrap(make(A, B))) == understood(make(A, B))


def test_a_statement_inside_an_envelope_is_taken_out_of_both() -> None:
    assert only(envelope(statement(cyclonedx(A)))).name == "@a/b"


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6"])
def test_versions_of_cyclonedx(version: str) -> None:
    assert understood(cyclonedx(A, version=version)).format == f"CycloneDX {version} JSON"
    assert understood(cyclonedx_xml(A, version=version)).format == f"CycloneDX {version} XML"


@pytest.mark.parametrize("version", ["2.2", "2.3"])
def test_versions_of_spdx(version: str) -> None:
    assert understood(spdx(A, version=version)).format == f"SPDX {version} JSON"
    assert understood(spdx_tags(A, version=version)).format == f"SPDX {version} tag-value"


def test_a_list_of_package_urls() -> None:
    document = understood(f"# ours\n\n{A}\n  {B}  # of the server\r\n".encode())

    assert [one.name for one in document.packages] == ["g.h:art", "@a/b"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert only(b"\xef\xbb\xbf" + cyclonedx(A)).name == "@a/b"
    assert only(b"\xef\xbb\xbf" + spdx_tags(A)).name == "@a/b"


@pytest.mark.parametrize("make", MAKERS)
def test_a_package_of_a_distribution_has_its_source_and_release(make: Maker) -> None:
    purl = "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl%403.0.11"
    document = understood(make(purl.replace("&", "&amp;") if make is cyclonedx_xml else purl))
    (package,) = document.packages

    assert (package.name, package.version, package.arch) == ("libssl3", "3.0.11-1", "amd64")
    assert package.source == SourcePackage(name="openssl", version="3.0.11")
    assert document.release is not None
    assert (document.release.id, document.release.version_id) == ("debian", "12")


def test_a_component_without_a_package_url_is_kept_and_counted() -> None:
    rows = [{"type": "library", "name": "core", "group": "ours", "version": "7"}]
    document = understood(cyclonedx(A, also=rows))

    assert [(one.type, one.name, one.version) for one in document.packages] == [
        ("generic", "ours/core", "7"),
        ("npm", "@a/b", "1.0"),
    ]
    assert document.notes == (
        "components of the SBOM without a package URL, so without advisories: 1",
    )


def test_files_and_containers_are_no_packages_and_counted() -> None:
    rows = [{"type": "file", "name": "/etc/passwd"}, {"type": "container", "name": "web"}]
    document = understood(cyclonedx(A, also=rows))

    assert len(document.packages) == 1
    assert document.notes == (
        "the SBOM also lists what is no package: 1 of kind container, 1 of kind file",
    )


def test_the_operating_system_is_the_release_of_the_packages() -> None:
    rows = [
        {"type": "operating-system", "name": "alpine", "version": "3.19.1", "description": "A 3.19"}
    ]
    release = understood(cyclonedx(A, also=rows)).release

    assert release is not None
    assert (release.id, release.version_id, release.pretty_name) == ("alpine", "3.19.1", "A 3.19")


def test_components_in_components_are_found_at_any_depth() -> None:
    inner: dict[str, Any] = {"type": "library", "name": "x", "purl": C}
    for _ in range(50):
        inner = {"type": "application", "name": "shell", "purl": A, "components": [inner]}

    assert {one.name for one in understood(cyclonedx(also=[inner])).packages} == {"@a/b", "c"}


def test_what_stands_inside_a_package_of_the_system_was_installed_by_it() -> None:
    purl = "pkg:deb/debian/python3-c@3-1"
    row = {
        "type": "library",
        "name": "python3-c",
        "purl": purl,
        "bom-ref": "d",
        "components": [{"type": "library", "name": "c", "purl": C, "bom-ref": "c"}],
    }
    deb, pypi = understood(cyclonedx(also=[row])).packages

    assert (deb.type, pypi.type) == ("deb", "pypi")
    assert pypi.owner == deb.id


def test_the_same_package_at_two_places_is_one() -> None:
    rows = [
        {
            "type": "library",
            "name": "b",
            "purl": A,
            "bom-ref": place,
            "evidence": {"occurrences": [{"location": place}]},
        }
        for place in ("/x", "/a")
    ]

    assert only(cyclonedx(also=rows)).paths == ("/a", "/x")


def test_hashes_licences_and_supplier_are_taken() -> None:
    row = {
        "type": "library",
        "name": "b",
        "purl": A,
        "hashes": [{"alg": "SHA-256", "content": "AB" * 32}, {"alg": "SHA-256", "content": "?"}],
        "licenses": [{"license": {"id": "MIT"}}, {"expression": "MIT OR ISC"}, {"license": 3}],
        "supplier": {"name": "Somebody"},
    }
    package = only(cyclonedx(also=[row]))

    assert package.hashes == ("sha256:" + "ab" * 32,)
    assert package.licenses == ("MIT", "MIT OR ISC")
    assert package.vendor == "Somebody"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("text", "component 2 is no object", id="no object"),
        pytest.param({}, "component 2 has no fit name", id="no name"),
        pytest.param({"name": 3}, "component 2 has no fit name", id="a number for a name"),
        pytest.param({"name": "a\nb"}, "component 2 has no fit name", id="two lines"),
        pytest.param({"name": "n", "version": ["1"]}, "has no fit version", id="a list"),
        pytest.param({"name": "n", "purl": 3}, "package URL that is no text", id="purl"),
        pytest.param({"name": "n", "purl": "npm/x"}, "its package URL is none", id="no purl"),
        pytest.param({"name": "n", "components": 3}, "part is no list", id="parts"),
    ],
)
def test_a_damaged_component_is_a_problem_and_the_rest_stands(row: Any, reason: str) -> None:
    document = read(cyclonedx(A, also=[row]), "it")

    assert "@a/b" in {one.name for one in document.packages}
    (problem,) = document.problems
    assert reason in problem.reason
    assert problem.path == "it"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"components": {"a": 1}}, "component is no list"),
        ({"dependencies": "all"}, "dependency is no list"),
        ({"dependencies": [{"dependsOn": []}]}, "does not say of what"),
        ({"dependencies": [{"ref": "a", "dependsOn": "b"}]}, "no list of what it depends on"),
    ],
)
def test_a_member_of_the_wrong_kind_is_a_problem(members: Any, reason: str) -> None:
    (problem,) = read(cyclonedx(A, **members), "it").problems

    assert reason in problem.reason


def test_problems_are_bounded() -> None:
    problems = read(cyclonedx(also=[{}] * 5000), "it").problems

    assert len(problems) == 101
    assert problems[-1].reason == "4900 more entries are damaged"


def test_packages_of_several_distributions_are_a_problem() -> None:
    data = cyclonedx(
        "pkg:deb/debian/a@1?distro=debian-12",
        "pkg:deb/debian/b@1?distro=debian-12",
        "pkg:apk/alpine/c@1?distro=alpine-3.19",
    )
    document = read(data, "it")

    assert document.release is not None
    assert document.release.id == "debian"
    assert "several distributions (alpine, debian)" in document.problems[0].reason


BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>&b;</components></bom>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>&a;</components></bom>"""
DEEP = b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6">' + b"<a>" * 100_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(b" \n# nothing\n", "it is empty", id="comments alone"),
        pytest.param(b"{", "no JSON", id="cut off"),
        pytest.param(b"[]", "no SBOM", id="a list"),
        pytest.param(b"{}", "no SBOM", id="an object"),
        pytest.param(b'{"a":' * 100_000, "nested too deep", id="deep JSON"),
        pytest.param(b'{"a": "\xff"}', "not UTF-8", id="no UTF-8"),
        pytest.param(b"hello", "no SBOM", id="text"),
        pytest.param(b"SPDXID: x\nspdxVersion: SPDX-2.3\n", "YAML", id="YAML"),
        pytest.param(b"<rdf:RDF xmlns='x'/>", "RDF", id="RDF"),
        pytest.param(b"<bom>", "no XML", id="cut XML"),
        pytest.param(b"<html/>", "no CycloneDX", id="other XML"),
        pytest.param(BOMB, "document type", id="entities of entities"),
        pytest.param(OUTSIDE, "document type", id="entities from outside"),
        pytest.param(DEEP, "nested too deep", id="deep XML"),
        pytest.param(cyclonedx(A, version="9.9"), "CycloneDX 9.9 is not read", id="new CycloneDX"),
        pytest.param(spdx(A, version="2.1"), "SPDX-2.1 is not read", id="old SPDX"),
        pytest.param(envelope(b"{")[:-1], "no JSON", id="cut envelope"),
        pytest.param(b'{"payloadType": "x", "payload": "*"}', "no base64", id="no base64"),
        pytest.param(statement(b"3"), "no predicate", id="no predicate"),
        pytest.param(
            envelope(envelope(envelope(envelope(envelope(cyclonedx(A)))))), "wrapped", id="onion"
        ),
        pytest.param(b"SPDXVersion: SPDX-2.3\nA: <text>", "does not end", id="open text"),
    ],
)
def test_what_is_no_sbom_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        read(data, "it")

    assert "\n" not in str(caught.value)


def test_a_line_that_is_no_package_url_is_a_problem() -> None:
    document = read(f"{A}\nnonsense\n".encode(), "it")

    assert len(document.packages) == 1
    assert document.problems[0].reason == "line 2 is no package URL: 'nonsense'"


@pytest.mark.parametrize("make", MAKERS)
def test_damaged_documents_end_in_an_answer(make: Maker) -> None:
    ends = {outcome(data) for data in damaged(make(A, B, C, edges={A: [B]}), times=150)}

    assert ends >= {"read", "refused"}


def outcome(data: bytes) -> str:
    try:
        return "with problems" if read(data, "it").problems else "read"
    except LadingError:
        return "refused"


def test_of_trivy_the_source_package_is_taken_from_its_properties() -> None:
    said = {"SrcName": "openssl", "SrcVersion": "3.0.7", "SrcRelease": "1.el9", "SrcEpoch": "1"}
    row = {
        "type": "library",
        "name": "openssl-libs",
        "purl": "pkg:rpm/redhat/openssl-libs@3.0.7-1.el9?distro=redhat-9.2&epoch=1",
        "properties": [
            {"name": f"aquasecurity:trivy:{name}", "value": value} for name, value in said.items()
        ],
    }
    document = understood(cyclonedx(also=[row]))
    (package,) = document.packages

    assert package.version == "1:3.0.7-1.el9"
    assert package.source == SourcePackage(name="openssl", version="1:3.0.7-1.el9")
    assert document.release is not None
    assert document.release.id == "rhel"


def test_of_syft_who_installed_what_is_taken_from_its_relations() -> None:
    deb = "pkg:deb/debian/python3-c@3-1"
    relation = {"parent": deb, "child": C, "type": "ownership-by-file-overlap"}
    found = understood(syft(deb, C, artifactRelationships=[relation])).packages

    assert [one.owner for one in found] == [None, deb]


@pytest.mark.parametrize("text", ['{"files": "many"}', "{", "3", "[" * 100_000])
def test_facts_of_lading_that_are_damaged_are_a_problem(text: str) -> None:
    properties = [
        {"name": "lading:id", "value": "a"},
        {"name": "lading:layer", "value": "first"},
    ]
    row = {"type": "library", "name": "b", "purl": A, "properties": properties}
    whole = {"properties": [{"name": "lading:coverage", "value": text}]}
    document = read(cyclonedx(also=[row], metadata=whole), "it")

    assert [one.name for one in document.packages] == ["@a/b"]
    assert document.coverage is None
    reasons = [one.reason for one in document.problems]
    assert ["what Lading wrote" in reason for reason in reasons] == [True, True]
