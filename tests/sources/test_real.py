"""The registries and engines themselves, on private sockets and ports of this machine."""

import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engines import containerd, docker_registry, dockerd, podman, program, run
from image.layouts import Layout, for_platform, tagged
from images import SYSTEM, a_layer, a_layout, blob_of
from lading.cache import Cache
from lading.image.limits import Limits
from lading.image.source import Opened
from lading.image.target import parse
from lading.scan import Choices, inventory
from lading.sources import images_of_any, open_any
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


PLATFORMS = ("linux/amd64", "linux/arm64/v8", "linux/s390x")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A layout whose tag is an index of an image for each platform."""
    layout = Layout(tmp_path / "index")
    images = [
        for_platform(layout.image(a_layer({**SYSTEM, "app/x": name.encode()}), platform=name), name)
        for name in PLATFORMS
    ]
    return layout.list(tagged(layout.index(*images), "1"))


def platforms(target: str, door: Door) -> list[str | None]:
    """Of all images that the target may mean, each opened and read."""
    found = []
    for one in images_of_any(parse(target), Limits(), door):
        assert packages(one.given, door) == ["thing 1.0-1"]
        assert one.notes == ()
        image = open_any(one, None, Limits(), door)
        image.close()
        found.append(image.image.platform)
    return found


def test_all_platforms_of_an_index_in_the_reference_registry(
    folder: Path, door: Door, index: Path
) -> None:
    with docker_registry(folder) as host:
        run(program("skopeo"), "--insecure-policy", "copy", "--all", "--dest-tls-verify=false",
            f"oci:{index}:1", f"docker://{host}/team/app:1")  # fmt: skip

        assert platforms(f"registry:{host}/team/app:1", door) == list(PLATFORMS)
        assert platforms(f"{host}/team/app:1", door) == list(PLATFORMS)


def test_all_platforms_that_containerd_stores(folder: Path, door: Door, index: Path) -> None:
    with containerd(folder) as (root, command):
        there = replace(door, containerd_root=root, offline=True)
        run(*command, "images", "import", "--no-unpack", "--all-platforms",
            "--base-name", "r.example/a/b", an_archive(index, folder))  # fmt: skip

        assert platforms("containerd:r.example/a/b:1", there) == list(PLATFORMS)


def test_the_only_platform_that_podman_stores(folder: Path, door: Door, layout: Path) -> None:
    with podman(folder) as (sock, command):
        run(*command, "pull", f"oci:{layout}:1")
        name = run(*command, "images", "--format", "{{.Repository}}:{{.Tag}}").strip()

        assert platforms(f"podman:{name}", replace(door, podman_sockets=(sock,))) == ["linux/amd64"]
