"""Targets that are no path, through the command line."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bolts import Table, a_bolt
from cli.running import is_one_line, ran
from image.layouts import Layout, archived, for_platform, gzipped, tagged
from images import SYSTEM, a_layer, a_layout, blob_of
from lading.image.manifest import this_machine
from registries import Handler, Registry, digest_of, serving

BOTH = ("linux/amd64", "linux/arm64")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No engines, no logins, an empty cache."""
    for name in ("DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DOCKER_SOCKETS", "")
    monkeypatch.setenv("LADING_PODMAN_SOCKETS", "")
    monkeypatch.setenv("LADING_CONTAINERD_ROOT", str(tmp_path / "none"))


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as found:
        yield found


def test_an_image_in_a_registry_is_scanned(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM)))

    result = ran(capsys, "packages", f"registry:{registry.host}/team/app:1", "--format", "json")

    assert result.code == 0
    found = json.loads(result.out)
    assert found["image"]["reference"] == f"{registry.host}/team/app:1"
    assert [one["name"] for one in found["packages"]] == ["thing"]


def test_the_login_file_of_docker_is_used(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM)))
    registry.users["anna"] = "secret"
    (tmp_path / ".docker").mkdir()
    auths = {registry.host: {"auth": "YW5uYTpzZWNyZXQ="}}
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"auths": auths}))

    assert ran(capsys, "packages", f"{registry.host}/team/app:1").code == 0


@pytest.mark.parametrize(
    ("target", "code"),
    [
        pytest.param("registry:127.0.0.1:1/team/app:1", 2, id="in a registry"),
        pytest.param("127.0.0.1:1/team/app:1", 3, id="anywhere"),
    ],
)
def test_offline_an_image_elsewhere_is_one_line_of_error(
    target: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = ran(capsys, "packages", target, "--offline")

    assert result.code == code
    assert is_one_line(result.err)
    assert "--offline forbids asking a registry" in result.err


def test_an_archive_comes_through_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_layout(tmp_path / "a", a_layer(SYSTEM))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(folder, arcname=".")
    data = io.BytesIO((tmp_path / "a.tar.gz").read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(data)))

    result = ran(capsys, "packages", "-", "--format", "json")

    assert [one["name"] for one in json.loads(result.out)["packages"]] == ["thing"]


def test_an_interrupt_does_not_wait_for_a_registry_that_stalls(
    registry: Registry, tmp_path: Path
) -> None:
    folder = a_layout(tmp_path / "a", a_layer(SYSTEM), a_layer({"app/x": bytes(300_000)}))
    registry.put_layout(folder)
    reached, over = threading.Event(), threading.Event()
    layer = f"sha256:{blob_of(folder, 1).name}"

    def stall(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(registry.blobs[layer])))
        handler.end_headers()
        handler.wfile.write(registry.blobs[layer][:100_000])
        handler.wfile.flush()
        reached.set()
        return over.wait(50)

    registry.once(layer, stall, times=99)
    with subprocess.Popen(
        [sys.executable, "-m", "lading", "packages", f"{registry.host}/team/app:1", "--no-cache"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"HOME": str(tmp_path)},
    ) as process:  # fmt: skip
        assert reached.wait(40)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=25)  # a stalled read alone lasts 30 s
    over.set()

    assert (process.returncode, out, err) == (130, b"", b"lading: interrupted\n")


INDEX = "application/vnd.oci.image.index.v1+json"


def an_index_without_riscv(
    folder: Path, *stored: str, absent: str = "linux/riscv64"
) -> tuple[Path, bytes]:
    """A layout that stores less than the index in it lists; that index, which is stored too."""
    platforms = (*(stored or ("linux/amd64", "linux/s390x")), absent)
    layout = Layout(folder)
    items = [
        for_platform(layout.image(a_layer(SYSTEM), platform=platform), platform)
        for platform in platforms
    ]
    index = layout.index(*items)
    layout.path(items[-1]["digest"]).unlink()
    layout.list(tagged(index, "1"))
    return folder, layout.path(index["digest"]).read_bytes()


