"""One image in every form that Lading reads, from disk, a pipe, a registry and each engine."""

import gzip
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import zstandard

from builders import a_zip
from engines import containerd, docker_registry, dockerd, podman, program, run
from image.layouts import Layout, archived, plain, tagged
from images import DEBIAN, a_layer, an_entry
from programs import an_elf

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STATUS = """\
Package: base-files
Status: install ok installed
Architecture: amd64
Version: 12.4

Package: python3-urllib3
Status: install ok installed
Architecture: all
Source: python-urllib3
Version: 1.26.12-1
Depends: base-files (>= 1)
"""
SITE = "usr/lib/python3/dist-packages"
LIST = f"/usr\n/usr/lib\n/{SITE}/urllib3-1.26.12.dist-info/METADATA\n"
MIDDLE = {
    "usr/local/bin/own": an_elf({".text": b"nobody knows me"}),
    "srv/app/package.json": b'{"name": "app", "version": "1.0.0", "dependencies": {"ms": "*"}}',
    "srv/app/node_modules/ms/package.json": b'{"name": "ms", "version": "2.0.0"}',
    "srv/app/node_modules/gone/package.json": b'{"name": "gone", "version": "1.0.0"}',
}
JAR = a_zip(
    {
        "META-INF/maven/org.acme/shop/pom.properties": b"version=2.0\n",
        "BOOT-INF/lib/part-1.1.jar": a_zip(
            {"META-INF/maven/org.acme/part/pom.properties": b"version=1.1\n"}
        ),
    }
)
Place = Callable[["Image"], str]


