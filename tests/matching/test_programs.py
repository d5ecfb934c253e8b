"""Programs that no package manager knows: held against NVD and Node.js, and nothing by guess."""

import json
from pathlib import Path

import pytest

from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer
from lading.matching import match
from lading.matching.ecosystems import coordinates
from lading.model.package import Evidence, Package


def a_program(name: str = "openssl", version: str | None = "1.0.2k", **facts: object) -> Package:
    dull: dict[str, object] = {"evidence": Evidence.CONTENT, "paths": ("/opt/x",), "id": name}
    return Package(type="generic", name=name, version=version, **(dull | facts))  # type: ignore[arg-type]  # facts of a test


def places(package: Package) -> list[tuple[str, str]]:
    return [(where.ecosystem, where.name) for where, *_ in coordinates(package, None).places]


@pytest.mark.parametrize(
    ("package", "found"),
    [
        (a_program(), [("NVD", "openssl:openssl"), ("generic", "openssl")]),
        (
            a_program("node"),
            [
                ("Node.js", "node"),
                ("Node.js:linux", "node"),
                ("NVD", "nodejs:node.js"),
                ("generic", "node"),
            ],
        ),
        (
            a_program("curl"),
            [("NVD", "haxx:curl"), ("NVD", "haxx:libcurl"), ("generic", "curl")],
        ),
        (a_program("acme-agent"), [("generic", "acme-agent")]),
        (a_program(evidence=Evidence.INSTALLED), [("generic", "openssl")]),
        (a_program(owner="pkg:deb/debian/libssl3"), [("generic", "openssl")]),
        (a_program(version=None), []),
    ],
)
def test_where_a_program_is_looked_up(package: Package, found: list[tuple[str, str]]) -> None:
    assert sorted(places(package)) == sorted(found)


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("openssl", "openssl"), ("node", "npm"), ("openjdk", "jdk"), ("x", "generic")],
)
def test_the_order_of_its_versions(name: str, scheme: str) -> None:
    assert coordinates(a_program(name), None).scheme == scheme


def test_packages_of_package_managers_are_never_held_against_nvd() -> None:
    for type in ("pypi", "npm", "maven", "gem", "golang"):
        package = Package(
            type=type, name="a:openssl", version="1", paths=("/x",), evidence=Evidence.CONTENT
        )
        assert "NVD" not in {ecosystem for ecosystem, _ in places(package)}


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """NVD says something of OpenSSL, and of Node.js on Windows its project does."""
    criteria = "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*"
    matches = [{"vulnerable": True, "criteria": criteria, "versionEndExcluding": "1.0.2l"}]
    cve = {"id": "CVE-2026-1000", "configurations": [{"nodes": [{"cpeMatch": matches}]}]}
    (tmp_path / "nvd.json").write_text(json.dumps({"cve": cve}))
    node = {
        "cve": ["CVE-2026-2000"],
        "vulnerable": "20.x",
        "patched": "^20.5.0",
        "affectedEnvironments": ["win32"],
    }
    (tmp_path / "node.json").write_text(json.dumps(node))
    node |= {"cve": ["CVE-2026-3000"], "affectedEnvironments": ["all"]}
    (tmp_path / "node2.json").write_text(json.dumps(node))
    with Writer(tmp_path / "x.db") as writer:
        assert import_paths(sorted(tmp_path.glob("*.json")), writer).rejected == []
    return tmp_path / "x.db"


def findings(package: Package, known: Path) -> tuple[list[tuple[str, str]], list[str]]:
    with Database.open(known) as database:
        found = match([package], None, database.candidates_for, database.ecosystems())
    return (
        [(one.candidate.advisory, one.rule) for one in found.matches],
        [one.reason for one in found.unmatched],
    )


def test_a_match_by_nvd_says_that_its_certainty_is_low(known: Path) -> None:
    matches, unmatched = findings(a_program(), known)

    assert matches == [
        (
            "CVE-2026-1000",
            "1.0.2k is below 1.0.2l (openssl), by what NVD says of openssl:openssl (low certainty)",
        )
    ]
    assert unmatched == []


def test_the_fixed_version_is_not_affected(known: Path) -> None:
    assert findings(a_program(version="1.0.2l"), known) == ([], [])


def test_what_is_about_another_platform_is_not_asked_for(known: Path) -> None:
    matches, _ = findings(a_program("node", "20.4.0"), known)

    assert [id.partition("NODEJS-")[2][:13] for id, _ in matches] == ["CVE-2026-3000"]


def test_a_program_that_no_feed_knows_is_unmatched(known: Path) -> None:
    assert findings(a_program("acme-agent"), known) == (
        [],
        ["no advisory feed covers packages of type generic"],
    )
