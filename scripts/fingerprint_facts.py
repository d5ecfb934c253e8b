#!/usr/bin/env python3
r"""Archives that hold programs into the facts that fingerprints are tested against.

    scripts/fingerprint_facts.py [--folder DIR] [--keep N] ORIGIN… > tests/data/fingerprints.jsonl

An ORIGIN is fetched with the client of its registry, unless the folder has it already:

    debian:SUITE:PACKAGE              apt-get, from the mirror that this machine uses
    pypi:NAME==VERSION                pip, for x86-64 Linux
    npm:NAME@VERSION                  npm pack
    maven:GROUP:ARTIFACT:VERSION…     mvn dependency:copy
    upstream:SUITE:SOURCE             the authors' source as Debian keeps it, built by its own rules

Each program found gives one line of JSON: name, version, origin, the file in the archive, how the
version is known otherwise (`package`, `file name`, or null), its soname and the libraries it loads,
and the texts of the file that fingerprints look at, a few bytes each; `\u00ff` stands for a byte.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fingerprint_origins import fetch, output

from lading.catalog.cataloger import ImageFile
from lading.catalog.constants import constants, reader, windows
from lading.catalog.dynamic import links_of
from lading.catalog.executable import read_programs
from lading.catalog.fingerprints import FINGERPRINTS
from lading.catalog.fingerprints.fingerprint import Way
from lading.catalog.fingerprints.recognise import Hit, recognise
from lading.errors import LadingError

_STARTS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_ARCHIVES = (".jar", ".zip", ".whl", ".txz", ".tar.xz", ".tar.gz", ".tgz", ".so.br")
_AROUND = 40  # bytes of the text on either side of a version
_MOST_VERSIONS = 12


class Row(NamedTuple):
    """One program in one file of one origin."""

    name: str
    version: str
    origin: str
    file: str
    known: str | None
    soname: str | None
    needed: tuple[str, ...]
    texts: tuple[str, ...]


def executables(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the executable files in an archive, and in archives in it."""
    if name.endswith(".deb"):
        members = _tar(output(["dpkg-deb", "--fsys-tarfile", name]))
    elif name.endswith((".jar", ".zip", ".whl")):
        members = _zip(data)
    else:
        members = _tar(data)
    for path, content in members:
        if content.startswith(_STARTS):
            yield path, content
        elif path.endswith(_ARCHIVES):
            yield from ((f"{path}!{inner}", found) for inner, found in executables(path, content))


def _tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)) is not None:
                yield member.name.removeprefix("./"), file.read()


def _zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def rows_of(origin: str, version: str, path: str, data: bytes) -> Iterator[Row]:
    """Yield a row for each program recognised in a file; `version` is the package's."""
    file = ImageFile(path=f"/{path}", data=memoryview(data), mode=0o755)
    try:
        programs = tuple(read_programs(file.path, file.data))
    except LadingError:
        return
    if not programs:
        return
    parts = constants(programs)
    text, _ = windows(parts)
    links = links_of(programs)
    for hit in recognise(text, reader(parts), links):
        yield Row(
            hit.fingerprint.name,
            hit.version,
            origin,
            path,
            _known(hit.version, version, path),
            links.soname,
            links.needed,
            tuple(_texts(hit, parts)),
        )


def _known(found: str, package: str, path: str) -> str | None:
    upstream = re.sub(r"^\d+:|-[^-]*$", "", package)
    numbers = re.findall(r"\d+", found)
    if re.findall(r"\d+", upstream)[: len(numbers)] == numbers:
        return "package"
    return "file name" if found in path.rpartition("/")[2] else None


def _texts(hit: Hit, parts: list[memoryview]) -> Iterator[str]:
    """Yield the texts that prove it, and the versions that stand by themselves in the file."""
    one = hit.fingerprint
    data = b"\0\0".join(map(bytes, parts))
    for literal in filter(None, (one.anchor, *one.witnesses)):
        yield literal.decode("latin-1")
    at = data.find(hit.proof)
    while at >= 0 and not one.pattern.match(data, at):
        at = data.find(hit.proof, at + 1)
    yield _around(data, at, at + len(hit.proof))
    if one.build:
        built = re.compile(re.escape(hit.version.encode()) + one.build.pattern).search(data)
        if built:
            yield _around(data, *built.span())
    if one.way in ("whole", "named"):
        alone = re.findall(rb"(?<![ -~])v?\d{1,4}\.[\w.+-]{1,20}\0", data)
        for version in list(dict.fromkeys(alone))[:_MOST_VERSIONS]:
            yield "\0" + version.decode("latin-1")


