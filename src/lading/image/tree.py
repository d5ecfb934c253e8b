"""Layers, lowest first, into the file system that a container would see.

Rules: https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets. A
whiteout or an opaque mark hides what lower layers have, never what its own layer brings; names are
resolved through symbolic links inside the image, and never leave it.
"""

from collections.abc import Iterator

from lading.errors import LimitExceeded
from lading.image.entry import Entry, LayerFiles
from lading.image.limits import Limits
from lading.image.problems import Problems
from lading.image.tar import Kind
from lading.model.problem import Problem

_AUFS = ("/.wh..wh.plnk", "/.wh..wh.orph", "/.wh..wh.aufs")  # its store of hard links, and others
_NO_ENTRY = -1
_MOST_STEPS = 50_000_000  # a hostile image can make every lookup lead through thousands of names
_MOST_LINKS = 40  # hops before a symbolic link counts as a cycle, as in Linux


class Node:
    """One inode: hard links are several names of the same node."""

    __slots__ = ("entry", "index", "layer", "names")

    def __init__(self, layer: int, index: int, entry: Entry) -> None:
        self.layer = layer
        self.index = index  # of its entry in the layer
        self.entry = entry
        self.names = 0  # how many names the node has now; 0 means it is gone


class Directory:
    """Names to what they are: a directory, a node, or the number of the layer of a plain file."""

    __slots__ = ("children", "layer")

    def __init__(self, layer: int) -> None:
        self.layer = layer
        self.children: dict[str, Directory | Node | int] = {}


Content = Directory | Node | int
"""What a name can be; an int is a plain file, and the number of its layer."""


def _parts(path: str) -> list[str]:
    """Return the components, last first, to be popped."""
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]


