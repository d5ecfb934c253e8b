"""What an advisory database of any size costs: to fill, to open, and to hold packages against.

    python benchmarks/matching.py [--feeds FOLDER] [--records 600000] [--database FILE]

Real feeds (a folder as `lading advisories import` takes it) come first, then records are generated
until there are as many as asked for: a third of them about the packages that are matched, with
fixes below their versions, the rest about others. The same packages are then matched against the
real feeds alone and against all, so that the ratio says whether a database costs by its size. With
`--image TARGET` a scan of a cached image is timed too, as a process of its own.
"""

import argparse
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer
from lading.matching import match
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range
from lading.model.package import Package, Release, SourcePackage

RELEASE = Release(id="debian", version_id="12", path="/etc/os-release")
ECOSYSTEMS = ("Debian:12", "PyPI", "npm", "Go", "crates.io", "AlmaLinux:9")
_T = TypeVar("_T")


def main() -> None:
    """Fill the databases, and print what they cost."""
    parser = argparse.ArgumentParser(description="Time matching against large databases.")
    parser.add_argument("--feeds", type=Path)
    parser.add_argument("--records", type=int, default=600_000)
    parser.add_argument("--packages", type=int, default=2_000)
    parser.add_argument("--database", type=Path, help="keep the large database here")
    parser.add_argument("--image", help="scan this target, cached, as a process")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        small, large = Path(scratch) / "small.db", options.database or Path(scratch) / "large.db"
        folders = [options.feeds] if options.feeds else []
        _fill(small, folders, ())
        packages = list(a_system(small, options.packages))
        have = _records(small)
        made = generated(packages, max(0, options.records - have))
        seconds, _ = timed(lambda: _fill(large, folders, made))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"import of {_records(large):,} records: {seconds:.1f} s, {peak:,.0f} MB at most")
        print(f"{large.stat().st_size / 1e6:,.0f} MB on disk")
        times = {name: _matched(path, packages) for name, path in
                 (("real", small), ("all", large))}  # fmt: skip
        print(f"ratio of all to real: {times['all'] / times['real']:.2f}")
        if options.image:
            _scanned(options.image, large, Path(scratch))


def a_system(path: Path, count: int) -> Iterator[Package]:
    """Yield as many packages: those that Debian's records name, in versions near the newest."""
    dice = random.Random(2)  # noqa: S311 - the same in every run, no secret
    query = (
        "SELECT DISTINCT a.name FROM affected a JOIN ecosystem e ON e.id = a.ecosystem "
        "WHERE e.name = 'Debian:12' ORDER BY a.name"
    )
    with closing(sqlite3.connect(path)) as database:
        named = [str(name) for (name,) in database.execute(query)]
    for number in range(count):
        name = dice.choice(named) if named and number % 4 == 0 else f"package-{number}"
        version = f"{dice.randrange(90, 130)}.{dice.randrange(40)}-{dice.randrange(1, 4)}"
        yield Package(
            type="deb",
            name=f"lib{name}",
            version=version,
            source=SourcePackage(name=name, version=None),
            paths=("/var/lib/dpkg/status",),
            id=f"deb/{number}",
        )


def generated(packages: list[Package], count: int) -> Iterator[Advisory]:
    """Yield records as feeds have them, a third about the packages."""
    dice = random.Random(3)  # noqa: S311 - the same in every run, no secret
    sources = [one.source.name for one in packages if one.source is not None]
    for number in range(count):
        ecosystem = ECOSYSTEMS[number % len(ECOSYSTEMS)]
        is_known = number % 3 == 0
        name = dice.choice(sources) if is_known else f"other-{dice.randrange(80_000)}"
        if is_known:
            ecosystem = ECOSYSTEMS[0]
        first = 0 if is_known else dice.randrange(1, 95)  # long ago, as most fixes are
        fixed = f"{first}.{dice.randrange(9)}.{dice.randrange(9)}-1"
        events = (
            Event(kind=EventKind.INTRODUCED, version="0"),
            Event(kind=EventKind.FIXED, version=fixed),
        )
        cve = f"CVE-{dice.randrange(2005, 2027)}-{number + 100_000}"
        yield Advisory(
            id=f"GENERATED-{number}",
            feed="generated",
            modified="2026-01-01T00:00:00Z",
            aliases=(cve,),
            title="A record that no feed has",
            references=(f"https://advisories.example/{number}",),
            affected=(
                Affected(
                    ecosystem=ecosystem,
                    name=name,
                    ranges=(Range(type="ECOSYSTEM", events=events),),
                ),
            ),
        )


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return how long it took, in seconds, and what came of it."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _fill(path: Path, folders: Iterable[Path], more: Iterable[Advisory]) -> None:
    path.unlink(missing_ok=True)
    with Writer(path) as writer:
        import_paths(folders, writer)
        with writer.transaction():
            writer.put("generated", more)


def _records(path: Path) -> int:
    with Database.open(path) as database:
        return sum(feed.records for feed in database.feeds())


def _matched(path: Path, packages: list[Package]) -> float:
    seconds, database = timed(lambda: Database.open(path))
    with database:
        runs = []
        for _ in range(7):
            taken, found = timed(
                lambda: match(packages, RELEASE, database.candidates_for, database.ecosystems())
            )
            runs.append(taken)
    warm = sorted(runs[1:])
    print(
        f"{path.stem}: opened in {seconds * 1000:.1f} ms; {len(packages):,} packages in "
        f"{warm[0] * 1000:.0f} ms at best, {warm[len(warm) // 2] * 1000:.0f} ms as a rule, "
        f"{runs[0] * 1000:.0f} ms at first; {len(found.matches):,} matches"
    )
    return warm[0]


def _scanned(target: str, path: Path, scratch: Path) -> None:
    command = [
        sys.executable, "-m", "lading", "scan", target, "--advisories", str(path), "--cache",
        str(scratch / "cache"), "--format", "json", "--output", str(scratch / "result.json"),
    ]  # fmt: skip
    runs = [timed(lambda: subprocess.run(command, check=False))[0] for _ in range(5)]
    print(f"scan of {target}, cached: {min(runs[1:]):.2f} s at best, {runs[0]:.2f} s at first")


if __name__ == "__main__":
    main()
