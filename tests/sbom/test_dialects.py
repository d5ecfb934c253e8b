"""What only one format, or one tool, says in its own way."""

import json
from typing import Any

import pytest

from lading.model.package import SourcePackage
from lading.sbom import read
from lading.sbom.identity import identity
from sbom.documents import only, spdx, spdx3, spdx_tags, syft, understood

DEB, PYPI = "pkg:deb/debian/python3-c@3-1", "pkg:pypi/c@3"


def a_relation(origin: str, kind: str, to: str, comment: str = "") -> dict[str, str]:
    return {
        "spdxElementId": origin,
        "relationshipType": kind,
        "relatedSpdxElement": to,
        "comment": comment,
    }


@pytest.mark.parametrize(
    "relation",
    [
        a_relation("SPDXRef-0", "CONTAINS", "SPDXRef-1"),
        a_relation("SPDXRef-0", "OTHER", "SPDXRef-1", "ownership-by-file-overlap: of files"),
    ],
)
def test_in_spdx_a_package_of_the_system_contains_what_it_installed(relation: Any) -> None:
    deb, pypi = understood(spdx(DEB, PYPI, relationships=[relation])).packages

    assert pypi.owner == deb.id


def test_in_spdx_a_dependency_may_be_written_from_either_end() -> None:
    relation = a_relation("SPDXRef-0", "DEPENDENCY_OF", "SPDXRef-1")
    deb, pypi = understood(spdx(DEB, PYPI, relationships=[relation])).packages

    assert pypi.depends_on == (deb.id,)


def test_a_relation_that_is_not_between_two_elements_is_a_problem() -> None:
    document = read(spdx(PYPI, relationships=[{"spdxElementId": "a"}]), "it")

    assert document.problems[0].reason == "relationship 1 is not between two elements"


def test_the_one_thing_that_spdx_describes_is_not_among_its_packages() -> None:
    rows = json.loads(spdx(PYPI))["packages"]
    rows.append({"name": "app", "SPDXID": "SPDXRef-App"})

    document = spdx(packages=rows, documentDescribes=["SPDXRef-App"])

    assert only(document).name == "c"


def test_what_spdx_says_of_a_package_is_taken() -> None:
    row = {
        "name": "openssl-libs",
        "SPDXID": "SPDXRef-a",
        "supplier": "Organization: Somebody",
        "licenseDeclared": "MIT",
        "licenseConcluded": "NOASSERTION",
        "checksums": [{"algorithm": "SHA1", "checksumValue": "ab" * 20}],
        "sourceInfo": "built package from: openssl 3.0.11-1",
        "externalRefs": [
            {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:x:x:1"},
            {"referenceType": "purl", "referenceLocator": "pkg:deb/debian/libssl3@3.0.11-1"},
        ],
    }
    package = only(spdx(packages=[row]))

    assert package.vendor == "Somebody"
    assert package.licenses == ("MIT",)
    assert package.hashes == ("sha1:" + "ab" * 20,)
    assert package.source == SourcePackage(name="openssl", version="3.0.11-1")


def test_tags_say_the_same_as_json() -> None:
    text = """
PackageName: libssl3
SPDXID: SPDXRef-a
PackageVersion: 3.0.11-1
PackageSupplier: Organization: Somebody
PackageLicenseDeclared: MIT
PackageChecksum: SHA1: abababababababababababababababababababab
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libssl3@3.0.11-1

FileName: ./a
SPDXID: SPDXRef-file
PackageVersion: of no package
"""
    package = only(spdx_tags() + text.encode())

    assert (package.name, package.version) == ("libssl3", "3.0.11-1")
    assert package.vendor == "Somebody"
    assert package.licenses == ("MIT",)
    assert package.hashes == ("sha1:" + "ab" * 20,)


def test_annotations_of_tags_are_those_of_the_element_that_they_name() -> None:
    facts = {"id": "x", "type": "npm", "name": "a", "version": "1", "layer": "2", "paths": "/a"}
    lines = ["PackageName: a", "SPDXID: SPDXRef-a"]
    for name, value in facts.items():
        lines += ["SPDXREF: SPDXRef-a", f"AnnotationComment: <text>lading:{name}={value}</text>"]

    package = only(spdx_tags() + "\n".join(["", *lines]).encode())

    assert (package.id, package.layer, package.paths) == ("x", 2, ("/a",))


def test_spdx_3_states_licences_by_relations() -> None:
    document = json.loads(spdx3(PYPI))
    document["@graph"] += [
        {
            "type": "simplelicensing_LicenseExpression",
            "spdxId": "l",
            "simplelicensing_licenseExpression": "MIT",
        },
        {"type": "Relationship", "from": PYPI, "relationshipType": "hasDeclaredLicense", "to": "l"},
    ]

    assert only(json.dumps(document).encode()).licenses == ("MIT",)


def test_spdx_3_may_name_the_package_url_among_other_identifiers() -> None:
    row = {
        "type": "software_Package",
        "name": "c",
        "externalIdentifier": [
            {"externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:x:x:1"},
            {"externalIdentifierType": "packageUrl", "identifier": PYPI},
        ],
        "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "ab" * 32}],
    }
    graph = [row, {"type": "SpdxDocument", "rootElement": ["nothing"]}, "text"]
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    document = read(json.dumps({"@context": context, "@graph": graph}).encode(), "it")

    assert document.packages[0].purl == PYPI
    assert document.packages[0].hashes == ("sha256:" + "ab" * 32,)
    assert document.problems[0].reason == "element 3 is no object"


@pytest.mark.parametrize("row", [{"type": "software_Package"}, {"name": "a\nb"}, {"name": 3}])
@pytest.mark.parametrize("form", ["spdx", "spdx3", "syft"])
def test_a_package_without_a_fit_name_is_a_problem(form: str, row: Any) -> None:
    match form:
        case "spdx":
            data = spdx(packages=[row])
        case "spdx3":
            graph = [row | {"type": "software_Package"}]
            data = json.dumps({"@context": "https://spdx.org/rdf/3.0", "@graph": graph}).encode()
        case _:
            data = syft(artifacts=[row])

    document = read(data, "it")

    assert document.packages == ()
    assert "1 has no fit name" in document.problems[0].reason


def test_syft_names_the_distribution_apart() -> None:
    distro = {"id": "raspbian", "versionID": "12", "idLike": ["debian"], "prettyName": "R 12"}
    release = understood(syft(DEB, distro=distro)).release

    assert release is not None
    assert (release.id, release.version_id, release.id_like) == ("raspbian", "12", ("debian",))


def test_syft_writes_a_word_where_it_knows_no_version() -> None:
    row = {"id": "a", "name": "orders", "version": "UNKNOWN", "purl": "pkg:maven/o/orders"}

    assert only(syft(artifacts=[row])).version is None


def test_the_file_name_of_a_source_rpm_is_its_name_and_version() -> None:
    purl = "pkg:rpm/rocky/openssl-libs@3.0.7-27.el9?epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm"
    found = identity(purl)

    assert found is not None
    assert found.version == "1:3.0.7-27.el9"
    assert found.source == SourcePackage(name="openssl", version="3.0.7-27.el9")


@pytest.mark.parametrize(
    "purl", ["", "pkg:", "pkg:npm", "npm/x@1", "pkg:npm/%0A@1", "pkg:npm/a@%00"]
)
def test_what_is_no_package_url_has_no_identity(purl: str) -> None:
    assert identity(purl) is None
