"""Write the bundled advisory snapshot from a folder of feeds.

    python scripts/make_snapshot.py FOLDER [--also PATH…]

FOLDER holds `osv/<Ecosystem>/all.zip`, `alpine-secdb/<release>/<repository>.json`,
`wolfi-secdb/security.json.gz`, `kev/known_exploited_vulnerabilities.json.gz` and, where it is
there, `azurelinux-oval`. Facts only are kept: ids, aliases, packages, ranges, severities,
weaknesses and dates; no titles, texts or links. Versions listed one by one are left out where the
record's ranges hold every one of them, by the rule that scans decide with. Two runs over the same
folder give the same bytes. What the snapshot was made from is in ATTRIBUTIONS.md beside it, to be
brought up to date by hand.

`--also` adds other feeds that Lading reads (OVAL, CSAF, EPSS, ends of support …), from files or
folders of them. A snapshot that would be larger than `--largest` is not written.
"""

import argparse
import gzip
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import zstandard

from lading.advisories.archive import Archive
from lading.advisories.bundled import seal
from lading.advisories.format import Extent
from lading.advisories.importing import Report, put_feed
from lading.advisories.recognising import recognised
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
    affected = tuple(replace(_once(one), statement=None) for one in advisory.affected)
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


def add(path: Path, writer: Writer) -> None:
    """Put the facts of another feed, a file or a folder of files, and say what it is."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if not file.is_file():
            continue
        found = recognised(file)
        if isinstance(found, str):
            print(f"{file}: left out: {found}", file=sys.stderr)
            continue
        format, data = found
        parsed = format.parse(data, None, None)
        parsed = replace(parsed, advisories=tuple(map(facts, parsed.advisories)))
        if format.extent is Extent.FEED:
            put_feed(parsed, writer, Report())
        else:
            writer.put(parsed.feed, parsed.advisories)
        for where, reason in parsed.rejected:
            print(f"{file}: rejected: {where}: {reason}", file=sys.stderr)


def write(folder: Path, path: Path, also: Sequence[Path] = ()) -> str | None:
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
            for other in (*sorted(folder.glob("azurelinux-oval")), *also):
                add(other, writer)
        newest = writer.newest()
        writer.describe(built=newest or "")
        writer.compact()
    return newest


def main() -> None:
    """Write the snapshot and say what is in it."""
    parser = argparse.ArgumentParser(description="Write the bundled advisory snapshot.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=TARGET)
    parser.add_argument("--also", nargs="+", type=Path, default=[], metavar="PATH")
    parser.add_argument("--largest", type=int, default=6_000_000, metavar="BYTES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "lading.db"
        newest = write(options.folder, path, options.also)
        data = seal(path.read_bytes())
    packed = zstandard.ZstdCompressor(level=19, write_checksum=True).compress(data)
    if len(packed) > options.largest:
        sys.exit(f"{len(packed):,} bytes are more than {options.largest:,}; leave something out")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(packed)
    print(f"{options.output}: {len(packed):,} bytes, {len(data):,} unpacked, as of {newest}")


if __name__ == "__main__":
    main()
