"""How far `lading packages` is above the floor: inflating and hashing the same bytes.

    python benchmarks/floor.py LAYOUT [--runs N]

LAYOUT is an OCI layout with gzip layers. Both sides are whole processes, started in turn, with a
warm page cache; `lading packages` has an empty cache each time. The floor reads each layer once
with isal in one thread, and takes the SHA-256 of the blob and of what it unpacks to. Quote the
ratio, which holds on another machine, and not the seconds, which do not.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

FLOOR = """
import hashlib, io, sys
from isal import igzip
class Hashed(io.RawIOBase):
    def __init__(self, file):
        self.file, self.sha256 = file, hashlib.sha256()
    def readable(self):
        return True
    def readinto(self, buffer):
        got = self.file.readinto(buffer)
        self.sha256.update(memoryview(buffer)[:got])
        return got
buffer = memoryview(bytearray(1 << 20))
for path in sys.argv[1:]:
    with open(path, "rb", buffering=0) as file:
        hashed, diff_id = Hashed(file), hashlib.sha256()
        stream = igzip.IGzipFile(fileobj=io.BufferedReader(hashed, 1 << 18))
        while got := stream.readinto(buffer):
            diff_id.update(buffer[:got])
        hashed.sha256.hexdigest(), diff_id.hexdigest()
"""


class Run(NamedTuple):
    """One process: wall seconds, and the most memory it held (MiB)."""

    seconds: float
    memory: float


def layers(layout: Path) -> list[str]:
    """Return the files of the layers of the only image of the layout."""

    def blob(digest: str) -> Path:
        return layout / "blobs" / digest.replace(":", "/")

    index = json.loads((layout / "index.json").read_text())
    manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
    return [str(blob(layer["digest"])) for layer in manifest["layers"]]


def run(command: list[str], environment: dict[str, str]) -> Run:
    """Run to the end; a failing command ends the benchmark."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command} failed with exit code {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def lading(layout: Path) -> Run:
    """Run `lading packages` with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "lading", "packages", f"oci:{layout}", "--format", "json"]
        return run([*command, "--cache", cache], dict(os.environ))


def main() -> None:
    """Run both in turn and print medians and the ratio of each pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("layout", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    floor_command = [sys.executable, "-c", FLOOR, *layers(options.layout)]
    environment = dict(os.environ)
    empty = min(run([sys.executable, "-c", "pass"], environment).memory for _ in range(3))
    run(floor_command, environment)
    lading(options.layout)  # both once, uncounted: page cache and compiled modules
    pairs = [(run(floor_command, environment), lading(options.layout)) for _ in range(options.runs)]
    ratios = [ours.seconds / floor.seconds for floor, ours in pairs]
    floor = statistics.median(floor.seconds for floor, _ in pairs)
    ours = statistics.median(ours.seconds for _, ours in pairs)
    above = max(ours.memory for _, ours in pairs) - empty
    print(f"floor            {floor:6.2f} s (median of {len(pairs)})")
    print(f"lading packages  {ours:6.2f} s")
    least, most = min(ratios), max(ratios)
    print(f"ratio            {statistics.median(ratios):6.2f}   min {least:.2f}, max {most:.2f}")
    print(f"peak memory      {above:6.0f} MiB above the bare interpreter")


if __name__ == "__main__":
    main()
