"""An older state of real feeds made newer, by every way: the same as a fresh import, row for row.

What was touched is held to a second, naive reading of the raw records.
"""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feed_server import Answer, serving
from lading.advisories.applying import apply_bundle
from lading.advisories.content import Row, facts, rows
from lading.advisories.exporting import export
from lading.advisories.importing import import_paths
from lading.advisories.listing import ChangeList
from lading.advisories.sources import Source
from lading.advisories.sources.kev import KEV
from lading.advisories.sources.osv import OSV
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.model.coordinate import Coordinate
from lading.net import http_fetch
from shared_data import shared

pytestmark = [pytest.mark.shared, pytest.mark.slow]

ECOSYSTEMS = ("Go", "AlmaLinux:9")
CATALOGUE = "kev/known_exploited_vulnerabilities.json.gz"
NOW = "2026-11-24T00:00:00Z"
Raw = dict[str, dict[str, Any]]


def paths(*day: str) -> list[Path]:
    folder = shared("advisories", *day)
    return [*(folder / "osv" / name / "all.zip" for name in ECOSYSTEMS), folder / CATALOGUE]


def raw(ecosystem: str, *day: str) -> Raw:
    with zipfile.ZipFile(shared("advisories", *day, "osv", ecosystem, "all.zip")) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def packages(record: dict[str, Any] | None) -> set[Coordinate]:
    listed = (record or {}).get("affected", ())
    return {Coordinate(one["package"]["ecosystem"], one["package"]["name"]) for one in listed}


def said(record: dict[str, Any] | None) -> dict[str, Any]:
    """Return the record without its date, and without the words that are not kept."""
    left_out = ("modified", "details", "credits", "schema_version")
    return {key: value for key, value in (record or {}).items() if key not in left_out}


def expected() -> set[Coordinate]:
    """The packages of records that came, went or say something else."""
    found: set[Coordinate] = set()
    for ecosystem in ECOSYSTEMS:
        old, new = raw(ecosystem, "day0"), raw(ecosystem)
        for name in old.keys() | new.keys():
            before, after = old.get(name), new.get(name)
            if said(before) != said(after):
                found |= packages(before) | packages(after)
    return found


def exploited() -> set[str]:
    """The vulnerabilities that are new in the catalogue, or have other dates."""
    sets = []
    for day in (("day0",), ()):
        data = json.loads(gzip.decompress(shared("advisories", *day, CATALOGUE).read_bytes()))
        sets.append(
            {
                (
                    row["cveID"],
                    row["dateAdded"],
                    row.get("dueDate"),
                    row.get("knownRansomwareCampaignUse") == "Known",
                )
                for row in data["vulnerabilities"]
            }
        )
    return {row[0] for row in sets[0] ^ sets[1]}


def content(path: Path, rename: Callable[[str], str] = str) -> tuple[set[Row], list[Any]]:
    """All records, whatever numbers they have, and the catalogue."""
    with Writer(path) as writer:
        found = {one._replace(feed=rename(one.feed)) for one in rows(writer.connection)}
        return found, facts(writer.connection, "kev")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "fresh.db"
    with Writer(path) as writer:
        import_paths(paths(), writer)
    return path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.db"
    with Writer(path) as writer:
        import_paths(paths("day0"), writer)
    return path


def test_an_import_of_the_newer_state(fresh: Path, mine: Path) -> None:
    with Writer(mine) as writer:
        changes = import_paths(paths(), writer).changes

    assert content(mine) == content(fresh)
    assert changes.coordinates == expected()
    assert changes.names == exploited()


def test_an_import_of_the_older_state_over_the_newer(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_bytes(fresh.read_bytes())

    with Writer(path) as writer:
        changes = import_paths(paths("day0"), writer).changes

    assert not changes


def test_a_delta_between_bundles(fresh: Path, mine: Path, tmp_path: Path) -> None:
    export(mine, tmp_path / "day0.lading")
    export(fresh, tmp_path / "all.lading")
    export(fresh, tmp_path / "delta.lading", since=tmp_path / "day0.lading")
    with Writer(mine) as writer:
        changes = apply_bundle(tmp_path / "delta.lading", writer).changes

    assert content(mine) == content(fresh)
    assert changes.coordinates == expected()
    assert changes.names == exploited()
    sizes = {name: (tmp_path / name).stat().st_size for name in ("delta.lading", "all.lading")}
    assert sizes["delta.lading"] < sizes["all.lading"] / 2


def served(*day: str) -> dict[str, Answer | list[Answer]]:
    """The feeds as upstream's servers have them: whole, as lists, and record by record."""
    answers: dict[str, Answer | list[Answer]] = {}
    folder = shared("advisories", *day)
    for name in ECOSYSTEMS:
        where = f"/{name.partition(':')[0]}"
        for file in ("all.zip", "modified_id.csv"):
            data = (folder / "osv" / name / file).read_bytes()
            answers[f"{where}/{file}"] = Answer(body=data, headers={"ETag": f'"{day}{file}"'})
        for file, value in raw(name, *day).items():
            answers[f"{where}/{file}"] = Answer(body=json.dumps(value).encode())
    data = gzip.decompress((folder / CATALOGUE).read_bytes())
    answers["/kev.json"] = Answer(body=data, headers={"ETag": f'"{day}kev"'})
    return answers


def test_updates_from_servers(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "served.db"
    with serving(served("day0")) as server:
        sources = [
            *(
                Source(
                    name=f"osv/{name}",
                    url=f"{server.url}/{name.partition(':')[0]}/all.zip",
                    format=OSV,
                    changes=ChangeList(
                        url=f"{server.url}/{name.partition(':')[0]}/modified_id.csv"
                    ),
                )
                for name in ECOSYSTEMS
            ),
            Source(name="kev", url=f"{server.url}/kev.json", format=KEV),
        ]

        def updated() -> list[Outcome]:
            with Writer(path) as writer:
                return [*refresh(sources, writer, http_fetch(largest=1 << 30, tries=1), NOW)]

        updated()
        server.answers.clear()
        server.answers.update(served())
        outcomes = updated()
        again = updated()

    # More of Go's records changed than are fetched one by one; AlmaLinux's are.
    assert [one.is_delta for one in outcomes] == [False, True, False]
    assert [one.error for one in outcomes] == [None] * 3
    assert {place for one in outcomes for place in one.changes.coordinates} == expected()
    assert [one.records for one in again] == [None] * 3
    mine, new = content(path), content(fresh)
    # Two records got an earlier date and nothing else: a list does not lead to them.
    assert {row.id for row in mine[0] ^ new[0]} <= {"ALSA-2026:A002", "ALSA-2026:A005"}
    assert mine[1] == new[1]
