"""Layers merged into what a container would see; a dictionary and umoci are the judges."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.generated import an_image
from image.merged import Item, Layer, by_dictionary, by_tree, by_umoci
from image.tars import Collector


def a_dir(path: str) -> Item:
    return Item(path, "dir")


def soft(path: str, to: str) -> Item:
    return Item(path, "soft", to)


def hard(path: str, to: str) -> Item:
    return Item(path, "hard", to)


CASES: dict[str, list[Layer]] = {
    "a file is replaced": [[Item("f"), Item("g")], [Item("f")]],
    "an executable is replaced by a plain file": [[Item("f", "tool")], [Item("f")]],
    "a directory keeps what it has": [[a_dir("d"), Item("d/a")], [a_dir("d"), Item("d/b")]],
    "parents need no entries": [[Item("a/b/c/d")]],
    "a later entry of one name wins": [[Item("f", "tool"), soft("f", "x"), Item("f")]],
    "a whiteout removes a file": [[Item("d/a"), Item("d/b")], [Item("d/.wh.a")]],
    "a whiteout removes a directory": [[Item("d/e/f"), Item("g")], [Item(".wh.d")]],
    "a whiteout of nothing is nothing": [[Item("a")], [Item(".wh.b"), Item("c/.wh.d")]],
    "a whiteout removes a link and not what it leads to": [
        [Item("d/a"), soft("l", "d")],
        [Item(".wh.l")],
    ],
    "a directory is removed and made anew": [
        [Item("d/old")],
        [Item(".wh.d"), a_dir("d"), Item("d/new")],
    ],
    "a directory is opaque": [
        [Item("d/old"), Item("d/e/old"), Item("f")],
        [a_dir("d"), Item("d/.wh..wh..opq"), Item("d/new")],
    ],
    "an opaque directory stays so above": [
        [Item("d/a")],
        [Item("d/.wh..wh..opq"), Item("d/b")],
        [Item("d/c")],
    ],
    "an opaque directory over a lower link": [
        [Item("e/x"), soft("d", "e")],
        [a_dir("d"), Item("d/.wh..wh..opq"), Item("d/new")],
    ],
    "a directory replaces a link, with whiteouts below it": [
        [Item("e/x"), Item("e/y"), soft("d", "e")],
        [a_dir("d"), Item("d/.wh.x"), Item("d/z")],
    ],
    "a file becomes a directory and a file again": [
        [Item("f")],
        [a_dir("f"), Item("f/g")],
        [Item("f")],
    ],
    "a directory becomes a link": [[Item("d/a"), Item("e/b")], [soft("d", "e")]],
    "a link becomes a file": [[Item("e/b"), soft("d", "e")], [Item("d")]],
    "a link becomes a directory": [[Item("e/b"), soft("d", "e")], [a_dir("d"), Item("d/c")]],
    "a link is replaced by another": [
        [Item("a/x"), Item("b/y"), soft("l", "a")],
        [soft("l", "b"), Item("l/z")],
    ],
    "entries go through a linked directory": [
        [a_dir("usr/lib"), soft("lib", "usr/lib"), Item("usr/lib/old")],
        [Item("lib/new"), Item("lib/old")],
    ],
    "whiteouts go through a linked directory": [
        [Item("usr/lib/old"), Item("usr/lib/kept"), soft("lib", "usr/lib")],
        [Item("lib/.wh.old")],
    ],
    "links of links": [
        [a_dir("a/b"), soft("c", "a/b"), soft("d", "/c"), soft("e/f", "../d")],
        [Item("e/f/deep/file")],
    ],
    "an absolute link stays in the image": [
        [a_dir("var/data"), soft("srv/data", "/var/data")],
        [Item("srv/data/f")],
    ],
    "a link cannot climb out of the image": [
        [a_dir("etc"), soft("a/b", "../../../../etc")],
        [Item("a/b/f")],
    ],
    "links in a circle": [[soft("a", "b"), soft("b", "a"), soft("c", "c"), Item("f")]],
    "hard links are one file": [[Item("a", "tool"), hard("b", "a"), hard("c/d", "a")]],
    "hard links of a plain file are one file": [[Item("a"), hard("b", "a"), hard("c/d", "b")]],
    "the first name of a hard link is removed": [
        [Item("a", "tool"), hard("b", "a"), Item("c"), hard("d", "c")],
        [Item(".wh.a"), Item(".wh.c")],
    ],
    "one name of a hard link is replaced": [
        [Item("a", "tool"), hard("b", "a"), Item("c"), hard("d", "c")],
        [Item("a", "tool"), Item("d")],
    ],
    "a hard link to a link": [[soft("l", "nowhere"), hard("h", "l")], [Item(".wh.l")]],
    "a hard link replaces a file": [[Item("a", "tool"), Item("b")], [Item("c"), hard("b", "c")]],
    "a hard link into a lower layer": [[Item("a", "tool"), Item("c")], [hard("b", "a"), hard("d", "c")]],
    "a hard link through a linked directory": [
        [Item("usr/lib/a", "tool"), soft("lib", "usr/lib")],
        [hard("lib/b", "lib/a")],
    ],
    "names that would leave the image": [[a_dir("etc"), Item("../etc/f"), Item("a/../g")]],
    "absolute names": [[a_dir("/etc"), Item("/etc/f")]],
    "a whiteout that is a link": [[Item("a"), Item("b")], [soft(".wh.a", "x")]],
    "deeply nested": [[Item("/".join("abcdefghij" * 10))], [Item(".wh.a")]],
    "a removed directory is filled by a lower link": [
        [Item("real/x"), soft("d", "real")],
        [Item(".wh.d"), a_dir("d"), Item("d/y")],
    ],
}  # fmt: skip


@pytest.mark.parametrize("layers", CASES.values(), ids=CASES.keys())
def test_the_merged_layers_are_what_a_container_sees(layers: list[Layer], tmp_path: Path) -> None:
    state, tree = by_tree(layers)

    assert state == by_dictionary(layers)
    assert tree.problems == []
    assert state == by_umoci(layers, tmp_path)


@given(st.integers(0, 1 << 32))
def test_generated_images_merge_as_the_specification_says(seed: int) -> None:
    layers = an_image(seed)
    state, tree = by_tree(layers)

    assert state == by_dictionary(layers)
    assert tree.problems == []
    assert tree.count() == sum(kind != "dir" for kind, _ in state.values())


@pytest.mark.parametrize("seed", range(40))
def test_generated_images_merge_as_umoci_unpacks_them(seed: int, tmp_path: Path) -> None:
    layers = an_image(seed)

    assert by_tree(layers)[0] == by_umoci(layers, tmp_path)


@given(st.integers(0, 1 << 32))
def test_that_files_are_read_changes_nothing_but_what_is_alive(seed: int) -> None:
    layers = an_image(seed)
    state, tree = by_tree(layers, Collector("*"))

    assert state == by_tree(layers)[0]
    reached = {node for _, node in tree.names() if node.entry.read}
    assert tree.live == reached
