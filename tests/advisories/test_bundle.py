"""Databases into bundles and back: the same state, exactly what changed, and nothing unsigned."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import zstandard

from advisories.bundles import NOW, a_database, a_key, a_record, newer, older, put, state
from lading.advisories.applying import WrongBase, apply_bundle
from lading.advisories.bundle import SIGNED, BundleFile, is_bundle
from lading.advisories.database import Database
from lading.advisories.exporting import export
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, UsageError
from lading.model.coordinate import Coordinate


@pytest.fixture
def here(tmp_path: Path) -> dict[str, Path]:
    """An older and a newer database, their bundles, and the delta between them."""
    old, new = a_database(tmp_path / "old.db", older), a_database(tmp_path / "new.db", newer)
    paths = {name: tmp_path / f"{name}.lading" for name in ("old", "new", "delta")}
    export(old, paths["old"])
    export(new, paths["new"])
    export(new, paths["delta"], since=paths["old"])
    return paths | {"old.db": old, "new.db": new}


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key, as OpenSSL makes them."""
    return a_key(tmp_path / "key")


def test_a_whole_bundle_makes_the_same_database(here: dict[str, Path], tmp_path: Path) -> None:
    with Writer(tmp_path / "other.db") as writer:
        applied = apply_bundle(here["new"], writer)

    assert state(tmp_path / "other.db") == state(here["new.db"])
    assert (applied.kind, applied.records, applied.gone, applied.is_exact) == ("full", 4, 0, True)
    place = Coordinate("PyPI", "thing")
    with Database.open(tmp_path / "other.db") as one, Database.open(here["new.db"]) as other:
        assert one.candidates([place]) == other.candidates([place])
        assert one.naming(["CVE-PYSEC-4"]) == other.naming(["CVE-PYSEC-4"])
        assert one.kev(["CVE-2026-1002"]) == other.kev(["CVE-2026-1002"])
        assert (one.feeds(), one.built) == (other.feeds(), NOW)


def test_a_delta_holds_what_changed_only_and_leads_to_the_same(here: dict[str, Path]) -> None:
    with BundleFile(here["delta"]) as file:
        lines = list(file.lines())
    with Writer(here["old.db"]) as writer:
        applied = apply_bundle(here["delta"], writer)

    assert {one.record.id for one in lines if one.record} == {"PYSEC-2", "PYSEC-4", "GHSA-1"}
    assert [one.gone for one in lines if one.gone] == [("osv/PyPI", "PYSEC-3")]
    assert state(here["old.db"]) == state(here["new.db"])
    assert (applied.kind, applied.records, applied.gone) == ("delta", 3, 1)


@pytest.mark.parametrize("bundle", ["delta", "new"])
def test_what_was_touched_is_said_exactly(here: dict[str, Path], bundle: str) -> None:
    with Writer(here["old.db"]) as writer:
        changes = apply_bundle(here[bundle], writer).changes

    names = ("other", "thing", "fourth", "elsewhere")  # thing: PYSEC-3 is gone
    assert changes.coordinates == {Coordinate("PyPI", name) for name in names}
    assert changes.names == {"CVE-2026-1000", "CVE-2026-1002"}


def test_a_bundle_applied_twice_touches_nothing(here: dict[str, Path]) -> None:
    with Writer(here["old.db"]) as writer:
        apply_bundle(here["new"], writer)
        again = apply_bundle(here["new"], writer)

    assert not again.changes


def test_feeds_of_ones_own_stay(here: dict[str, Path]) -> None:
    with Writer(here["old.db"]) as writer:
        with writer.transaction():
            put(writer, a_record("OWN-1", name="internal"), feed="own")
        apply_bundle(here["delta"], writer)
        applied = apply_bundle(here["new"], writer)

        assert applied.is_exact
        assert writer.records("own") == 1


def test_advisories_of_the_exporters_own_stand_beside_those_of_ones_own(
    here: dict[str, Path], tmp_path: Path
) -> None:
    def both(writer: Writer) -> None:
        newer(writer)
        put(writer, a_record("OWN-1", name="internal"), feed="own")

    exported = a_database(tmp_path / "exporter.db", both)
    export(exported, tmp_path / "bundle")
    with Writer(here["old.db"]) as writer:
        with writer.transaction():
            put(writer, a_record("OWN-2", name="mine"), feed="own")
        assert apply_bundle(tmp_path / "bundle", writer).is_exact

        assert set(writer.times("own")) == {"OWN-2"}
        assert set(writer.times("own/shared")) == {"OWN-1"}
    with Database.open(here["old.db"]) as database:
        assert {feed.name for feed in database.feeds() if feed.is_own} == {"own", "own/shared"}


def test_a_record_that_is_newer_here_stays_and_the_state_says_so(here: dict[str, Path]) -> None:
    later = a_record("PYSEC-1", fixed="9.0").replace(b"2026-11-24", b"2026-12-24")
    with Writer(here["old.db"]) as writer:
        with writer.transaction():
            put(writer, later)
        applied = apply_bundle(here["new"], writer)

        assert not applied.is_exact
        assert writer.times("osv/PyPI")["PYSEC-1"] == "2026-12-24T00:00:00Z"


def test_a_delta_is_refused_by_another_state(here: dict[str, Path]) -> None:
    before = state(here["new.db"])

    with (
        Writer(here["new.db"]) as writer,
        pytest.raises(WrongBase, match="from another state than this database has"),
    ):
        apply_bundle(here["delta"], writer)

    assert state(here["new.db"]) == before


