"""Layers as tables, and three ways to merge them: the tree, a plain dictionary, and umoci."""

import io
import os
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from image.layouts import Layout, tagged
from image.tars import Collector, walked
from lading.image.tar import Kind
from lading.image.tree import Directory, Node, Tree


class Item(NamedTuple):
    """One entry of a layer; a whiteout is a file of that name."""

    path: str
    kind: str = "file"  # file, tool (an executable), dir, soft, hard
    link: str = ""


Layer = list[Item]
State = dict[str, tuple[str, str]]
"""Path → (kind, what it is): a file's layer, a link's target; links share a file by its names."""


def a_tar_of(layer: Layer, number: int) -> bytes:
    """The layer's tar; every file holds the number of its layer."""
    types = {"dir": tarfile.DIRTYPE, "soft": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for item in layer:
            entry = tarfile.TarInfo(item.path)
            entry.type, entry.linkname = types.get(item.kind, tarfile.REGTYPE), item.link
            entry.mode = 0o644 if item.kind == "file" else 0o755
            content = b"%d" % number if item.kind in ("file", "tool") else b""
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


# The tree


def by_tree(layers: list[Layer], visitor: Collector | None = None) -> tuple[State, Tree]:
    tree = Tree()
    for number, layer in enumerate(layers):
        tree.apply(walked(a_tar_of(layer, number), visitor))
    state: State = {}
    names: dict[Node, list[str]] = {}
    _list("", tree.root, state, names)
    return with_groups(state, list(names.values())), tree


def _list(base: str, folder: Directory, state: State, names: dict[Node, list[str]]) -> None:
    for name, layer in folder.plain.names() if folder.plain is not None else ():
        state[f"{base}/{name}"] = "file", str(layer)
    for name, child in folder.children.items():
        path = f"{base}/{name}"
        state[path] = _told(child)
        if isinstance(child, Directory):
            _list(path, child, state, names)
        else:
            names.setdefault(child, []).append(path)


def _told(child: Directory | Node) -> tuple[str, str]:
    if isinstance(child, Directory):
        return "dir", ""
    if child.entry.kind is Kind.SYMLINK:
        return "soft", child.entry.link
    return "file", str(child.layer)


def with_groups(state: State, groups: list[list[str]]) -> State:
    """Write which names are of one inode into what they are."""
    for group in groups:
        if len(group) > 1:
            for path in group:
                kind, what = state[path]
                state[path] = kind, f"{what} = {' '.join(sorted(group))}"
    return state


# A dictionary, as simply as the specification can be written down


class _Inode(NamedTuple):
    kind: str
    what: str
    number: int  # its own, so that two of one content differ


_NUMBERS = count()


def by_dictionary(layers: list[Layer]) -> State:
    files: dict[str, _Inode] = {}
    for number, layer in enumerate(layers):
        _make_real(files, layer)
        _apply_whiteouts(files, layer)
        for item in layer:
            if ".wh." not in item.path:
                _apply_item(files, item, number)
    groups: dict[_Inode, list[str]] = {}
    for path, inode in files.items():
        if inode.kind != "dir":
            groups.setdefault(inode, []).append(path)
    state = {path: (inode.kind, inode.what) for path, inode in files.items()}
    return with_groups(state, list(groups.values()))


def _make_real(files: dict[str, _Inode], layer: Layer) -> None:
    """Remove what the layer makes a directory, before its whiteouts are looked up below it."""
    for item in layer:
        where = real(files, item.path)
        if item.kind == "dir" and where in files and files[where].kind != "dir":
            _remove(files, where)


def _apply_whiteouts(files: dict[str, _Inode], layer: Layer) -> None:
    for item in layer:
        folder, _, name = item.path.rpartition("/")
        where = real(files, folder + "/x")[:-2] if folder else ""
        if name == ".wh..wh..opq":
            _remove(files, where, itself=False)
        elif name.startswith(".wh."):
            _remove(files, f"{where}/{name[4:]}")


def _apply_item(files: dict[str, _Inode], item: Item, number: int) -> None:
    where = real(files, item.path)
    kind = "file" if item.kind == "tool" else item.kind
    if kind == "dir" and where in files and files[where].kind == "dir":
        return
    what = {"file": str(number), "soft": item.link}.get(kind, "")
    inode = _Inode(kind, what, next(_NUMBERS))
    if kind == "hard":
        inode = files[real(files, item.link)]
    _remove(files, where)
    parts = where.split("/")[1:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/" + "/".join(parts[:depth])
        files.setdefault(folder, _Inode("dir", "", next(_NUMBERS)))
    files[where] = inode


def real(files: Mapping[str, tuple[str, str] | _Inode], path: str, hops: int = 0) -> str:
    """Resolve the links in all but the last component."""
    done = ""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    for at, part in enumerate(parts):
        if part == "..":
            done = done.rpartition("/")[0]
            continue
        here = f"{done}/{part}"
        inode = files.get(here)
        if inode is not None and inode[0] == "soft" and at < len(parts) - 1 and hops < 40:
            to = inode[1].partition(" = ")[0]
            rest = "/".join(("" if to.startswith("/") else done, to, *parts[at + 1 :]))
            return real(files, rest, hops + 1)
        done = here
    return done


def _remove(files: dict[str, _Inode], path: str, *, itself: bool = True) -> None:
    for known in [known for known in files if known.startswith(path + "/")]:
        del files[known]
    if itself:
        files.pop(path, None)


# umoci


def by_umoci(layers: list[Layer], folder: Path) -> State:
    """What `umoci unpack` makes of the image; skips the test where it cannot run."""
    if shutil.which("umoci") is None:
        pytest.skip("umoci is not installed")
    if os.geteuid() != 0:
        pytest.skip("umoci unpacks as root only")
    layout = Layout(folder / "layout")
    tars = [a_tar_of(layer, number) for number, layer in enumerate(layers)]
    layout.list(tagged(layout.image(*tars), "1"))
    bundle = folder / "bundle"
    command = ["umoci", "unpack", "--image", f"{layout.folder}:1", str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return _on_disk(bundle / "rootfs")


def _on_disk(root: Path) -> State:
    state: State = {}
    names: dict[int, list[str]] = {}
    for file in sorted(root.rglob("*")):
        path = f"/{file.relative_to(root)}"
        status = file.lstat()
        if stat.S_ISDIR(status.st_mode):
            state[path] = "dir", ""
            continue
        names.setdefault(status.st_ino, []).append(path)
        if stat.S_ISLNK(status.st_mode):
            state[path] = "soft", str(file.readlink())
        else:
            state[path] = "file", file.read_text()
    return with_groups(state, list(names.values()))
