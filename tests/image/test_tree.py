"""Layers merged into what a container would see; a dictionary and umoci are the judges."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image.generated import an_image
from image.merged import Item, Layer, by_dictionary, by_tree, by_umoci
from image.tars import Collector, files_of
from lading.errors import LimitExceeded
from lading.image.entry import Entry
from lading.image.tar import Kind
from lading.image.tree import Tree


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
    "a link is replaced within one layer": [
        [a_dir("a"), a_dir("b"), soft("l", "a"), Item("l/x"), soft("l", "b"), Item("l/y")],
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
    "a hard link into a lower layer": [
        [Item("a", "tool"), Item("c")],
        [hard("b", "a"), hard("d", "c")],
    ],
    "a hard link through a linked directory": [
        [Item("usr/lib/a", "tool"), soft("lib", "usr/lib")],
        [hard("lib/b", "lib/a")],
    ],
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


@settings(max_examples=40)
@given(st.integers(0, 1 << 32))
def test_that_files_are_read_changes_nothing_but_what_is_alive(seed: int) -> None:
    layers = an_image(seed)
    state, tree = by_tree(layers, Collector("*"))

    assert state == by_tree(layers)[0]
    reached = {node for _, node in tree.names() if node.entry.visit is not None}
    assert tree.live == reached


# What the tree says of hostile or broken layers


def test_links_in_a_circle_on_the_way_give_way_to_a_directory() -> None:
    state, tree = by_tree([[soft("a", "b"), soft("b", "a"), Item("a/f")]])

    assert ("file", "0") in state.values()
    assert [problem.reason for problem in tree.problems] == ["symbolic links in a circle"]


@pytest.mark.parametrize("target", ["nothing", "d", "f/g"])
def test_a_hard_link_to_what_is_no_file_is_a_problem(target: str) -> None:
    state, tree = by_tree([[a_dir("d"), Item("f")], [hard("h", target), Item("next")]])

    assert "/h" not in state
    assert "/next" in state
    assert [(problem.path, problem.reason) for problem in tree.problems] == [
        ("/h", "hard link to a name that is not in the image")
    ]


def test_a_hard_link_to_itself_changes_nothing() -> None:
    assert by_tree([[Item("f"), hard("f", "f")]])[0] == {"/f": ("file", "0")}


def test_a_hard_link_in_place_of_the_folder_of_its_target_keeps_the_file() -> None:
    state, tree = by_tree([[Item("d/f", "tool")], [hard("d", "d/f")]], Collector("*"))

    assert state == {"/d": ("file", "0")}
    assert [node.entry.path for node in tree.live] == ["/d/f"]


def test_of_many_broken_links_the_number_is_kept() -> None:
    _, tree = by_tree([[hard(f"h{number}", "nothing") for number in range(150)]])

    assert len(tree.problems) == 101
    assert tree.problems[-1].reason.endswith("(50 more)")


def test_the_store_of_hard_links_that_aufs_kept_is_not_in_the_image() -> None:
    layer = [
        a_dir(".wh..wh.plnk"),
        Item(".wh..wh.plnk/12.34", "tool"),
        hard("tool", ".wh..wh.plnk/12.34"),
    ]

    state, tree = by_tree([layer])

    assert state == {"/tool": ("file", "0")}
    assert [path for path, _ in tree.names()] == ["/tool"]


def test_what_a_path_leads_to_is_found_through_links() -> None:
    _, tree = by_tree([[soft("bin", "usr/bin"), Item("usr/bin/sh", "tool"), soft("l", "bin/sh")]])

    assert tree.holds("/l")
    assert tree.holds("/bin/sh")
    assert not tree.holds("/usr/bin")
    assert not tree.holds("/bin/none")
    assert tree.real_path("/bin") == "/usr/bin"
    assert tree.real_path("/bin/../../bin") == "/usr/bin"
    assert tree.real_path("/no/where") == "/no/where"


def test_a_path_through_links_in_a_circle_leads_nowhere() -> None:
    _, tree = by_tree([[soft("a", "b"), soft("b", "a")]])

    assert not tree.holds("/a/x")
    assert tree.real_path("/a/x") == "/a/x"


def test_names_are_listed_sorted_within_their_directory() -> None:
    _, tree = by_tree([[Item(name, "tool") for name in ("b", "d/b", "a", "d/a", "c")]])

    assert [path for path, _ in tree.names()] == ["/a", "/b", "/c", "/d/a", "/d/b"]


def test_links_that_make_every_lookup_long_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lading.image.tree._MOST_STEPS", 1000)
    long = Entry("/l", Kind.SYMLINK, 0, 0, "a/../" * 100)
    files = files_of("/a/x", long, *(f"/l/{number}/f" for number in range(50)))

    with pytest.raises(LimitExceeded, match="symbolic links lead through more than 1000 names"):
        Tree().apply(files)


@pytest.mark.slow
def test_a_directory_of_a_million_files_takes_seconds() -> None:
    entries: list[str | Entry] = [f"/data/{number:07}" for number in range(1_000_000)]
    tools = [Entry(f"/bin/{number:07}", Kind.FILE, 0o755, 1) for number in range(200_000)]
    started = time.process_time()
    tree = Tree()
    tree.apply(files_of(*entries, *tools))
    tree.apply(files_of(*entries, *tools, whiteouts=[f"/data/{n:07}" for n in range(99)]))
    names = sum(1 for _ in tree.names())

    assert (names, tree.count()) == (200_000, 1_200_000)
    assert time.process_time() - started < 30


def test_a_deep_directory_is_walked_without_recursion() -> None:
    path = "/d" * 2000
    tree = Tree()
    tree.apply(files_of(Entry(path, Kind.DIRECTORY, 0o755), f"{path}/f"))
    tree.apply(files_of(whiteouts=["/d"]))

    assert tree.count() == 0
