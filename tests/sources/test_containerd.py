"""Images in containerd's folder, by its metadata and its content."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bolts import Table, a_bolt
from images import SYSTEM, a_layer, a_layout, blob_of
from lading.errors import ImageError
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.scan import Choices, inventory
from lading.sources.containerd import open_image
from lading.sources.door import Door, EngineSilent
from lading.sources.engine import NotStored


def images_named(names: dict[str, str]) -> Table:
    return {
        b"images": {
            name.encode(): {b"target": {b"digest": digest.encode(), b"mediatype": b"x"}}
            for name, digest in names.items()
        }
    }


@pytest.fixture
def stored(tmp_path: Path, door: Door, layout: Path) -> Door:
    """A door to a containerd that has `layout` as team/app:1 in the namespace k8s.io."""
    root = tmp_path / "containerd"
    shutil.copytree(layout / "blobs", root / "io.containerd.content.v1.content" / "blobs")
    put_metadata(root, {b"k8s.io": images_named({"docker.io/team/app:1": root_digest(layout)})})
    return replace(door, containerd_root=root)


def put_metadata(root: Path, namespaces: Table) -> None:
    folder = root / "io.containerd.metadata.v1.bolt"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meta.db").write_bytes(a_bolt({b"v1": {**namespaces, b"version": b"4"}}))


def root_digest(layout: Path) -> str:
    index = json.loads((layout / "index.json").read_text())
    return str(index["manifests"][0]["digest"])


def opened(door: Door, reference: str, **more: Any) -> Opened:
    return open_image(reference, more.get("platform"), Limits(), door)


@pytest.mark.parametrize("reference", ["team/app:1", "docker.io/team/app:1"])
def test_an_image_is_found_by_its_short_or_its_full_name(stored: Door, reference: str) -> None:
    image = opened(stored, reference)

    found = inventory(image, Choices(), lambda done, total: None)
    assert [one.name for one in found.packages] == ["thing"]
    assert image.image.reference == "docker.io/team/app:1"


def test_an_image_is_found_by_its_digest(stored: Door, layout: Path) -> None:
    assert opened(stored, root_digest(layout)).image.digest == root_digest(layout)


def test_the_first_namespace_that_has_it_wins(stored: Door, layout: Path, tmp_path: Path) -> None:
    wrong = images_named({"docker.io/team/app:1": "sha256:" + "0" * 64})
    right = images_named({"docker.io/team/app:1": root_digest(layout)})
    put_metadata(tmp_path / "containerd", {b"default": right, b"k8s.io": wrong, b"odd": wrong})

    assert opened(stored, "team/app:1").image.digest == root_digest(layout)


def test_an_unknown_image_is_not_stored_and_the_message_lists_what_is(stored: Door) -> None:
    with pytest.raises(NotStored, match=r"none of its namespaces.*it has docker.io/team/app:1"):
        opened(stored, "team/other:1")


def test_without_containerd_the_engine_is_silent(door: Door, tmp_path: Path) -> None:
    for root in (None, tmp_path / "nowhere"):
        with pytest.raises(EngineSilent, match="containerd is not here"):
            opened(replace(door, containerd_root=root), "team/app:1")


def test_a_layer_that_was_dropped_is_an_error_that_says_so(
    stored: Door, layout: Path, tmp_path: Path
) -> None:
    name = blob_of(layout, 1).name
    content = tmp_path / "containerd" / "io.containerd.content.v1.content"
    (content / "blobs" / "sha256" / name).unlink()

    with pytest.raises(ImageError, match=r"layer 1 .* is not there"):
        opened(stored, "team/app:1")


def test_a_platform_that_was_not_pulled_is_an_error_that_says_so(
    door: Door, tmp_path: Path
) -> None:
    both = a_layout(tmp_path / "b", a_layer(SYSTEM), platforms=("linux/amd64", "linux/arm64"))
    root = tmp_path / "containerd"
    shutil.copytree(both / "blobs", root / "io.containerd.content.v1.content" / "blobs")
    index = (both / "index.json").read_bytes()
    digest = hashlib.sha256(index).hexdigest()
    blobs = root / "io.containerd.content.v1.content" / "blobs" / "sha256"
    (blobs / digest).write_bytes(index)
    arm = json.loads(index)["manifests"][1]["digest"].removeprefix("sha256:")
    (blobs / arm).unlink()
    put_metadata(root, {b"default": images_named({"r.example/a:1": f"sha256:{digest}"})})
    stored = replace(door, containerd_root=root)

    amd = Platform(os="linux", architecture="amd64")
    assert opened(stored, "r.example/a:1", platform=amd).image.platform == "linux/amd64"
    with pytest.raises(ImageError, match=r"no image for linux/arm64.* not stored"):
        opened(stored, "r.example/a:1", platform=replace(amd, architecture="arm64"))


def test_metadata_of_another_version_are_an_error(door: Door, tmp_path: Path) -> None:
    folder = tmp_path / "io.containerd.metadata.v1.bolt"
    folder.mkdir()
    (folder / "meta.db").write_bytes(a_bolt({b"v9": {}}))

    with pytest.raises(ImageError, match="version that Lading does not know"):
        opened(replace(door, containerd_root=tmp_path), "team/app:1")


def test_metadata_that_are_odd_hide_no_other_image(
    stored: Door, layout: Path, tmp_path: Path
) -> None:
    odd: Table = {b"images": {b"a": b"1", b"b": {b"target": b"2"}, b"c": {b"target": {}}}}
    good = images_named({"docker.io/team/app:1": root_digest(layout)})
    put_metadata(tmp_path / "containerd", {b"a": b"1", b"b": odd, b"default": good})

    assert opened(stored, "team/app:1").image.digest == root_digest(layout)
