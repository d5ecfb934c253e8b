"""Write the bundled advisory snapshot from a folder of feeds.

    python scripts/make_snapshot.py FOLDER

FOLDER holds `osv/<Ecosystem>/all.zip`, `alpine-secdb/<release>/<repository>.json`,
`wolfi-secdb/security.json.gz` and `kev/known_exploited_vulnerabilities.json.gz`. Facts only are
kept: ids, aliases, packages, ranges, severities, weaknesses and dates; no titles, texts or links.
Versions listed one by one are left out where the record's ranges hold every one of them, by the
rule that scans decide with. Two runs over the same folder give the same bytes. What the snapshot
was made from is in ATTRIBUTIONS.md beside it, to be brought up to date by hand.
"""

import argparse
import gzip
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import zstandard

from lading.advisories.archive import Archive
from lading.advisories.bundled import seal
from lading.advisories.sources import kev, osv, secdb
from lading.advisories.writer import Writer
from lading.matching.affects import affects
from lading.model.advisory import Advisory, Affected
from lading.model.match import Answer

TARGET = Path(__file__).parents[1] / "src/lading/advisories/snapshot/lading.db.zst"
# The dates of the revisions that the security databases were taken from; the format has none.
ALPINE, WOLFI = "2020-06-08T00:00:00Z", "2025-05-07T00:00:00Z"
# The version orders of the ecosystems whose records list versions.
_SCHEMES = {"Maven": "maven", "npm": "npm", "NuGet": "nuget", "PyPI": "pep440"}


def facts(advisory: Advisory) -> Advisory:
    """Return the record without anybody's words, and without what it says twice."""
    affected = tuple(_once(one) for one in advisory.affected)
    return replace(advisory, title=None, references=(), affected=affected)


def _once(affected: Affected) -> Affected:
    """Leave out the listed versions where the ranges say the same of each."""
    scheme = _SCHEMES.get(affected.ecosystem)
    if not affected.versions or not affected.ranges or scheme is None:
        return affected
    ranges = replace(affected, versions=(), withdrawn=False)
    if all(
        affects(ranges, version, scheme).answer is Answer.AFFECTED for version in affected.versions
    ):
        return replace(affected, versions=())
    return affected


def records(file: Path, feed: str) -> Iterator[Advisory]:
    """Yield the records of an osv.dev archive, by name."""
    with Archive(file) as archive:
        for name in sorted(archive.names):
            yield facts(osv.read(archive.read(name), feed))


def write(folder: Path, path: Path) -> str | None:
    """Fill a new database; return the newest time in it."""
    with Writer(path) as writer:
        with writer.transaction():
            for file in sorted((folder / "osv").glob("*/all.zip")):
                feed = f"osv/{file.parent.name}"
                writer.put(feed, records(file, feed))
            for file in sorted((folder / "alpine-secdb").glob("*/*.json")):
                parsed = secdb.parse(file.read_bytes(), None, ALPINE)
                if parsed.advisories:  # a feed without a record has no age
                    writer.put(parsed.feed, parsed.advisories)
            wolfi = gzip.decompress((folder / "wolfi-secdb/security.json.gz").read_bytes())
            parsed = secdb.parse(wolfi, None, WOLFI)
            writer.put(parsed.feed, parsed.advisories)
            catalogue = folder / "kev/known_exploited_vulnerabilities.json.gz"
            parsed = kev.parse(gzip.decompress(catalogue.read_bytes()))
            writer.put_kev(parsed.feed, parsed.as_of, parsed.kev)
        newest = writer.newest()
        writer.describe(built=newest or "")
        writer.compact()
    return newest


def main() -> None:
    """Write the snapshot and say what is in it."""
    parser = argparse.ArgumentParser(description="Write the bundled advisory snapshot.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "lading.db"
        newest = write(options.folder, path)
        data = seal(path.read_bytes())
    packed = zstandard.ZstdCompressor(level=19, write_checksum=True).compress(data)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(packed)
    print(f"{options.output}: {len(packed):,} bytes, {len(data):,} unpacked, as of {newest}")


if __name__ == "__main__":
    main()