def _around(data: bytes, start: int, end: int) -> str:
    """Return the printable text around a span, and the byte on either side of it."""
    first, last = start, end
    while first > 0 and start - first < _AROUND and _printable(data[first - 1]):
        first -= 1
    while last < len(data) and last - end < _AROUND and _printable(data[last]):
        last += 1
    return data[max(first - 1, 0) : last + 1].decode("latin-1")


def _printable(byte: int) -> bool:
    return 32 <= byte < 127


def chosen(rows: Iterable[Row], keep: int) -> Iterator[Row]:
    """Yield few rows of each program: of other versions and kinds of origin before more of one."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    for name in sorted(by_name):
        left = sorted(by_name[name], key=lambda row: (row.known is None, row.origin, row.file))
        taken: list[Row] = []
        while left and len(taken) < keep:
            best = min(left, key=lambda row: _repeats(row, taken))
            left.remove(best)
            if all((row.version, row.origin) != (best.version, best.origin) for row in taken):
                taken.append(best)
        yield from sorted(taken)


def _repeats(row: Row, taken: list[Row]) -> tuple[int, int]:
    kind = row.origin.partition(":")[0]
    return (
        sum(one.origin.partition(":")[0] == kind for one in taken),
        sum(one.version == row.version for one in taken),
    )


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table in docs/fingerprints.md."""
    met: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        kind = row.origin.partition(":")[0]
        met.setdefault(row.name, {}).setdefault(kind, set()).add(row.version)
    for name in sorted({one.name for one in FINGERPRINTS}):
        ways = [one for one in FINGERPRINTS if one.name == name]
        known = "; ".join(dict.fromkeys(_KNOWN_BY[one.way] for one in ways))
        cpes = ", ".join(dict.fromkeys(one.cpe.replace("\\/", "/") for one in ways))
        yield f"| `{name}` | {known} | {cpes} | {_met(met.get(name, {}))} |"


_KNOWN_BY = {
    Way.NEAR: "a text with the version",
    Way.WHOLE: "a text of its own, and one version in the file",
    Way.NAMED: "the name that the library gives itself, and one version in the file",
    Way.PACKED: "a text of its own, and one version without points",
}


def _met(kinds: dict[str, set[str]]) -> str:
    shown = [f"{kind} {version}" for kind in sorted(kinds) for version in sorted(kinds[kind])]
    versions = {version for found in kinds.values() for version in found}
    if len(kinds) > 1 and len(versions) > 1:
        return ", ".join(shown)
    missing = "one version" if len(versions) == 1 else "one kind of origin"
    return f"not proven: {missing}: {', '.join(shown)}"


def package_version(archive: Path) -> str:
    """Return the version of the package in the archive, as its file's name has it."""
    if archive.suffix == ".tar":  # built here: the source's name, and its version
        return archive.stem.rpartition("_")[2]
    found = re.search(
        r"[_-]v?((?:\d%3a)?\d[\w.+~-]*?)(?:_amd64|-cp\d|-py\d|\.tgz|\.jar|-|$)", archive.name
    )
    return found[1].replace("%3a", ":") if found else ""


def main() -> None:
    """Print the rows of all origins."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("origins", nargs="*", metavar="ORIGIN")
    parser.add_argument("--from", dest="listed", type=Path, help="a file of origins, one a line")
    parser.add_argument("--folder", type=Path, default=Path("fingerprint-origins"))
    parser.add_argument("--keep", type=int, default=4, help="rows of each program")
    parser.add_argument("--table", type=Path, help="print the documentation of a file of facts")
    options = parser.parse_args()
    if options.table:
        facts = options.table.read_text().splitlines()
        print("\n".join(table(Row(**json.loads(line)) for line in facts)))
        return
    rows: list[Row] = []
    origins = [*options.origins, *(options.listed.read_text().split() if options.listed else ())]
    for origin in origins:
        try:
            archive = fetch(origin, options.folder)
        except subprocess.CalledProcessError as error:
            print(f"{origin}: {error}", file=sys.stderr)
            continue
        for path, data in executables(str(archive), archive.read_bytes()):
            rows += rows_of(origin, package_version(archive), path, data)
    for row in chosen(rows, options.keep):
        print(json.dumps(row._asdict(), ensure_ascii=True))


if __name__ == "__main__":
    main()
