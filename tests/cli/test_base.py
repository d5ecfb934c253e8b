"""`lading base`: bases made known, and images that are then said to be built on them."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from lading.image.known_bases import file_in, read_known

SHOP = "examples/shop"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's data is."""
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "data"


def a_base(folder: Path) -> Path:
    """The lowest layer of the shop, as an image of its own."""
    shutil.copytree(SHOP, folder)
    index = read(folder / "index.json")
    pointer = index["manifests"][0]
    manifest = read(blob(folder, pointer["digest"]))
    config = read(blob(folder, manifest["config"]["digest"]))
    config["history"] = config["history"][:1]
    config["rootfs"]["diff_ids"] = config["rootfs"]["diff_ids"][:1]
    manifest["config"] = stored(folder, config)
    manifest["layers"] = manifest["layers"][:1]
    index["manifests"] = [pointer | stored(folder, manifest)]
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def blob(folder: Path, digest: str) -> Path:
    return folder / "blobs" / digest.replace(":", "/")


def stored(folder: Path, value: object) -> dict[str, object]:
    """Put the document into the layout; return what points to it."""
    data = json.dumps(value).encode()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    blob(folder, digest).write_bytes(data)
    return {"digest": digest, "size": len(data)}


def test_a_base_made_known_is_named_in_results(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = ran(capsys, "base", "add", str(a_base(tmp_path / "base")), "--name", "debian:12-slim")

    assert (added.code, added.out) == (0, "")
    assert added.err == "lading: debian:12-slim is known by its 1 layers\n"
    packages = ran(capsys, "packages", SHOP, "--format", "json")
    base = json.loads(packages.out)["image"]["base"]
    assert (base["name"], base["layers"], base["evidence"]) == ("debian:12-slim", 1, "known")
    table = ran(capsys, "scan", SHOP, "--group-by", "layer")
    assert "layer 0  base image debian:12-slim  ADD rootfs.tar.xz" in table.out
    assert "layer 1  yours  RUN apt-get update" in table.out


def test_bases_are_listed_and_forgotten(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no base images are known" in ran(capsys, "base", "list").out
    ran(capsys, "base", "add", SHOP)
    ran(capsys, "base", "add", SHOP)

    listed = ran(capsys, "base", "list")
    assert listed.out.startswith("example/shop:1.4.0  6 layers  sha256:5d4444ae")
    assert listed.out.count("\n") == 1
    assert len(json.loads(ran(capsys, "base", "list", "--format", "json").out)) == 1
    assert ran(capsys, "base", "remove", "example/shop:1.4.0").code == 0
    assert read_known(file_in(data)) == ()


def test_what_is_not_known_cannot_be_forgotten(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ran(capsys, "base", "remove", "x")

    assert answer.code == 2
    assert is_one_line(answer.err)


def test_a_directory_is_nobodys_base(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "root" / "etc").mkdir(parents=True)
    answer = ran(capsys, "base", "add", f"dir:{tmp_path / 'root'}")

    assert answer.code == 2
    assert "has no layers" in answer.err


@pytest.mark.parametrize("text", [b"", b"{}", b"[7]", b"\xff", b'[{"name": "x"}]'])
def test_a_damaged_list_is_said_to_be(
    text: bytes, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    file_in(data).write_bytes(text)

    answer = ran(capsys, "base", "list")

    assert answer.code == 3
    assert is_one_line(answer.err)
