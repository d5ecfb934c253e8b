"""Images on disk: OCI layouts written blob by blob, and the archives that `docker save` writes."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
OCI = "application/vnd.oci.image"
DOCKER = "application/vnd.docker"
TAG = "org.opencontainers.image.ref.name"
ATTESTATION: Json = {
    "platform": {"os": "unknown", "architecture": "unknown"},
    "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
}


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def plain(data: bytes) -> bytes:
    return data


def platform_of(text: str) -> Json:
    return dict(zip(("os", "architecture", "variant"), text.split("/"), strict=False))


def a_config(diff_ids: Sequence[str], platform: str = "linux/amd64", **more: Any) -> bytes:
    made = [{"created_by": f"RUN step {number}"} for number in range(len(diff_ids))]
    rootfs = {"type": "layers", "diff_ids": list(diff_ids)}
    config = {"config": {}, "rootfs": rootfs, "history": made, "created": "2024-01-02T03:04:05Z"}
    return json.dumps({**platform_of(platform), **config, **more}).encode()


class Layout:
    """A folder that blobs are put into; `listed` is what its index names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = folder / "blobs"
        (self.blobs / "sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        self.list()

    def put(self, data: bytes, media: str, **more: Any) -> Json:
        """Store a blob under its digest and return its descriptor."""
        self.path(sha256(data)).write_bytes(data)
        return {"mediaType": media, "digest": sha256(data), "size": len(data)} | more

    def put_json(self, value: Json, media: str, **more: Any) -> Json:
        return self.put(json.dumps(value).encode(), media, **more)

    def path(self, digest: str) -> Path:
        return self.blobs / digest.replace(":", "/")

    def image(
        self,
        *layers: bytes,
        platform: str = "linux/amd64",
        pack: Callable[[bytes], bytes] = plain,
        config: bytes | None = None,
        **more: Any,
    ) -> Json:
        """Store an image of unpacked tars and return its descriptor."""
        stored = [self.put(pack(layer), f"{OCI}.layer.v1.tar") for layer in layers]
        if config is None:
            config = a_config([sha256(layer) for layer in layers], platform)
        media = f"{OCI}.manifest.v1+json"
        manifest = {
            "schemaVersion": 2,
            "mediaType": media,
            "config": self.put(config, f"{OCI}.config.v1+json"),
            "layers": stored,
        }
        return self.put_json(manifest, media, **more)

    def index(self, *items: Json, **more: Any) -> Json:
        """Store an index of these descriptors and return its own."""
        media = f"{OCI}.index.v1+json"
        return self.put_json({"schemaVersion": 2, "manifests": list(items)}, media, **more)

    def list(self, *items: Json) -> Path:
        """Write index.json; return the folder."""
        index = {"schemaVersion": 2, "manifests": [*items]}
        (self.folder / "index.json").write_text(json.dumps(index))
        return self.folder


def tagged(item: Json, name: str) -> Json:
    return {**item, "annotations": {**item.get("annotations", {}), TAG: name}}


def for_platform(item: Json, platform: str) -> Json:
    return {**item, "platform": platform_of(platform)}


def a_layout(folder: Path, *layers: bytes, tag: str = "1", **more: Any) -> Path:
    """A layout of one image."""
    layout = Layout(folder)
    return layout.list(tagged(layout.image(*layers, **more), tag))


Member = tuple[str, bytes] | tarfile.TarInfo


def an_archive(path: Path, *members: Member, pack: Callable[[bytes], bytes] = plain) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                entry = tarfile.TarInfo(member[0])
                entry.size = len(member[1])
                archive.addfile(entry, io.BytesIO(member[1]))
    path.write_bytes(pack(buffer.getvalue()))
    return path


def archived(folder: Path, path: Path, pack: Callable[[bytes], bytes] = plain) -> Path:
    """A folder as a tar."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    members = [(str(file.relative_to(folder)), file.read_bytes()) for file in files]
    return an_archive(path, *members, pack=pack)


def docker_members(
    *images: tuple[list[str], list[bytes]], linked: bool = False
) -> tuple[list[Member], list[Json]]:
    """The members of a docker archive but manifest.json, and what that would hold.

    An image is (its tags, its layers). `linked`: a layer that was stored before is a symbolic link
    to it, as `docker save` did.
    """
    members: list[Member] = []
    entries: list[Json] = []
    known: dict[str, str] = {}
    for number, (tags, layers) in enumerate(images):
        config = a_config([sha256(layer) for layer in layers])
        name = f"{sha256(config)[7:]}.json"
        members.append((name, config))
        names = []
        for at, layer in enumerate(layers):
            path = f"{number:032d}{at:032d}/layer.tar"
            names.append(path)
            if linked and sha256(layer) in known:
                link = tarfile.TarInfo(path)
                link.type, link.linkname = tarfile.SYMTYPE, f"../{known[sha256(layer)]}"
                members.append(link)
            else:
                members.append((path, layer))
                known[sha256(layer)] = path
        entries.append({"Config": name, "RepoTags": tags, "Layers": names})
    return members, entries


def a_docker_archive(
    path: Path,
    *images: tuple[list[str], list[bytes]],
    linked: bool = False,
    pack: Callable[[bytes], bytes] = plain,
) -> Path:
    members, entries = docker_members(*images, linked=linked)
    return an_archive(path, *members, ("manifest.json", json.dumps(entries).encode()), pack=pack)


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
