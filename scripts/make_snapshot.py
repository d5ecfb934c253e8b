"""Write the bundled advisory snapshot from a folder of feeds.

    python scripts/make_snapshot.py FOLDER

FOLDER holds `osv/<Ecosystem>/all.zip`, `alpine-secdb/<release>/<repository>.json`,
`wolfi-secdb/security.json.gz` and `kev/known_exploited_vulnerabilities.json.gz`. Facts only are
kept: ids, aliases, packages, ranges, severities, weaknesses and dates; no titles, texts or links.
Two runs over the same folder give the same bytes. What the snapshot was made from is in
ATTRIBUTIONS.md beside it, to be brought up to date by hand.
"""

import argparse
import gzip
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import zstandard

from lading.advisories.sources import kev, osv, secdb
from lading.advisories.writer import Writer
from lading.model.advisory import Advisory

TARGET = Path(__file__).parents[1] / "src/lading/advisories/snapshot/lading.db.zst"
# The dates of the revisions that the security databases were taken from; the format has none.
ALPINE, WOLFI = "2020-06-08T00:00:00Z", "2025-05-07T00:00:00Z"


def facts(advisory: Advisory) -> Advisory:
    """Return the record without anybody's words."""
    return replace(advisory, title=None, references=())


def records(archive: Path, feed: str) -> Iterator[Advisory]:
    """Yield the records of an osv.dev archive, by name."""
    with zipfile.ZipFile(archive) as members:
        for name in sorted(members.namelist()):
            yield facts(osv.parse(members.read(name), feed))


def write(folder: Path, path: Path) -> str | None:
    """Fill a new database; return the newest time in it."""
    writer = Writer(path)
    with writer.transaction():
        for archive in sorted((folder / "osv").glob("*/all.zip")):
            feed = f"osv/{archive.parent.name}"
            writer.put(feed, records(archive, feed))
        for file in sorted((folder / "alpine-secdb").glob("*/*.json")):
            feed = f"secdb/alpine/{file.parent.name}/{file.stem}"
            writer.put(feed, secdb.parse(file.read_bytes(), feed, ALPINE))
        wolfi = gzip.decompress((folder / "wolfi-secdb/security.json.gz").read_bytes())
        writer.put("secdb/wolfi", secdb.parse(wolfi, "secdb/wolfi", WOLFI))
        catalogue = folder / "kev/known_exploited_vulnerabilities.json.gz"
        released, rows = kev.parse(gzip.decompress(catalogue.read_bytes()))
        writer.put_kev("kev", released, rows)
        newest = writer.newest()
        writer.describe(built=newest or "", partial=True)
    writer.compact()
    writer.close()
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
        data = path.read_bytes()
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress(data)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(packed)
    print(f"{options.output}: {len(packed):,} bytes, {len(data):,} unpacked, as of {newest}")


if __name__ == "__main__":
    main()
