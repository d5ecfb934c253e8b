"""Small images made at test time: an OCI layout of the layers that a test names.

A layer is a table from names to content; `a_layout` writes the blobs, each under its digest.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STATUS = b"Package: thing\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n"
DEBIAN = b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
SYSTEM: dict[str, bytes | tarfile.TarInfo] = {
    "etc/os-release": DEBIAN,
    "var/lib/dpkg/status": STATUS,
}

_TYPES = "application/vnd.oci.image"


def a_layer(members: dict[str, bytes | tarfile.TarInfo]) -> bytes:
    """An uncompressed layer; a TarInfo instead of bytes is an entry without content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                archive.addfile(content)
            else:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def an_entry(kind: bytes) -> tarfile.TarInfo:
    """An entry of another kind than a file: `tarfile.CHRTYPE`, …."""
    entry = tarfile.TarInfo()
    entry.type = kind
    return entry


def a_layout(
    folder: Path, *layers: bytes, platforms: Sequence[str] = ("linux/amd64",), tag: str = "1"
) -> Path:
    """Write an OCI layout with one image a platform, all of the same layers; return its folder."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def put(content: bytes, kind: str, **more: Any) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        descriptor = {"mediaType": f"{_TYPES}.{kind}", "digest": f"sha256:{digest}"}
        return {**descriptor, "size": len(content), **more}

    manifests = []
    for platform in platforms:
        os, _, architecture = platform.partition("/")
        diff_ids = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
        rootfs = {"type": "layers", "diff_ids": diff_ids}
        config = {"os": os, "architecture": architecture, "rootfs": rootfs}
        manifest = {
            "schemaVersion": 2,
            "config": put(json.dumps(config).encode(), "config.v1+json"),
            "layers": [put(layer, "layer.v1.tar") for layer in layers],
        }
        manifests.append(
            put(
                json.dumps(manifest).encode(),
                "manifest.v1+json",
                platform={"os": os, "architecture": architecture},
                annotations={"org.opencontainers.image.ref.name": tag},
            )
        )
    index = {"schemaVersion": 2, "manifests": manifests}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def blob_of(folder: Path, number: int) -> Path:
    """The file of layer `number` of a layout's first image."""
    manifest = json.loads(_blob(folder, _manifests(folder)[0]["digest"]).read_bytes())
    return _blob(folder, manifest["layers"][number]["digest"])


def manifest_of(folder: Path) -> Path:
    """The file of the manifest of a layout's first image."""
    return _blob(folder, _manifests(folder)[0]["digest"])


def _manifests(folder: Path) -> list[dict[str, Any]]:
    manifests: list[dict[str, Any]] = json.loads((folder / "index.json").read_text())["manifests"]
    return manifests


def _blob(folder: Path, digest: str) -> Path:
    return folder / "blobs" / digest.replace(":", "/")