def put(
    form: str,
    folder: Path,
    index: bytes,
    registry: Registry,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Bring the images to where the form says; return the target."""
    if form == "oci":
        return f"oci:{folder}"
    if form == "oci-archive":
        return f"oci-archive:{archived(folder, place / 'a.tar')}"
    if form == "registry":
        for item in json.loads(index)["manifests"]:
            file = folder / "blobs" / item["digest"].replace(":", "/")
            if file.exists():
                registry.put_manifest("any", file.read_bytes(), item["mediaType"])
        for file in (folder / "blobs/sha256").iterdir():
            registry.blobs[f"sha256:{file.name}"] = file.read_bytes()
        registry.put_manifest("1", index, INDEX)
        return f"registry:{registry.host}/team/app:1"
    root = place / "containerd"
    shutil.copytree(folder / "blobs", root / "io.containerd.content.v1.content/blobs")
    target: Table = {b"target": {b"digest": digest_of(index).encode()}}
    content: Table = {b"default": {b"images": {b"r.example/a/b:1": target}}}
    database = root / "io.containerd.metadata.v1.bolt/meta.db"
    database.parent.mkdir()
    database.write_bytes(a_bolt({b"v1": {**content, b"version": b"4"}}))
    monkeypatch.setenv("LADING_CONTAINERD_ROOT", str(root))
    return "containerd:r.example/a/b:1"


class TestAllPlatforms:
    @pytest.mark.parametrize("command", ["packages", "scan"])
    def test_every_image_has_its_result(
        self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH)

        result = ran(capsys, command, str(folder), "--all-platforms", "--format", "json")

        found = json.loads(result.out)
        assert found["schema"] == "lading.scans/1"
        assert [one["image"]["platform"] for one in found["results"]] == list(BOTH)
        assert {one["schema"] for one in found["results"]} == {"lading.scan/1"}

    def test_an_index_in_a_registry_is_followed(
        self, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH))
        target = f"{registry.host}/team/app:1"

        result = ran(capsys, "packages", target, "--all-platforms", "--format", "json")

        found = json.loads(result.out)["results"]
        assert [one["image"]["platform"] for one in found] == list(BOTH)
        assert {one["target"]["given"] for one in found} == {target}

    @pytest.mark.parametrize("form", ["oci", "oci-archive", "registry", "containerd"])
    def test_what_an_index_lists_and_nobody_stores_is_told(
        self,
        form: str,
        registry: Registry,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        folder, index = an_index_without_riscv(tmp_path / "a")
        target = put(form, folder, index, registry, tmp_path, monkeypatch)

        result = ran(capsys, "packages", target, "--all-platforms", "--format", "json")

        assert result.code == 0, result.err
        found = json.loads(result.out)["results"]
        assert [one["image"]["platform"] for one in found] == ["linux/amd64", "linux/s390x"]
        assert {tuple(one["coverage"]["notes"]) for one in found} == {
            ("linux/riscv64 is in the index, but not stored, so it was not read",)
        }

    def test_an_index_of_which_nothing_is_stored_is_an_error(
        self, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, index = an_index_without_riscv(tmp_path / "a")
        registry.put_manifest("1", index, INDEX)

        result = ran(capsys, "packages", f"{registry.host}/team/app:1", "--all-platforms",
                     "--format", "json")  # fmt: skip

        assert result.code == 3
        assert "has none of the images that it lists" in result.err

    def test_of_a_stream_which_is_read_once_the_others_are_told(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        here = str(this_machine())
        folder, _ = an_index_without_riscv(tmp_path / "a", here, "linux/s390x")
        archived(folder, tmp_path / "a.tar", pack=gzipped)
        data = io.BytesIO((tmp_path / "a.tar").read_bytes())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(data)))

        result = ran(capsys, "packages", "-", "--all-platforms", "--format", "json")

        assert result.code == 0, result.err
        [found] = json.loads(result.out)["results"]
        assert found["image"]["platform"] == here
        assert found["coverage"]["notes"] == [
            f"{other} is in the index too, and was not read; choose it with --platform"
            for other in ("linux/riscv64", "linux/s390x")
        ]

    def test_a_table_cannot_hold_several(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH)

        result = ran(capsys, "packages", str(folder), "--all-platforms")

        assert result.code == 2
        assert "add --format json" in result.err

    def test_one_platform_and_all_of_them_exclude_each_other(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        result = ran(capsys, "packages", ".", "--all-platforms", "--platform", "linux/amd64")

        assert result.code == 2
