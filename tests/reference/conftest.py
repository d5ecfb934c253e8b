"""One image that real package managers filled, made once for all the processes of a test run."""

import fcntl
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from image.layouts import OCI, Layout, a_config, sha256, tagged
from reference import debian, golang, java, node, python, rust
from reference.making import NotHere, Said

Row = dict[str, Any]
# The lowest layer first; the slowest to make are begun first.
MAKERS: dict[str, Callable[[Path], Said]] = {
    "deb": debian.make, "pypi": python.make, "npm": node.make, "maven": java.make,
    "golang": golang.make, "cargo": rust.make,
}  # fmt: skip
SLOWEST = ("deb", "cargo", "maven", "npm", "pypi", "golang")


class Made(NamedTuple):
    """The image, and what became of its parts."""

    layout: Path
    said: dict[str, Said]
    missing: dict[str, str]  # why a part is not in it
    layers: dict[str, int]
    result: Row  # what `lading packages` prints

    def part(self, type: str) -> Said:
        """What the reference program says; skips the calling test where there is none."""
        if type in self.missing:
            pytest.skip(self.missing[type])
        return self.said[type]

    def packages(self, type: str) -> list[Row]:
        """Those of a type in the layer of that type's own package manager."""
        layer = self.layers[type]
        return [
            one for one in self.result["packages"] if one["type"] == type and one["layer"] == layer
        ]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "reference-image"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made.json").exists():
            _make(folder)
    said, missing, layers = json.loads((folder / "made.json").read_text())
    said = {type: Said(*one) for type, one in said.items()}
    result = json.loads((folder / "result.json").read_text())
    return Made(folder / "layout", said, missing, layers, result)


def _make(folder: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        running = {type: pool.submit(_part, folder / type, MAKERS[type]) for type in SLOWEST}
    parts = {type: one.result() for type, one in running.items()}
    said = {type: one for type, one in parts.items() if isinstance(one, Said)}
    missing = {type: one for type, one in parts.items() if isinstance(one, str)}
    there = [type for type in MAKERS if type in said]
    _assemble(folder / "layout", [_layer(folder / type) for type in there])
    listing = subprocess.run(
        [sys.executable, "-m", "lading", "packages", f"oci:{folder}/layout", "--format", "json",
         "--no-cache", "--quiet", "--strict"],
        check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    assert listing.returncode == 0, listing.stderr
    (folder / "result.json").write_bytes(listing.stdout)
    layers = {type: index for index, type in enumerate(there)}
    (folder / "made.json").write_text(json.dumps([said, missing, layers]))


def _part(work: Path, make: Callable[[Path], Said]) -> Said | str:
    work.mkdir()
    try:
        return make(work)
    except NotHere as error:
        return str(error)


def _layer(work: Path) -> bytes:
    if (work / "layer.tar").exists():
        return (work / "layer.tar").read_bytes()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as layer:
        layer.add(work / "root", arcname=".")
    return buffer.getvalue()


def _assemble(folder: Path, layers: list[bytes]) -> None:
    """Write the layout; every second layer is packed."""
    layout = Layout(folder)
    stored = [
        layout.put(gzip.compress(layer, 1, mtime=0), f"{OCI}.layer.v1.tar+gzip")
        if index % 2
        else layout.put(layer, f"{OCI}.layer.v1.tar")
        for index, layer in enumerate(layers)
    ]
    config = layout.put(a_config([sha256(layer) for layer in layers]), f"{OCI}.config.v1+json")
    media = f"{OCI}.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": media, "config": config, "layers": stored}
    layout.list(tagged(layout.put_json(manifest, media), "1"))
