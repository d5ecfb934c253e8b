"""What content fingerprints cost beside a SHA-256 of the same bytes, and whether they are right.

    python benchmarks/fingerprints.py LAYOUT [--runs N]

LAYOUT is an OCI layout of one Debian image. All ELF files of its layers are read into memory; then
both sides run in turn, in one thread, and processor time is taken. Afterwards each hit is held
against the package that owns the file: Debian's version says which upstream version it was built
from. What nobody owns, and what differs, is listed.
"""

import argparse
import hashlib
import json
import re
import statistics
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lading.catalog.cataloger import ImageFile
from lading.catalog.programs import PROGRAMS
from lading.errors import LadingError
from lading.model.package import Package

_OWNED = re.compile(r"var/lib/dpkg/info/([^:/]+)(?::[^/]+)?\.list")


def files_in(layout: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the regular files of the layers, lowest first."""

    def blob(digest: str) -> Path:
        return layout / "blobs" / digest.replace(":", "/")

    index = json.loads((layout / "index.json").read_text())
    manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
    for layer in manifest["layers"]:
        with tarfile.open(blob(layer["digest"])) as archive:
            for member in archive:
                if member.isfile() and (file := archive.extractfile(member)) is not None:
                    yield member.name.removeprefix("./"), file.read()


def owners_in(files: dict[str, bytes]) -> dict[str, str]:
    """Return, by path, the Debian version of the package that owns it."""
    versions: dict[str, str] = {}
    for record in files.get("var/lib/dpkg/status", b"").decode().split("\n\n"):
        fields = dict(re.findall(r"(?m)^(Package|Version): (.*)$", record))
        if fields:
            versions[fields["Package"]] = fields["Version"]
    owners: dict[str, str] = {}
    for name, data in files.items():
        if found := _OWNED.fullmatch(name):
            owners |= dict.fromkeys(data.decode().split("\n"), versions.get(found[1], ""))
    return owners


def hits_in(programs: dict[str, bytes]) -> list[Package]:
    """Return what is recognised in each of the files."""
    found: list[Package] = []
    for path, data in programs.items():
        try:
            file = ImageFile(path=path, data=memoryview(data), mode=0o755)
            found += (one for one in PROGRAMS.read(file) if isinstance(one, Package))
        except LadingError as error:
            print(error)
    return found


def agrees(hit: Package, version: str) -> bool:
    """Return whether the Debian version starts with the numbers of the hit's."""
    upstream = re.sub(r"^\d+:|-[^-]*$", "", version).rpartition("really")[2]
    numbers = re.findall(r"\d+", hit.version or "")
    return hit.version == version or re.findall(r"\d+", upstream)[: len(numbers)] == numbers


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print the cost of each side, their ratio, and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("layout", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    files = dict(files_in(options.layout))
    programs = {f"/{path}": data for path, data in files.items() if data[:4] == b"\x7fELF"}
    size = sum(map(len, programs.values())) / 1e6
    hits = hits_in(programs)  # once, uncounted: compiled patterns
    pairs = [
        (
            seconds(lambda: [hashlib.sha256(data).digest() for data in programs.values()]),
            seconds(lambda: hits_in(programs)),
        )
        for _ in range(options.runs)
    ]
    least = [min(one) * 1000 / size for one in zip(*pairs, strict=True)]
    ratios = [ours / floor for floor, ours in pairs]
    print(f"files         {len(programs):6} of {size:.0f} MB")
    print(f"SHA-256       {least[0]:6.2f} ms per MB (least of {len(pairs)})")
    print(f"fingerprints  {least[1]:6.2f} ms per MB")
    print(f"ratio         {statistics.median(ratios):6.2f}")
    owners = owners_in(files)
    shown = {path: owners.get(path) or owners.get(path.removeprefix("/usr")) for path in programs}
    wrong = [hit for hit in hits if not agrees(hit, shown[hit.paths[0]] or "")]
    print(f"hits          {len(hits):6}, of which {len(hits) - len(wrong)} agree with the owner")
    for hit in wrong:
        print(f"  {hit.name} {hit.version} in {hit.paths[0]}, owned by {shown[hit.paths[0]]}")


if __name__ == "__main__":
    main()