class Tree:
    """The merged file system, one layer at a time."""

    def __init__(self) -> None:
        self.root = Directory(0)
        self._layer = -1
        self._known: dict[str, Directory] = {}
        self._reported: set[str] = set()
        self._problems = Problems(Limits().problems)
        self._steps = 0  # names that symbolic links have led through
        self.live: set[Node] = set()  # nodes that a visitor has read

    def apply(self, files: LayerFiles) -> None:
        """Put the next layer on top."""
        self._layer += 1
        self._known = {}
        if files.whiteouts or files.opaques:
            self._real_directories(files)
            for path in files.whiteouts:
                self._whiteout(path)
            for path in files.opaques:
                self._opaque(path)
            self._known = {}
        for index, entry in enumerate(files.entries):
            if isinstance(entry, str):
                folder, _, name = entry.rpartition("/")
                self._put(self._folder(folder), name, self._layer)
            elif entry.kind is Kind.DIRECTORY:
                self._folder(entry.path, last_link=False)
            elif entry.kind is Kind.HARDLINK:
                self._hard_link(entry)
            else:
                folder, _, name = entry.path.rpartition("/")
                self._put(self._folder(folder), name, Node(self._layer, index, entry))
        for name in _AUFS:
            self._whiteout(name)

    def _real_directories(self, files: LayerFiles) -> None:
        """Replace what the layer makes a directory, before whiteouts are looked up through it."""
        for entry in files.entries:
            if not isinstance(entry, str) and entry.kind is Kind.DIRECTORY:
                found = self._find(entry.path)
                if found is not None and not isinstance(found[1], Directory):
                    self._folder(entry.path, last_link=False)

    # Looking up

    def _find(self, path: str, *, follow: bool = False) -> tuple[Directory, Content, str] | None:
        """Return (parent, what stands there, its name) or None; links on the way are resolved.

        The name is "" where the path leads to a directory through `..` or to the root.
        """
        stack = [self.root]
        todo = _parts(path)
        hops = 0
        while todo:
            part = todo.pop()
            if part == "..":
                stack = stack[:-1] or [self.root]
                continue
            child = stack[-1].children.get(part)
            if child is None:
                return None
            if isinstance(child, Node) and child.entry.kind is Kind.SYMLINK and (follow or todo):
                hops += 1
                if hops > _MOST_LINKS:
                    return None
                stack = self._follow(child.entry.link, todo) or stack
            elif not todo:
                return stack[-1], child, part
            elif isinstance(child, Directory):
                stack.append(child)
            else:
                return None
        return (stack[-2] if len(stack) > 1 else self.root), stack[-1], ""

    def _follow(self, link: str, todo: list[str]) -> list[Directory]:
        """Put the link's target before what is to do; return where it starts, [] for here."""
        parts = _parts(link)
        self._steps += len(parts)
        if self._steps > _MOST_STEPS:
            raise LimitExceeded(f"symbolic links lead through more than {_MOST_STEPS} names")
        todo += parts
        return [self.root] if link.startswith("/") else []

    def _folder(self, path: str, *, last_link: bool = True) -> Directory:
        """Return the directory, made with its parents where it is missing.

        A symbolic link on the way is followed (`last_link`: also as the last component); anything
        else in the way is replaced, as an upper layer replaces it.
        """
        if last_link and path in self._known:
            return self._known[path]
        stack = [self.root]
        todo = _parts(path)
        hops = 0
        while todo:
            part = todo.pop()
            if part == "..":
                stack = stack[:-1] or [self.root]
                continue
            child = stack[-1].children.get(part)
            if isinstance(child, Node) and child.entry.kind is Kind.SYMLINK and (todo or last_link):
                hops += 1
                if hops <= _MOST_LINKS:
                    stack = self._follow(child.entry.link, todo) or stack
                    continue
                self._problem(child.entry.path, "symbolic links in a circle")
            if not isinstance(child, Directory):
                child = self._replace_with_directory(stack[-1], part)
            stack.append(child)
        self._known[path] = stack[-1]
        return stack[-1]

    # Changing

    def _put(self, folder: Directory, name: str, what: Node | int) -> None:
        old = folder.children.get(name)
        if old is not None and not isinstance(old, int):
            self._forget(old)
            self._known = {}
        folder.children[name] = what
        if isinstance(what, Node):
            what.names += 1
            if what.entry.read:
                self.live.add(what)

    def _replace_with_directory(self, parent: Directory, name: str) -> Directory:
        old = parent.children.get(name)
        if isinstance(old, Node):
            self._forget(old)
            self._known = {}
        made = parent.children[name] = Directory(self._layer)
        return made

    def _hard_link(self, entry: Entry) -> None:
        found = self._find(entry.link)
        if found is None or isinstance(found[1], Directory):
            self._problem(entry.path, "hard link to a name that is not in the image")
            return
        target = found[1]
        if isinstance(target, int):  # a plain file becomes a node when it gets another name
            target = Node(target, _NO_ENTRY, Entry(entry.link, Kind.FILE))
            self._put(found[0], found[2], target)
        folder, _, name = entry.path.rpartition("/")
        parent = self._folder(folder)
        if parent.children.get(name) is not target:
            self._put(parent, name, target)

    def _whiteout(self, path: str) -> None:
        found = self._find(path)
        if found is not None and found[2]:
            self._forget(found[1])
            del found[0].children[found[2]]

    def _opaque(self, path: str) -> None:
        found = self._find(path)
        if found is not None and isinstance(found[1], Directory):
            self._forget(found[1])
            found[1].children = {}

    def _forget(self, what: Content) -> None:
        pending: list[Content] = [what]
        while pending:
            at = pending.pop()
            if isinstance(at, Directory):
                pending.extend(at.children.values())
            elif isinstance(at, Node):
                at.names -= 1
                if at.names == 0:
                    self.live.discard(at)

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
        pending: list[tuple[str, Directory]] = [("", self.root)]
        while pending:
            base, folder = pending.pop()
            for name in sorted(folder.children):
                child = folder.children[name]
                if isinstance(child, Directory):
                    pending.append((f"{base}/{name}", child))
                elif isinstance(child, Node):
                    yield f"{base}/{name}", child

    def count(self) -> int:
        """Return how many names the file system has that are not directories."""
        total = 0
        pending = [self.root]
        while pending:
            folder = pending.pop()
            for child in folder.children.values():
                if isinstance(child, Directory):
                    pending.append(child)
                else:
                    total += 1
        return total

    def resolve(self, path: str) -> Content | None:
        """Return what the path leads to, through all symbolic links, or None."""
        found = self._find(path, follow=True)
        return found[1] if found else None

    def real_path(self, path: str) -> str:
        """Return the directory's path without symbolic links; as given where it does not exist."""
        names: list[str] = []
        stack = [self.root]
        todo = _parts(path)
        hops = 0
        while todo:
            part = todo.pop()
            if part == "..":
                stack, names = stack[:-1] or [self.root], names[:-1]
                continue
            child = stack[-1].children.get(part)
            if isinstance(child, Node) and child.entry.kind is Kind.SYMLINK and hops < _MOST_LINKS:
                hops += 1
                if top := self._follow(child.entry.link, todo):
                    stack, names = top, []
            elif isinstance(child, Directory):
                stack.append(child)
                names.append(part)
            else:
                return path
        return "".join("/" + name for name in names)
