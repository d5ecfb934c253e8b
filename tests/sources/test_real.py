"""The registries and engines themselves, on private sockets and ports of this machine."""

import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engines import containerd, docker_registry, dockerd, podman, program, run
from images import a_layer, a_layout, blob_of
from lading.cache import Cache
from lading.image.limits import Limits
from lading.image.source import Opened
from lading.image.target import parse
from lading.scan import Choices, inventory
from lading.sources import open_any
from lading.sources.door import Door

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket file."""
    with tempfile.TemporaryDirectory(prefix="l", ignore_cleanup_errors=True) as name:
        yield Path(name)


def opened(target: str, door: Door) -> Opened:
    return open_any(parse(target), None, Limits(), door)


def packages(target: str, door: Door, cache: Cache | None = None) -> list[str]:
    image = opened(target, door)
    try:
        found = inventory(image, Choices(cache=cache), lambda done, total: None)
    finally:
        image.close()
    assert found.problems == ()
    return [f"{one.name} {one.version}" for one in found.packages]


def an_archive(layout: Path, folder: Path) -> Path:
    file = folder / "layout.tar"
    with tarfile.open(file, "w") as archive:
        archive.add(layout, arcname=".")
    return file


def test_the_reference_registry_gives_each_layer_once(
    folder: Path, door: Door, layout: Path, tmp_path: Path
) -> None:
    shared = blob_of(layout, 0).read_bytes()
    other = a_layout(tmp_path / "other", shared, a_layer({"else": b"1"}))
    cache = Cache(tmp_path / "cache")
    skopeo = program("skopeo")
    with docker_registry(folder) as host:
        for place, name in ((layout, "one"), (other, "two")):
            run(skopeo, "--insecure-policy", "copy", "--dest-tls-verify=false",
                f"oci:{place}:1", f"docker://{host}/team/app:{name}")  # fmt: skip
        images = [opened(f"registry:{host}/team/app:{name}", door) for name in ("one", "two")]
        layers = {str(layer.digest) for image in images for layer in image.image.layers}
        before = (folder / "log").read_text()

        for name in ("one", "two", "one"):
            assert packages(f"registry:{host}/team/app:{name}", door, cache) == ["thing 1.0-1"]

    log = (folder / "log").read_text().removeprefix(before)
    fetched = re.findall(r'"GET /v2/team/app/blobs/(sha256:[0-9a-f]+) HTTP', log)
    assert len(layers) == 3
    assert sorted(digest for digest in fetched if digest in layers) == sorted(layers)


def test_an_image_in_podman(folder: Path, door: Door, layout: Path) -> None:
    with podman(folder) as (sock, command):
        run(*command, "pull", f"oci:{layout}:1")
        name = run(*command, "images", "--format", "{{.Repository}}:{{.Tag}}").strip()
        there = replace(door, podman_sockets=(sock,))

        assert packages(f"podman:{name}", there) == ["thing 1.0-1"]
        assert packages(name, replace(there, offline=True)) == ["thing 1.0-1"]


def test_an_image_in_docker(folder: Path, door: Door, layout: Path) -> None:
    skopeo, archive = program("skopeo"), folder / "image.tar"
    run(skopeo, "--insecure-policy", "copy", f"oci:{layout}:1", f"docker-archive:{archive}:a/b:1")
    with dockerd(folder) as (sock, command):
        run(*command, "load", "--input", archive)
        there = replace(door, docker_sockets=(sock,))

        assert packages("docker:a/b:1", there) == ["thing 1.0-1"]
        assert packages("a/b:1", replace(there, offline=True)) == ["thing 1.0-1"]


def test_an_image_in_containerd_running_and_stopped(folder: Path, door: Door, layout: Path) -> None:
    with containerd(folder) as (root, command):
        there = replace(door, containerd_root=root, offline=True)
        run(*command, "--namespace", "k8s.io", "images", "import", "--no-unpack",
            "--base-name", "r.example/a/b", an_archive(layout, folder))  # fmt: skip

        assert packages("containerd:r.example/a/b:1", there) == ["thing 1.0-1"]

    assert packages("r.example/a/b:1", there) == ["thing 1.0-1"]
