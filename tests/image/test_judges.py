"""The merged layers held against what the kernel mounts and what runtimes write to disk."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from image.layouts import tagged
from image.merged import Item, Layer, by_tree, by_umoci
from image.opening import opened
from image.overlay import by_overlay
from image.tars import Collector
from lading.image.tree import Tree
from version_judges import program

_NAMES = ("a", "b", "c", "lib")


def plain_layers(seed: int) -> list[Layer]:
    """A random image with no entry below a link, since overlayfs puts nothing through one."""
    chance = random.Random(seed)
    return [_a_layer(chance, number) for number in range(chance.randrange(2, 7))]


def _a_layer(chance: random.Random, number: int) -> Layer:
    kinds: dict[str, str] = {}  # of this layer, by path
    for _ in range(chance.randrange(1, 9)):
        depth = chance.choice((1, 1, 2, 2, 3))
        path = "/".join(chance.choice(_NAMES) for _ in range(depth))
        above = [path.rsplit("/", up)[0] for up in range(depth - 1, 0, -1)]
        below = any(known.startswith(f"{path}/") for known in kinds)
        if path in kinds or any(kinds.get(one, "dir") not in ("dir", "opaque") for one in above):
            continue
        for one in above:
            kinds.setdefault(one, "dir")
        kinds[path] = "dir" if below else _kind(chance, kinds)
    return [*_items(kinds, chance)]


def _kind(chance: random.Random, kinds: dict[str, str]) -> str:
    some = ["file", "file", "tool", "soft", "dir", "opaque", "gone", "gone"]
    return chance.choice([*some, "hard"] if "file" in kinds.values() else some)


def _items(kinds: dict[str, str], chance: random.Random) -> list[Item]:
    items = []
    files = [path for path, kind in kinds.items() if kind == "file"]
    for path, kind in kinds.items():
        folder, _, name = path.rpartition("/")
        if kind == "opaque":
            items += [Item(path, "dir"), Item(f"{path}/.wh..wh..opq")]
        elif kind == "gone":
            items.append(Item(f"{folder}/.wh.{name}".lstrip("/")))
        elif kind == "soft":
            items.append(Item(path, "soft", chance.choice(("a", "../b", "/lib", "nowhere"))))
        elif kind != "hard":
            items.append(Item(path, kind))
    return items + [
        Item(path, "hard", chance.choice(files)) for path, kind in kinds.items() if kind == "hard"
    ]


def test_generated_images_merge_as_the_kernel_mounts_them() -> None:
    images = [plain_layers(seed) for seed in range(60)]

    for layers, mounted in zip(images, by_overlay(images), strict=True):
        state, tree = by_tree(layers)
        assert state == mounted, layers
        assert tree.problems == []


ODD: dict[str, list[Layer]] = {
    "a leading slash": [[Item("/etc/a"), Item("//etc//b"), Item("etc/./c")]],
    "a climb out of the image": [[Item("../up"), Item("a/../../up2"), Item("d/../../../etc/x")]],
    "a climb within the image": [[Item("a/../b/f")]],
    "a climb past a link is one by name": [
        [Item("real/deep/f"), Item("l", "soft", "real/deep")],
        [Item("l/../z")],
    ],
    "a whiteout that climbs": [[Item("d/gone"), Item("d/kept")], [Item("../d/.wh.gone")]],
    "an absolute whiteout": [[Item("d/gone"), Item("d/kept")], [Item("/d/.wh.gone")]],
    "a hard link to an absolute name": [[Item("a"), Item("/d/b", "hard", "/a")]],
    "a hard link that climbs": [[Item("a"), Item("d/b", "hard", "../../a")]],
}  # fmt: skip


@pytest.mark.parametrize("layers", ODD.values(), ids=ODD.keys())
def test_odd_names_are_where_a_runtime_writes_them(layers: list[Layer], tmp_path: Path) -> None:
    assert by_tree(layers)[0] == by_umoci(layers, tmp_path)


SHOP = Path(__file__).parents[2] / "examples" / "shop"


def test_the_files_of_an_image_are_those_that_a_runtime_unpacks(tmp_path: Path) -> None:
    image = opened(SHOP)
    tree = Tree()
    for layer in image.layers:
        tree.apply(layer.read(Collector("*")))
    image.close()
    layout, bundle = tmp_path / "layout", tmp_path / "bundle"
    shutil.copytree(SHOP, layout)
    index = json.loads((layout / "index.json").read_text())
    index["manifests"] = [tagged(index["manifests"][0], "1")]
    (layout / "index.json").write_text(json.dumps(index))
    command = (program("umoci"), "unpack", "--rootless", "--image", f"{layout}:1", str(bundle))

    subprocess.run(command, check=True, capture_output=True)

    root = bundle / "rootfs"
    there = {f"/{one.relative_to(root)}" for one in root.rglob("*") if not _is_folder(one)}
    assert len(there) == tree.count()
    assert {path for path in there if not tree.holds(path)} == set()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