class Image:
    """The image as a layout, and what is needed to bring it elsewhere."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.running = running
        self.environment = {
            "HOME": str(folder), "LADING_DOCKER_SOCKETS": "", "LADING_PODMAN_SOCKETS": "",
            "LADING_CONTAINERD_ROOT": str(folder / "none"),
        }  # fmt: skip
        self.stdin = Path(os.devnull)
        layout = Layout(folder / "layout")
        image = layout.image(*_layers())
        self.layout = layout.list(tagged(image, "1"))

    def copied(self, target: str, *options: str) -> None:
        """Let skopeo copy the image."""
        skopeo = program("skopeo")
        run(skopeo, "--insecure-policy", "copy", *options, f"oci:{self.layout}:1", target)

    def read(self, target: str) -> dict[str, Any]:
        """What `lading packages` prints in a process of its own."""
        with self.stdin.open("rb") as stdin:
            done = subprocess.run(
                [sys.executable, "-m", "lading", "packages", target, "--format", "json",
                 "--no-cache"],
                env=os.environ | self.environment, stdin=stdin, capture_output=True,
                check=False, timeout=60,
            )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))


def _layers() -> tuple[bytes, bytes, bytes]:
    link = an_entry(tarfile.SYMTYPE)
    link.linkname = "usr/lib"
    metadata = b"Metadata-Version: 2.1\nName: urllib3\nVersion: 1.26.12\n"
    lowest: dict[str, bytes | tarfile.TarInfo] = {
        "etc/os-release": DEBIAN,
        "lib": link,
        "var/lib/dpkg/status": STATUS.encode(),
        "var/lib/dpkg/info/python3-urllib3.list": LIST.encode(),
        f"{SITE}/urllib3-1.26.12.dist-info/METADATA": metadata,
    }
    newer = b'{"name": "ms", "version": "2.1.3"}'
    highest = {
        "srv/app/node_modules/ms/package.json": newer,
        "srv/app/node_modules/.wh.gone": b"",
        "opt/shop-2.0.jar": JAR,
        "usr/local/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA": (
            b"Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\nRequires-Dist: idna\n"
        ),
        "usr/local/lib/python3.11/site-packages/idna-3.4.dist-info/METADATA": (
            b"Metadata-Version: 2.1\nName: idna\nVersion: 3.4\n"
        ),
    }
    return a_layer(lowest), a_layer(dict(MIDDLE)), a_layer(dict(highest))


def in_a_layout(image: Image) -> str:
    return f"oci:{image.layout}:1"


def in_an_oci_archive(image: Image) -> str:
    file = image.folder / "oci.tar"
    image.copied(f"oci-archive:{file}:1")
    return f"oci-archive:{file}"


def in_a_docker_archive(image: Image) -> str:
    file = image.folder / "docker.tar"
    image.copied(f"docker-archive:{file}:a/b:1")
    return f"docker-archive:{file}:a/b:1"


def in_a_pipe(pack: Callable[[bytes], bytes]) -> Place:
    def place(image: Image) -> str:
        image.stdin = archived(image.layout, image.folder / "piped", pack)
        return "-"

    return place


def unpacked(image: Image) -> str:
    bundle = image.folder / "bundle"
    run(program("umoci"), "unpack", "--image", f"{image.layout}:1", bundle)
    return f"dir:{bundle}/rootfs"


def in_a_registry(image: Image) -> str:
    host = image.running.enter_context(docker_registry(image.folder))
    image.copied(f"docker://{host}/team/app:1", "--dest-tls-verify=false")
    return f"registry:{host}/team/app:1"


def in_docker(image: Image) -> str:
    in_a_docker_archive(image)
    sock, command = image.running.enter_context(dockerd(image.folder))
    run(*command, "load", "--input", image.folder / "docker.tar")
    image.environment["LADING_DOCKER_SOCKETS"] = str(sock)
    return "docker:a/b:1"


def in_podman(image: Image) -> str:
    in_a_docker_archive(image)
    sock, command = image.running.enter_context(podman(image.folder))
    run(*command, "load", "--input", image.folder / "docker.tar")
    image.environment["LADING_PODMAN_SOCKETS"] = str(sock)
    return "podman:docker.io/a/b:1"


def in_containerd(image: Image) -> str:
    root, command = image.running.enter_context(containerd(image.folder))
    archive = archived(image.layout, image.folder / "layout.tar")
    run(*command, "images", "import", "--no-unpack", "--base-name", "r.example/a/b", archive)
    image.environment["LADING_CONTAINERD_ROOT"] = str(root)
    return "containerd:r.example/a/b:1"


@pytest.fixture
def image() -> Iterator[Image]:
    with (
        tempfile.TemporaryDirectory(prefix="l", ignore_cleanup_errors=True) as name,
        ExitStack() as running,
    ):
        yield Image(Path(name), running)


@pytest.mark.parametrize("place", [
    pytest.param(in_an_oci_archive, id="oci-archive"),
    pytest.param(in_a_docker_archive, id="docker-archive"),
    pytest.param(in_a_pipe(plain), id="a pipe"),
    pytest.param(in_a_pipe(gzip.compress), id="a pipe of gzip"),
    pytest.param(in_a_pipe(zstandard.compress), id="a pipe of zstd"),
    pytest.param(in_a_registry, id="registry"),
    pytest.param(in_docker, id="docker"),
    pytest.param(in_podman, id="podman"),
    pytest.param(in_containerd, id="containerd"),
    pytest.param(unpacked, id="dir"),
])  # fmt: skip
def test_an_image_has_the_same_inventory_wherever_it_is(image: Image, place: Place) -> None:
    expected = image.read(in_a_layout(image))

    found = image.read(place(image))

    if place is unpacked:
        expected = _without_layers(expected)
    else:
        assert _diff_ids(found) == _diff_ids(expected)
    for member in ("packages", "coverage", "problems"):
        assert found[member] == expected[member]


def test_the_image_of_these_forms_has_something_of_everything(image: Image) -> None:
    found = image.read(in_a_layout(image))

    packages = {one["name"]: one for one in found["packages"]}
    assert {one["type"] for one in found["packages"]} == {"deb", "pypi", "npm", "maven"}
    assert "gone" not in packages
    assert (packages["ms"]["version"], packages["ms"]["layer"]) == ("2.1.3", 2)
    assert packages["urllib3"]["owner"] == packages["python3-urllib3"]["id"]
    for asking, answering in (("app", "ms"), ("requests", "idna"), ("org.acme:shop",
                              "org.acme:part"), ("python3-urllib3", "base-files")):  # fmt: skip
        assert packages[answering]["id"] in packages[asking]["depends_on"]
    assert [one["path"] for one in found["coverage"]["unexplained"]] == ["/usr/local/bin/own"]
    assert found["problems"] == []


def _diff_ids(result: dict[str, Any]) -> list[str]:
    return [layer["diff_id"] for layer in result["image"]["layers"]]


def _without_layers(result: dict[str, Any]) -> dict[str, Any]:
    """The result for a folder, where nothing says which layer brought what."""
    for one in (*result["packages"], *result["coverage"]["unexplained"]):
        one["layer"] = None
    return result
