"""An image cut anywhere is refused or read whole: never read in part without a word."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.bombs import a_good_layer
from image.layouts import Layout, a_layout, an_archive, archived, docker_members, tagged
from image.opening import opened
from lading.catalog import CATALOGERS
from lading.errors import LadingError
from lading.image.tar import BLOCK
from lading.scan import Choices, inventory

WHOLE = ["p0 0"]


def packages(target: str) -> list[str] | None:
    """What is found; None for an image that is refused or read with a problem."""
    try:
        image = opened(target)
    except LadingError:
        return None
    try:
        found = inventory(image, Choices(catalogers=CATALOGERS), lambda done, total: None)
    except LadingError:
        return None
    finally:
        image.close()
    return None if found.problems else [f"{one.name} {one.version}" for one in found.packages]


def an_oci_archive(folder: Path) -> str:
    layout = a_layout(folder / "layout", a_good_layer())
    return f"oci-archive:{archived(layout, folder / 'image.tar')}"


def a_docker_archive(folder: Path) -> str:
    members, rows = docker_members((["x:1"], [a_good_layer()]))
    members.append(("manifest.json", json.dumps(rows).encode()))
    return f"docker-archive:{an_archive(folder / 'image.tar', *members)}"


@pytest.mark.parametrize("make", [an_oci_archive, a_docker_archive])
def test_an_archive_cut_at_any_block(make: Callable[[Path], str], tmp_path: Path) -> None:
    target = make(tmp_path)
    path = Path(target.partition(":")[2])
    assert packages(target) == WHOLE

    found = []
    for size in range(0, path.stat().st_size, BLOCK)[::-1]:
        os.truncate(path, size)
        found.append(packages(target))

    assert [one for one in found if one not in (None, WHOLE)] == []
    assert found.count(None) > len(found) / 2


@pytest.mark.parametrize("change", ["cut", "zeros"])
def test_a_layer_cut_at_any_block(change: str, tmp_path: Path) -> None:
    layout = Layout(tmp_path / "layout")
    layer = a_good_layer()
    layout.list(tagged(layout.image(layer), "1"))
    blob = max(layout.blobs.rglob("*"), key=lambda one: one.stat().st_size if one.is_file() else 0)
    assert packages(f"oci:{layout.folder}") == WHOLE

    for size in range(0, len(layer), BLOCK):
        rest = bytes(len(layer) - size) if change == "zeros" else b""
        blob.write_bytes(layer[:size] + rest)
        same = layer[:size] + rest == layer
        assert packages(f"oci:{layout.folder}") == (WHOLE if same else None), f"cut at {size}"


def test_a_byte_changed_anywhere_in_an_archive(tmp_path: Path) -> None:
    target = an_oci_archive(tmp_path)
    path = Path(target.partition(":")[2])
    data = path.read_bytes()

    for at in range(0, len(data), 97):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x21]) + data[at + 1 :])
        assert packages(target) in (None, WHOLE), f"byte {at}"


def test_bytes_in_the_place_of_an_archive(tmp_path: Path) -> None:
    for data in (b"", b"\0", bytes(512), bytes(5000), os.urandom(3000), b"\x1f\x8b", b"PK\3\4"):
        path = tmp_path / "image"
        path.write_bytes(data)
        for scheme in ("oci-archive", "docker-archive", "oci", "dir"):
            assert packages(f"{scheme}:{path}") is None
