"""The fast way and the naive one say the same of every package and every record."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from builders import LIMITS
from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer
from lading.image import open_target
from lading.image.target import parse
from lading.matching import match
from lading.model.match import Answer
from lading.model.package import Package, Release
from lading.scan import Choices, inventory
from matching.naive import (
    Compare,
    Statement,
    compare_apk,
    compare_deb,
    compare_rpm,
    findings,
    is_readable,
    osv_statements,
    oval_statements,
    secdb_statements,
)
from shared_data import needs_shared, shared

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(240), needs_shared]

_COUNT = 2000


def versions_around(statements: Iterable[Statement], kind: str) -> list[tuple[str, str, str]]:
    """2,000 packages that records name, in versions at, above and below those that they name."""
    dice = random.Random(6)
    named: dict[str, set[str]] = {}
    for _, name, *ends in statements:
        named.setdefault(name, set()).update(at for at in ends if at is not None)
    names = dice.choices(sorted(named), k=_COUNT)
    return [
        (f"{kind}/{number}", name, _near(dice.choice(sorted(named[name])), kind, dice))
        for number, name in enumerate(names)
    ]


def _near(named: str, kind: str, dice: random.Random) -> str:
    version = named.removesuffix("\0")
    changes: dict[str, list[Callable[[], str]]] = {
        "deb": [
            lambda: f"{version}~bpo12+1",
            lambda: f"{version}+b1",
            lambda: f"1:{version}" if ":" not in version else version,
            lambda: version.replace("deb12u", "deb11u"),
        ],
        "rpm": [
            lambda: version.removeprefix("0:"),
            lambda: f"1:{version}" if ":" not in version else version.partition(":")[2],
            lambda: f"{version}_1",
            lambda: version.replace(".el9", ".el8"),
        ],
        "apk": [
            lambda: version.replace("-r", "_p1-r"),
            lambda: version.replace("-r", "_rc2-r"),
            lambda: version if "_" in version else version.replace("-r", ".1-r"),
        ],
    }
    digits = [at for at, character in enumerate(version) if character.isdigit()]
    at = dice.choice(digits)
    digit = str(dice.randrange(10))
    plain = [
        lambda: version,
        lambda: version[:at] + digit + version[at + 1 :],
        lambda: f"{version}{digit}",
    ]
    changed = dice.choice([*plain, *changes[kind]])()
    return changed if is_readable(kind, changed) else version


Pairs = set[tuple[str, str]]


def fast(
    packages: Iterable[tuple[str, str, str]], kind: str, release: Release, database: Database
) -> tuple[Pairs, Pairs]:
    """What Lading calls affected, and unknown, in the naive one's form."""
    given = [
        Package(type=kind, name=name, version=version, paths=("/db",), id=id)
        for id, name, version in packages
    ]
    found = match(given, release, database.candidates_for, database.ecosystems())
    assert found.unmatched == ()
    affected, unknown = (
        {(one.package.id, one.candidate.advisory) for one in found.matches if one.answer is answer}
        for answer in (Answer.AFFECTED, Answer.UNKNOWN)
    )
    return affected, unknown - affected


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("advisories") / "a.db"
    folders = [
        shared("advisories", "osv", "Debian"),
        shared("advisories", "osv", "AlmaLinux:9"),
        shared("advisories", "alpine-secdb", "v3.11"),
        shared("advisories", "azurelinux-oval", "azurelinux-3.0-oval.xml.gz"),
    ]
    with Writer(path) as writer:
        import_paths(folders, writer)
    return path


def a_release(id: str, version: str) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release")


def debian() -> list[Statement]:
    return [*osv_statements(shared("advisories", "osv", "Debian", "all.zip"), "Debian:12")]


def almalinux() -> list[Statement]:
    archive = shared("advisories", "osv", "AlmaLinux:9", "all.zip")
    # A module's builds are held against the module's, which naive packages of no module are not.
    return [
        one for one in osv_statements(archive, "AlmaLinux:9") if ".module" not in (one[3] or "")
    ]


def alpine() -> list[Statement]:
    folder = shared("advisories", "alpine-secdb", "v3.11")
    return [one for file in sorted(folder.glob("*.json")) for one in secdb_statements(file)]


def azurelinux() -> list[Statement]:
    return [*oval_statements(shared("advisories", "azurelinux-oval", "azurelinux-3.0-oval.xml.gz"))]


@pytest.mark.parametrize(
    ("kind", "release", "statements", "compare"),
    [
        pytest.param("deb", a_release("debian", "12"), debian, compare_deb, id="bookworm"),
        pytest.param("rpm", a_release("almalinux", "9.4"), almalinux, compare_rpm, id="AlmaLinux"),
        pytest.param("apk", a_release("alpine", "3.11.2"), alpine, compare_apk, id="Alpine"),
        pytest.param("rpm", a_release("azurelinux", "3.0"), azurelinux, compare_rpm, id="Azure"),
    ],
)
def test_two_thousand_packages_have_the_findings_that_a_loop_over_raw_records_gives(
    kind: str,
    release: Release,
    statements: Callable[[], list[Statement]],
    compare: Compare,
    database: Path,
) -> None:
    said: list[Statement] = []
    garbled: list[Statement] = []
    for one in statements():
        (said if all(is_readable(kind, end) for end in one[2:]) else garbled).append(one)
    packages = versions_around(said, kind)
    expected = findings(packages, said, compare)
    untold = {
        (id, record) for id, name, _ in packages for record, named, *_ in garbled if name == named
    }

    with Database.open(database) as opened:
        affected, unknown = fast(packages, kind, release, opened)

    assert len(expected) > _COUNT / 2
    assert len(garbled) < 30  # upstream's own: a space, a version that apk refuses
    assert affected == expected
    assert unknown == untold - expected


@pytest.mark.parametrize("tag", ["debian:12-slim", "shop:3.1.0"])
def test_real_images_have_the_findings_that_a_loop_over_raw_records_gives(
    tag: str, database: Path
) -> None:
    name, _, version = tag.partition(":")
    target = parse(f"oci:{shared('images', name)}:{version}")
    found = inventory(open_target(target, None, LIMITS), Choices(), lambda *_: None)
    debs = [one for one in found.packages if one.type == "deb"]
    sources = [
        (one.id, one.source.name, one.source.version or one.version or "")
        if one.source is not None
        else (one.id, one.name, one.version or "")
        for one in debs
    ]
    inside = [
        (one.id, used.name, used.version)
        for one in debs
        for used in one.built_using
        if used.version is not None
    ]

    expected = findings([*sources, *inside], debian(), compare_deb)

    with Database.open(database) as opened:
        matched = match(
            debs, found.release, opened.candidates_for, opened.ecosystems(), everything=True
        )
    affected = {
        (one.package.id, one.candidate.advisory)
        for one in matched.matches
        if one.answer is Answer.AFFECTED
    }
    assert len(debs) > 80
    assert affected == expected
    assert Answer.UNKNOWN not in {one.answer for one in matched.matches}