def test_a_delta_since_a_delta_is_refused(here: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(AdvisoryError, match="is a delta; --since needs a whole bundle"):
        export(here["new.db"], tmp_path / "more", since=here["delta"])


def test_the_same_state_gives_the_same_bytes(here: dict[str, Path], tmp_path: Path) -> None:
    export(here["new.db"], tmp_path / "again")

    assert (tmp_path / "again").read_bytes() == here["new"].read_bytes()


def test_a_signed_bundle_is_read_with_its_key_and_without(
    here: dict[str, Path], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    export(here["new.db"], tmp_path / "signed", key=keys[0])

    for trusted in ((keys[1],), ()):
        with Writer(tmp_path / f"{len(trusted)}.db") as writer:
            assert apply_bundle(tmp_path / "signed", writer, trusted).is_exact
    assert is_bundle(tmp_path / "signed")


def test_a_signature_is_no_hindrance_to_zstd(
    here: dict[str, Path], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    program = shutil.which("zstd")
    if program is None:
        pytest.skip("zstd is not installed")
    export(here["new.db"], tmp_path / "signed", key=keys[0])

    command = [program, "-dc", str(tmp_path / "signed")]
    lines = subprocess.run(command, check=True, capture_output=True, timeout=30).stdout.splitlines()

    assert json.loads(lines[0])["schema"] == "lading.bundle/1"
    assert json.loads(lines[-1]) == {"end": len(lines) - 1}


def test_what_is_not_signed_as_asked_changes_nothing(
    here: dict[str, Path], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    signed, other = tmp_path / "signed", a_key(tmp_path / "other")
    export(here["new.db"], signed, key=keys[0])
    data = signed.read_bytes()
    at = 8 + int.from_bytes(data[4:8], "little")
    forged = tmp_path / "forged"
    forged.write_bytes(data[:at] + here["old"].read_bytes())
    garbled = tmp_path / "garbled"
    garbled.write_bytes(SIGNED + (3).to_bytes(4, "little") + b"{}x" + data[at:])
    before = state(here["old.db"])

    cases = [
        (here["new"], keys[1], "is not signed, and --trust asks"),
        (signed, other[1], "signed by a key that is not trusted"),
        (forged, keys[1], "is not as it was signed"),
        (garbled, keys[1], "its signature cannot be read"),
    ]
    with Writer(here["old.db"]) as writer:
        for bundle, trusted, reason in cases:
            with pytest.raises(AdvisoryError, match=reason):
                apply_bundle(bundle, writer, [trusted])

    assert state(here["old.db"]) == before


def test_files_that_hold_no_key_are_named(
    here: dict[str, Path], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    other = a_key(tmp_path / "x", "x25519")
    for key in (keys[1], here["new"], tmp_path / "absent", other[0]):
        with pytest.raises(UsageError, match=str(key)):
            export(here["new.db"], tmp_path / "out", key=key)
    for trusted in (keys[0], here["new"], tmp_path / "absent", other[1]):
        with pytest.raises(UsageError, match=str(trusted)):
            BundleFile(here["new"], [trusted])
    assert not (tmp_path / "out").exists()


def packed(*lines: object) -> bytes:
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return zstandard.ZstdCompressor().compress(text)


HEADER = {
    "schema": "lading.bundle/1", "kind": "full", "to": "x", "parts": {"f": {"state": "x"}},
    "feeds": [],
}  # fmt: skip
RECORD = {"id": "A-1", "feed": "f", "modified": None}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x28\xb5\x2f\xfd",
        b"\x28\xb5\x2f\xfd" + b"\xff" * 100,
        SIGNED,
        SIGNED + b"\xff\xff\xff\xff",
        packed(),
        packed([]),
        packed({}),
        packed(HEADER),
        packed(HEADER | {"schema": "lading.bundle/9"}, {"end": 1}),
        packed(HEADER | {"kind": "other"}, {"end": 1}),
        packed(HEADER | {"parts": []}, {"end": 1}),
        packed(HEADER, {"record": 1}, {"end": 2}),
        packed(HEADER, {"record": RECORD}),
        packed(HEADER, {"record": RECORD}, {"end": 7}),
        packed(HEADER, {"record": RECORD | {"feed": "not in the header"}}, {"end": 2}),
        packed(HEADER, {"facts": ["feed", []]}, {"end": 2}),
        packed(HEADER, {"facts": ["kev", [[1]]]}, {"end": 2}),
        packed(HEADER, {"facts": ["kev", [[None, None, None, None]]]}, {"end": 2}),
        packed(HEADER | {"kind": "delta"}, {"end": 1}),
        packed(HEADER)[:-3],
        zstandard.ZstdCompressor().compress(b"\xff\n"),
        zstandard.ZstdCompressor().compress(b"[" * 100_000 + b"\n"),
    ],
)
def test_a_damaged_bundle_is_an_error_and_changes_nothing(
    here: dict[str, Path], tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "bad").write_bytes(data)
    before = state(here["old.db"])

    with Writer(here["old.db"]) as writer, pytest.raises(AdvisoryError):
        apply_bundle(tmp_path / "bad", writer)

    assert state(here["old.db"]) == before


@pytest.mark.parametrize("keep", range(0, 100, 7))
def test_a_cut_bundle_is_no_bundle(here: dict[str, Path], tmp_path: Path, keep: int) -> None:
    data = here["new"].read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) * keep // 100])

    with Writer(tmp_path / "other.db") as writer, pytest.raises(AdvisoryError):
        apply_bundle(tmp_path / "cut", writer)
