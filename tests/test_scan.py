"""The pipeline: what goes wrong in a part becomes a line of the result, and hides nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from images import SYSTEM, a_layer, a_layout
from lading.advisories.database import Database
from lading.advisories.writer import Writer
from lading.cache import Cache
from lading.catalog import CATALOGERS
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.errors import CatalogError, DigestMismatch
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range
from lading.model.finding import Severity
from lading.model.package import Fact, Package, Release
from lading.model.problem import Stage
from lading.model.result import Result
from lading.policy import Policy, from_flags
from lading.scan import Choices, inventory, judged, packages

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def listing(file: ImageFile) -> Iterator[Fact]:
    """One package a line; the line `!` cannot be understood, `!!` is a mistake of the reader."""
    for line in bytes(file.data).decode().split():
        if line == "!":
            raise CatalogError("line 2 is no package")
        if line == "!!":
            raise KeyError("name")
        name, _, version = line.partition("=")
        yield Package(type="deb", name=name, version=version, paths=(file.path,))


LISTING = Cataloger(name="listing", revision=1, wants=("**/listing",), read=listing)


def an_advisory(id: str, ecosystem: str, name: str, fixed: str) -> Advisory:
    events = (
        Event(kind=EventKind.INTRODUCED, version="0"),
        Event(kind=EventKind.FIXED, version=fixed),
    )
    affected = Affected(
        ecosystem=ecosystem, name=name, ranges=(Range(type="ECOSYSTEM", events=events),)
    )
    return Advisory(id=id, feed="test", modified="2026-01-01T00:00:00Z", affected=(affected,))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    writer = Writer(tmp_path / "advisories.db")
    with writer.transaction():
        writer.put("test", [an_advisory("CVE-2025-1", "Debian:12", "thing", "1.0-2")])
    writer.close()
    with Database.open(tmp_path / "advisories.db") as opened:
        yield opened


def scanned(
    folder: Path,
    database: Database,
    *,
    choices: Choices | None = None,
    rules: Policy | None = None,
    stale_after_hours: float = 72,
) -> Result:
    opened = open_target(parse(str(folder)), None, Limits())
    try:
        found = inventory(opened, choices or Choices(), lambda done, total: None)
        return judged(
            packages(opened, "given", found),
            found.release,
            database,
            rules=(rules,) if rules else (),
            now=NOW,
            stale_after_hours=stale_after_hours,
        )
    finally:
        opened.close()


def test_a_package_below_the_fix_is_a_finding(tmp_path: Path, database: Database) -> None:
    result = scanned(a_layout(tmp_path / "image", a_layer(SYSTEM)), database)

    assert result.findings is not None
    (finding,) = result.findings
    assert (finding.id, finding.installed, finding.fix.versions, finding.layer) == (
        "CVE-2025-1",
        "1.0-1",
        ("1.0-2",),
        0,
    )
    assert result.verdict is not None
    assert result.verdict.passed
    assert (result.target, result.target_kind) == ("given", "image")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"a=1 ! b=2", "listing: line 2 is no package", id="a file not understood"),
        pytest.param(b"a=1 !! b=2", "listing: KeyError: 'name'", id="a reader's own mistake"),
        pytest.param(b"a=1 \xff", "UnicodeDecodeError", id="an exception of the library"),
    ],
)
def test_a_failing_cataloger_is_a_problem_and_keeps_what_it_found(
    content: bytes, reason: str, tmp_path: Path, database: Database
) -> None:
    layer = a_layer(SYSTEM | {"srv/listing": content, "srv/b/listing": b"c=3"})
    image = a_layout(tmp_path / "image", layer)

    result = scanned(image, database, choices=Choices(catalogers=(*CATALOGERS, LISTING)))

    (problem,) = result.problems
    assert (problem.stage, problem.path) == (Stage.CATALOG, "/srv/listing")
    assert reason in problem.reason
    assert problem.effect == "packages that this file lists may be missing"
    names = {one.name for one in result.packages}
    assert names >= {"thing", "c"}
    assert ("a" in names) is (reason != "UnicodeDecodeError")


def test_problems_come_back_from_the_cache(tmp_path: Path, database: Database) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | {"srv/listing": b"a=1 !"}))
    choices = Choices(catalogers=(*CATALOGERS, LISTING), cache=Cache(tmp_path / "cache"))

    first = scanned(image, database, choices=choices)

    assert first.problems
    assert scanned(image, database, choices=choices) == first


def test_a_path_that_is_no_utf8_is_kept_and_cached(tmp_path: Path, database: Database) -> None:
    name = "srv/\udcff/listing"
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | {name: b"a=1 !"}))
    choices = Choices(catalogers=(*CATALOGERS, LISTING), cache=Cache(tmp_path / "cache"))

    first = scanned(image, database, choices=choices)

    assert [one.path for one in first.problems] == ["/srv/\\xff/listing"]
    assert "a" in {one.name for one in first.packages}
    assert scanned(image, database, choices=choices) == first


def test_problems_are_sorted_whatever_order_layers_end_in(
    tmp_path: Path, database: Database
) -> None:
    bottom = a_layer(SYSTEM | {"z/listing": b"!", "a/listing": b"!"})
    top = a_layer({"m/listing": b"!", "../x": b""})
    image = a_layout(tmp_path / "image", bottom, top)
    choices = Choices(catalogers=(*CATALOGERS, LISTING), workers=4)

    result = scanned(image, database, choices=choices)

    assert len(result.problems) >= 4
    assert list(result.problems) == sorted(result.problems)


def test_a_changed_reader_reads_the_layer_again(tmp_path: Path, database: Database) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | {"srv/listing": b"a=1"}))
    cache = Cache(tmp_path / "cache")

    def other(file: ImageFile) -> Iterator[Fact]:
        yield Package(type="deb", name="other", version="1", paths=(file.path,))

    newer = Cataloger(name="listing", revision=2, wants=("**/listing",), read=other)
    first = scanned(image, database, choices=Choices(catalogers=(LISTING,), cache=cache))
    second = scanned(image, database, choices=Choices(catalogers=(newer,), cache=cache))

    assert [one.name for one in first.packages] == ["a"]
    assert [one.name for one in second.packages] == ["other"]


def test_excluding_paths_leaves_the_cache_alone(tmp_path: Path, database: Database) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | {"srv/listing": b"a=1"}))
    cache = Cache(tmp_path / "cache")
    whole = Choices(catalogers=(LISTING,), cache=cache)
    partly = Choices(catalogers=(LISTING,), cache=cache, exclude=("/srv/**",))

    assert scanned(image, database, choices=partly).packages == ()
    assert [one.name for one in scanned(image, database, choices=whole).packages] == ["a"]
    assert scanned(image, database, choices=partly).packages == ()


@pytest.mark.parametrize(
    ("release", "word"),
    [
        pytest.param(b"ID=runeos\nVERSION_ID=1\n", "runeos", id="unknown distribution"),
        pytest.param(b"ID=debian\nVERSION_ID=99\n", "99", id="a release without a feed"),
    ],
)
def test_a_system_without_advisories_is_told(
    release: bytes, word: str, tmp_path: Path, database: Database
) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | {"etc/os-release": release}))

    result = scanned(image, database)

    assert result.findings == ()
    (gap,) = result.coverage.unmatched
    assert gap.package == result.packages[0].id
    assert word in gap.reason


def test_no_system_at_all_is_a_note(tmp_path: Path, database: Database) -> None:
    result = scanned(a_layout(tmp_path / "image", a_layer({"etc/motd": b"hello"})), database)

    assert "no operating system recognised" in result.coverage.notes
    assert result.image.os is None


def test_the_given_release_stands_for_the_images_own(tmp_path: Path, database: Database) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM))
    other = Release(id="debian", version_id="99", path="--distro")

    result = scanned(image, database, choices=Choices(release=other))

    assert result.image.os is not None
    assert result.image.os.version_id == "99"
    assert result.findings == ()


@pytest.mark.parametrize(
    ("bound", "stale"), [pytest.param(25, False, id="young"), pytest.param(23, True, id="old")]
)
def test_a_feed_is_stale_past_the_bound(
    bound: float, stale: bool, tmp_path: Path, database: Database
) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM))

    result = scanned(image, database, stale_after_hours=bound)

    assert result.advisories is not None
    (feed,) = result.advisories.feeds
    assert (feed.name, feed.records, feed.age_hours, feed.stale) == ("test", 1, 24.0, stale)
    assert ("1 of 1 feeds are stale" in result.coverage.notes) is stale


def test_an_empty_database_is_a_note_and_no_clean_bill(tmp_path: Path) -> None:
    Writer(tmp_path / "empty.db").close()
    image = a_layout(tmp_path / "image", a_layer(SYSTEM))

    with Database.open(tmp_path / "empty.db") as database:
        result = scanned(image, database, rules=from_flags(max_age_hours=1))

    assert "the advisory database is empty" in result.coverage.notes
    assert len(result.coverage.unmatched) == 1
    assert result.verdict is not None
    assert not result.verdict.passed


def test_the_policy_judges(tmp_path: Path, database: Database) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM))

    result = scanned(image, database, rules=from_flags(Severity.UNKNOWN))

    assert result.verdict is not None
    assert [one.finding for one in result.verdict.breaches] == [
        f"CVE-2025-1 {result.packages[0].id}"
    ]


def test_an_inventory_says_nothing_of_advisories(tmp_path: Path) -> None:
    opened = open_target(parse(str(a_layout(tmp_path / "i", a_layer(SYSTEM)))), None, Limits())

    result = packages(opened, "given", inventory(opened, Choices(), lambda done, total: None))

    opened.close()
    assert [one.name for one in result.packages] == ["thing"]
    assert (result.findings, result.advisories, result.verdict) == (None, None, None)


def test_progress_counts_layers(tmp_path: Path) -> None:
    layers = [a_layer({f"{number}": b"x"}) for number in range(3)]
    opened = open_target(parse(str(a_layout(tmp_path / "image", *layers))), None, Limits())
    seen: list[tuple[int, int]] = []

    inventory(opened, Choices(), lambda done, total: seen.append((done, total)))

    opened.close()
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_damaged_layer_stops_the_others(tmp_path: Path) -> None:
    layers = [a_layer({f"{number}": b"x"}) for number in range(5)]
    image = a_layout(tmp_path / "image", *layers)
    for blob in (image / "blobs" / "sha256").iterdir():
        if blob.read_bytes() == layers[1]:
            blob.write_bytes(layers[0])
    opened = open_target(parse(str(image)), None, Limits())

    with pytest.raises(DigestMismatch, match="layer 1"):
        inventory(opened, Choices(workers=1), lambda done, total: None)

    opened.close()
