"""Layers, lowest first, into the file system that a container would see.

Rules: https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets. A
whiteout or an opaque mark hides what lower layers have, never what its own layer brings; names are
resolved through symbolic links inside the image, and never leave it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lading.errors import LimitExceeded
from lading.image.entry import Entry, LayerFiles, Names
from lading.image.limits import Limits
from lading.image.plain import Plain
from lading.image.problems import Problems
from lading.image.tar import Kind
from lading.model.problem import Problem

_AUFS = ("/.wh..wh.plnk", "/.wh..wh.orph", "/.wh..wh.aufs")  # its store of hard links, and others
_MOST_STEPS = 50_000_000  # a hostile image can make every lookup lead through thousands of names
# https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md
_LAZY = ("stargz.index.json", ".prefetch.landmark", ".no.prefetch.landmark")
_MOST_LINKS = 40  # hops before a symbolic link counts as a cycle, as in Linux
_SYMLINK = Kind.SYMLINK


class Node:
    """One inode: hard links are several names of the same node."""

    __slots__ = ("entry", "layer", "names")

    def __init__(self, layer: int, entry: Entry) -> None:
        self.layer = layer
        self.entry = entry
        self.names = 0  # how many names the node has now; 0 means it is gone


class Directory:
    """What its names are, plain files apart."""

    __slots__ = ("children", "plain")

    def __init__(self) -> None:
        self.children: dict[str, Directory | Node] = {}
        self.plain: Plain | None = None


class Removed(NamedTuple):
    """A file that an upper layer took away, and that can still be extracted from a lower one."""

    path: str
    layer: int  # that brought it
    by: int  # the layer that took it away


class _Place(NamedTuple):
    """Where a path leads: directories from the root on, and what stands in the last of them."""

    stack: list[Directory]
    names: list[str]  # of the directories behind the root
    name: str  # "" where the path leads to the last directory itself
    node: Node | None  # None where `name` is a plain file, or nothing

    @property
    def path(self) -> str:
        names = [*self.names, self.name] if self.name else self.names
        return "".join("/" + name for name in names)


def _parts(path: str) -> list[str]:
    """Return the components, last first, to be popped."""
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]


class Tree:
    """The merged file system, one layer at a time; `keep_removed` fills `removed`."""

    def __init__(self, *, keep_removed: bool = False) -> None:
        self.root = Directory()
        self.removed: list[Removed] = []
        self.live: set[Node] = set()  # nodes that a visitor has read
        self._keep_removed = keep_removed
        self._layer = -1
        self._known: dict[str, Directory] = {}
        self._directories: frozenset[str] | None = None  # paths without links, once asked for
        self._missing: set[str] = set()  # folders that lead to none
        self._touched: set[Plain] = set()
        self._reported: set[str] = set()
        self._problems = Problems(Limits().problems)
        self._steps = 0  # names that symbolic links have led through

    def apply(self, files: LayerFiles) -> None:
        """Put the next layer on top."""
        self._layer += 1
        self._known = {}
        self._directories = None
        if files.whiteouts or files.opaques:
            self._real_directories(files)
            for path in files.whiteouts:
                self._whiteout(path)
            for path in files.opaques:
                self._opaque(path)
            self._known = {}
        for entry in files.entries:
            if isinstance(entry, Names):
                self._put_plain(entry)
            elif entry.kind is Kind.DIRECTORY:
                self._put_directory(entry.path)
            elif entry.kind is Kind.HARDLINK:
                self._hard_link(entry)
            else:
                folder, _, name = entry.path.rpartition("/")
                self._put(self._folder(folder), name, Node(self._layer, entry), entry.path)
        for name in _AUFS:
            self._whiteout(name)
        for plain in self._touched:
            plain.pack()
        self._touched = set()

    def _real_directories(self, files: LayerFiles) -> None:
        """Replace what the layer makes a directory, before whiteouts are looked up through it."""
        for entry in files.entries:
            if isinstance(entry, Entry) and entry.kind is Kind.DIRECTORY:
                place = self._lead(entry.path)
                if place is not None and place.name and self._stands(place):
                    self._folder(entry.path, last_link=False)

    # Looking up

    def _lead(self, path: str, *, last_link: bool = False, is_made: bool = False) -> _Place | None:
        """Return where the path leads, or None where a directory on the way is missing.

        A symbolic link on the way is followed (`last_link`: also as the last component). With
        `is_made` the path leads to a directory, made with its parents where it is missing; anything
        else in the way is replaced, as an upper layer replaces it.
        """
        stack, names = [self.root], list[str]()
        todo = _parts(path)
        hops = 0
        while todo:
            part = todo.pop()
            if part == "..":
                del stack[max(len(stack) - 1, 1) :], names[-1:]
                continue
            child = stack[-1].children.get(part)
            if isinstance(child, Node) and child.entry.kind is _SYMLINK and (todo or last_link):
                hops += 1
                if hops <= _MOST_LINKS:
                    if self._follow(child.entry.link, todo):
                        del stack[1:], names[:]
                    continue
                if not is_made:
                    return None
                self._problem(child.entry.path, "symbolic links in a circle")
            if not isinstance(child, Directory):
                if not is_made:
                    return None if todo else _Place(stack, names, part, child)
                child = self._make_directory(_Place(stack, names, part, child))
            stack.append(child)
            names.append(part)
        return _Place(stack, names, "", None)

    def _follow(self, link: str, todo: list[str]) -> bool:
        """Put the link's target before what is to do; return whether it starts at the root."""
        parts = _parts(link)
        self._steps += len(parts)
        if self._steps > _MOST_STEPS:
            raise LimitExceeded(f"symbolic links lead through more than {_MOST_STEPS} names")
        todo += parts
        return link.startswith("/")

    def _folder(self, path: str, *, last_link: bool = True) -> Directory:
        """Return the directory, made with its parents where it is missing."""
        if last_link and path in self._known:
            return self._known[path]
        place = self._lead(path, last_link=last_link, is_made=True)
        found = place.stack[-1] if place is not None else self.root
        self._known[path] = found
        return found

    def _stands(self, place: _Place) -> bool:
        """Return whether the place's name is that of a file of any kind."""
        return place.node is not None or self._plain_layer(place) is not None

    def _plain_layer(self, place: _Place) -> int | None:
        plain = place.stack[-1].plain
        if plain is None:
            return None
        self._touched.add(plain)  # what was taken apart has to be packed again
        return plain.layer_of(place.name)

    # Changing

    def _put_plain(self, row: Names) -> None:
        folder = self._folder(row.folder)
        if folder.children:
            for name in folder.children.keys() & row.names.split("\0"):
                self._forget(folder.children.pop(name), f"{row.folder}/{name}")
                self._known = {}
        if folder.plain is None:
            folder.plain = Plain()
        folder.plain.add(self._layer, row.names)
        self._touched.add(folder.plain)

    def _put_directory(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        folder = self._folder(parent)
        child = folder.children.get(name)
        if child is None and folder.plain is None and name:
            child = folder.children[name] = Directory()
        if isinstance(child, Directory):
            self._known[path] = child
        else:
            self._folder(path, last_link=False)

    def _put(self, folder: Directory, name: str, node: Node, path: str) -> None:
        old = folder.children.get(name)
        if old is not None:
            self._forget(old, path)
            self._known = {}
        elif folder.plain is not None:
            self._discard(folder.plain, name)
        folder.children[name] = node
        node.names += 1
        if node.entry.visit is not None:
            self.live.add(node)

    def _make_directory(self, place: _Place) -> Directory:
        """Put an empty directory where something else or nothing stands."""
        parent = place.stack[-1]
        if place.node is not None:
            self._forget(place.node, place.path)
            self._known = {}
        elif parent.plain is not None:
            self._lose_plain(place)
        made = parent.children[place.name] = Directory()
        return made

    def _discard(self, plain: Plain, name: str) -> None:
        plain.discard(name)
        self._touched.add(plain)

    def _hard_link(self, entry: Entry) -> None:
        place = self._lead(entry.link)
        target = self._linkable(place) if place is not None and place.name else None
        if target is None:
            self._problem(entry.path, "hard link to a name that is not in the image")
            return
        folder, _, name = entry.path.rpartition("/")
        parent = self._folder(folder)
        if parent.children.get(name) is not target:
            self._put(parent, name, target, entry.path)

    def _linkable(self, place: _Place) -> Node | None:
        """Return the node at the place; a plain file becomes one when it gets another name."""
        if place.node is not None:
            return place.node
        layer = self._plain_layer(place)
        if layer is None:
            return None
        node = Node(layer, Entry(place.path, Kind.FILE))
        self._put(place.stack[-1], place.name, node, place.path)
        return node

    def _whiteout(self, path: str) -> None:
        place = self._lead(path)
        if place is None:
            return
        if not place.name and place.names:  # a directory
            del place.stack[-2].children[place.names[-1]]
            self._forget(place.stack[-1], place.path)
        elif place.node is not None:
            del place.stack[-1].children[place.name]
            self._forget(place.node, place.path)
        elif place.name and place.stack[-1].plain is not None:
            self._lose_plain(place)

    def _lose_plain(self, place: _Place) -> None:
        plain = place.stack[-1].plain
        if plain is None:
            return
        if self._keep_removed and (layer := plain.layer_of(place.name)) is not None:
            self._remove(place.path, layer)
        self._discard(plain, place.name)

    def _opaque(self, path: str) -> None:
        place = self._lead(path)
        if place is not None and not place.name:
            emptied = place.stack[-1]
            self._forget(emptied, place.path)
            emptied.children, emptied.plain = {}, None

    def _forget(self, what: Directory | Node, path: str) -> None:
        pending = [(what, path)]
        while pending:
            at, path = pending.pop()
            if isinstance(at, Node):
                at.names -= 1
                if at.names == 0:
                    self.live.discard(at)
                self._remove(path, at.layer)
                continue
            pending.extend((child, f"{path}/{name}") for name, child in at.children.items())
            if self._keep_removed and at.plain is not None:
                for name, layer in at.plain.names():
                    self._remove(f"{path}/{name}", layer)

    def _remove(self, path: str, layer: int) -> None:
        if self._keep_removed and layer < self._layer:
            self.removed.append(Removed(path, layer, self._layer))

    def _problem(self, path: str, reason: str) -> None:
        if path not in self._reported:
            self._reported.add(path)
            effect = "this name is not in the result; everything else is"
            self._problems.add(path, reason, effect)

    # Reading

    @property
    def problems(self) -> list[Problem]:
        """What could not be merged, up to a bound of each kind."""
        return self._problems.all()

    def names(self) -> Iterator[tuple[str, Node]]:
        """Yield (absolute path, node) of everything but directories and plain files.

        Sorted within a directory; hard links once per name.
        """
        pending = [("", self.root)]
        while pending:
            base, folder = pending.pop()
            for name in sorted(folder.children):
                child = folder.children[name]
                if isinstance(child, Directory):
                    pending.append((f"{base}/{name}", child))
                else:
                    yield f"{base}/{name}", child

    def count(self) -> int:
        """Return how many names the file system has that are not directories.

        What eStargz puts beside the files of a layer is not counted: lazy snapshotters hide it.
        """
        plain = self.root.plain
        hidden = () if plain is None else (n for n in _LAZY if plain.layer_of(n) is not None)
        total = -sum(1 for _ in hidden)
        pending = [self.root]
        while pending:
            folder = pending.pop()
            if folder.plain is not None:
                total += len(folder.plain)
            for child in folder.children.values():
                if isinstance(child, Directory):
                    pending.append(child)
                else:
                    total += 1
        return total

    def holds(self, path: str) -> bool:
        """Return whether there is a file or a link of that name, links in its folder resolved."""
        place = self._lead(path)
        return place is not None and place.name != "" and self._stands(place)

    def files_at(self, paths: Iterable[str]) -> Iterator[tuple[str, str, Node | None]]:
        """Yield (path, where all links lead, node or None for a plain file) of each that is a file.

        LimitExceeded when links lead too far; what is looked up elsewhere has its own bound.
        """
        spent, self._steps = self._steps, 0
        try:
            for path in paths:
                place = self._lead(path, last_link=True)
                if place is not None and place.name and self._stands(place):
                    yield path, place.path, place.node
        finally:
            self._steps = spent

    def real_path(self, path: str) -> str:
        """Return the directory's path without symbolic links; as given where it does not exist."""
        if self._directories is None:
            self._directories = frozenset(self._all_directories())
            self._missing = set()
        parent = path.rpartition("/")[0]
        if path in self._directories or parent in self._missing:
            return path
        place = self._lead(path, last_link=True)
        if place is None:
            self._missing.add(parent)
        return path if place is None or place.name else place.path

    def _all_directories(self) -> Iterator[str]:
        pending = [("", self.root)]
        while pending:
            base, folder = pending.pop()
            yield base
            for name, child in folder.children.items():
                if isinstance(child, Directory):
                    pending.append((f"{base}/{name}", child))
