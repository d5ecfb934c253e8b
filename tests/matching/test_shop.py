"""Of a real image, each finding of a language package that raw records justify, and no other."""

from pathlib import Path

import pytest

from builders import LIMITS
from lading import findings
from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer
from lading.catalog.inventory import Inventory
from lading.image import open_target
from lading.image.target import parse
from lading.matching import match
from lading.model.finding import Finding
from lading.model.match import Answer
from lading.scan import Choices, inventory
from matching.naive import raw_records
from matching.naive_languages import ECOSYSTEMS, pairs
from shared_data import needs_shared, shared

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(240), needs_shared]


@pytest.fixture(scope="module")
def shop() -> Inventory:
    target = parse(f"oci:{shared('images', 'shop')}:3.1.0")
    return inventory(open_target(target, None, LIMITS), Choices(), lambda *_: None)


@pytest.fixture(scope="module")
def archives() -> list[Path]:
    return [shared("advisories", "osv", ecosystem, "all.zip") for ecosystem in ECOSYSTEMS.values()]


@pytest.fixture(scope="module")
def database(archives: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("advisories") / "a.db"
    with Writer(path) as writer:
        import_paths([*archives, shared("advisories", "osv", "Debian")], writer)
    return path


def merged(shop: Inventory, database: Path) -> tuple[Finding, ...]:
    with Database.open(database) as opened:
        found = match(shop.packages, shop.release, opened.candidates_for, opened.ecosystems())
        advisories = opened.advisories({one.candidate.advisory for one in found.matches})
        names = findings.vulnerability_names(advisories.values())
        return findings.merge(
            found.matches,
            advisories=advisories,
            related=opened.naming(names),
            kev=opened.kev(names),
            epss=opened.epss(names),
        )


def of_languages(shop: Inventory) -> list[tuple[str, str, str, str]]:
    return [
        (one.id, ECOSYSTEMS[one.type], one.name, one.version)
        for one in shop.packages
        if one.type in ECOSYSTEMS and one.version is not None
    ]


def test_findings_of_language_packages_are_those_that_raw_records_justify(
    shop: Inventory, archives: list[Path], database: Path
) -> None:
    packages = of_languages(shop)
    records = [record for archive in archives for record in raw_records(archive)]

    expected = pairs(packages, records)
    ids = {id for id, *_ in packages}
    found = {
        (finding.package, advisory.id)
        for finding in merged(shop, database)
        if finding.package in ids
        for advisory in finding.advisories
    }

    assert len(packages) > 150
    assert len(expected) > 50
    assert found == expected


def test_every_package_and_record_is_answered_as_the_naive_way_does(
    shop: Inventory, archives: list[Path], database: Path
) -> None:
    packages = of_languages(shop)
    records = [record for archive in archives for record in raw_records(archive)]

    expected = pairs(packages, records)
    with Database.open(database) as opened:
        matched = match(
            shop.packages,
            shop.release,
            opened.candidates_for,
            opened.ecosystems(),
            everything=True,
        )
    ids = {id for id, *_ in packages}
    affected = {
        (one.package.id, one.candidate.advisory)
        for one in matched.matches
        if one.answer is Answer.AFFECTED and one.package.id in ids
    }

    assert affected == expected
