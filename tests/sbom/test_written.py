"""What Lading writes is valid by the judges of each format, and says all that is known."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from builders import a_result
from lading.model.image import NO_IMAGE, System
from lading.model.package import Package, SourcePackage
from lading.model.result import Result
from lading.report import render
from lading.report.view import View
from lading.sbom import read
from lading.sbom.identity import identity, purl_with_source
from lading.sbom.licenses import expression
from report.sample import SCAN

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOSTILE = Package(
    id="pkg:npm/%3Cb%3E@1",
    type="npm",
    name='<b>"\u202e',
    version="1 ;2",
    purl="pkg:npm/%3Cb%3E@1",
    paths=("/a\u2028b", "/" + "x" * 5000),
    licenses=("MIT", "see the file, or <ask>", "Apache-2.0 OR MIT"),
    hashes=("sha256:" + "ab" * 32, "h1:odd"),
    vendor="Evil\u200bCorp",
    depends_on=("nobody", "pkg:npm/%3Cb%3E@1"),
    owner="nobody",
)
NOTHING = a_result(target="empty")
ODD = a_result(target="odd", packages=(HOSTILE,))
RESULTS = [
    pytest.param(SCAN, id="a scan"),
    pytest.param(ODD, id="a hostile package"),
    pytest.param(NOTHING, id="nothing at all"),
]


def written(result: Result, format: str) -> str:
    return render(result, View(now=NOW), format)


@pytest.mark.parametrize("result", RESULTS)
def test_cyclonedx_is_what_its_schema_asks_for(result: Result) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)

    assert validator.validate_str(written(result, "cyclonedx")) is None


@pytest.mark.parametrize("result", [RESULTS[0], RESULTS[2]])
def test_spdx_is_what_spdx_tools_accept(result: Result, tmp_path: Path) -> None:
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    path = tmp_path / "it.spdx.json"
    path.write_text(written(result, "spdx"), encoding="utf-8")

    document = parse_file(str(path))

    assert [one.validation_message for one in validate_full_spdx_document(document)] == []


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
@pytest.mark.parametrize("result", RESULTS)
def test_everything_that_the_result_says_of_its_packages_is_read_back(
    result: Result, format: str
) -> None:
    document = read(written(result, format).encode(), "it")

    ids = {one.id for one in result.packages}
    kept = {
        one.id: [id for id in one.depends_on if id in ids - {one.id}] for one in result.packages
    }
    assert document.problems == result.problems
    assert document.image == result.image
    assert {one.id: list(one.depends_on) for one in document.packages} == kept
    for ours, theirs in zip(by_id(result.packages), document.packages, strict=True):
        for name in ("type", "name", "version", "paths", "source", "licenses", "hashes", "owner"):
            assert getattr(theirs, name) == getattr(ours, name)


def by_id(packages: tuple[Package, ...]) -> list[Package]:
    return sorted(packages, key=lambda one: one.id)


@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "purl"])
def test_characters_that_reorder_text_are_escapes(format: str) -> None:
    text = written(ODD, format)

    assert [one for one in ("\u202e", "\u2028", "\u200b", "\x07") if one in text] == []


def components(document: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = list(document["components"])
    while waiting:
        row = waiting.pop()
        found[row["bom-ref"]] = row
        waiting += row.get("components", ())
    return found


def test_what_an_os_package_installed_stands_inside_of_it() -> None:
    deb = Package(
        id="pkg:deb/debian/python3-c@3-1", type="deb", name="python3-c", version="3-1", paths=(),
        purl="pkg:deb/debian/python3-c@3-1",
    )  # fmt: skip
    pypi = Package(
        id="pkg:pypi/c@3", type="pypi", name="c", version="3", paths=(), purl="pkg:pypi/c@3",
        owner=deb.id,
    )  # fmt: skip

    document = json.loads(written(a_result(packages=(deb, pypi)), "cyclonedx"))

    (outer,) = document["components"]
    assert [one["purl"] for one in outer["components"]] == ["pkg:pypi/c@3"]


def test_owners_in_a_circle_hide_nothing() -> None:
    one = Package(id="a", type="deb", name="a", version="1", paths=(), owner="b")
    other = Package(id="b", type="deb", name="b", version="1", paths=(), owner="a")

    document = json.loads(written(a_result(packages=(one, other)), "cyclonedx"))

    assert set(components(document)) == {"a", "b"}


def test_the_purl_names_the_source_package_and_the_module() -> None:
    package = Package(
        type="rpm",
        name="nodejs",
        version="1:18.1-1",
        paths=(),
        purl="pkg:rpm/rocky/nodejs@18.1-1?epoch=1",
        source=SourcePackage(name="node", version="18.1-1"),
        module="nodejs:18:1:a",
    )

    purl = purl_with_source(package)
    found = identity(purl)

    assert found is not None
    assert found.purl == package.purl
    assert (found.source, found.module) == (package.source, package.module)
    assert found.version == "1:18.1-1"


def test_a_list_of_package_urls_has_each_once_and_counts_those_without() -> None:
    lines = written(SCAN, "purl").splitlines()

    assert lines == [*sorted(set(lines) - {lines[-1]}), lines[-1]]
    assert lines[-1] == "# packages without a package URL: 1"
    assert "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1" in lines


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("MIT", "MIT"),
        ("apache-2.0", "Apache-2.0"),
        ("mit or (Apache-2.0 and isc)", "MIT OR (Apache-2.0 AND ISC)"),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0",) * 2,
        ("Beerware, or so", None),
        ("MIT AND", None),
        ("LicenseRef-ours", None),
        ("", None),
        ("(" * 5000, None),
        ("é", None),
    ],
)
def test_licence_expressions_are_told_from_other_text(text: str, spelled: str | None) -> None:
    assert expression(text) == spelled


def test_a_licence_that_spdx_does_not_know_is_there_with_its_text() -> None:
    document = json.loads(written(ODD, "spdx"))

    (extracted,) = document["hasExtractedLicensingInfos"]
    row = next(
        one
        for one in document["packages"]
        if "licenseDeclared" in one and one["SPDXID"] != "SPDXRef-Target"
    )
    assert extracted["extractedText"] == "see the file, or <ask>"
    assert row["licenseDeclared"] == f"MIT AND {extracted['licenseId']} AND (Apache-2.0 OR MIT)"


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
def test_what_a_derivative_says_it_is_like_is_read_back(format: str) -> None:
    system = System(
        id="raspbian", version_id="12", pretty_name="Raspbian 12", end_of_life=None,
        supported=None, id_like=("debian", "other"), codename="bookworm",
    )  # fmt: skip
    image = replace(NO_IMAGE, os=system)

    release = read(written(a_result(image=image), format).encode(), "it").release

    assert release is not None
    assert (release.id, release.version_id, release.pretty_name) == (
        "raspbian",
        "12",
        "Raspbian 12",
    )
    assert (release.id_like, release.codename) == (("debian", "other"), "bookworm")
