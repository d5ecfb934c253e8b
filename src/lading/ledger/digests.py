"""The two walks that a verification needs: layers in, records of files and their digests out."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests import DIGEST_READERS
from lading.catalog.digests.recorded import DigestReader, Kept, LeftOut, Records
from lading.catalog.selection import compile_glob
from lading.errors import CatalogError
from lading.image.entry import Wish
from lading.image.limits import Limits
from lading.image.problems import shown
from lading.image.source import LayerSource
from lading.image.tar import Kind
from lading.image.tree import Node, Tree
from lading.model.package import Ownership
from lading.model.problem import Problem, Stage

EFFECT = "files that were changed may be missing from the list"
_UNWANTED = Wish(None, False)


class Keeping:
    """What package managers keep of their files, as the final file system has it."""

    def __init__(self, layers: Sequence[LayerSource]) -> None:
        self.tree = Tree()
        self.problems: list[Problem] = []
        visitors = []
        for layer in layers:
            visitor = _Reading(self.problems)
            files = layer.read(visitor)
            self.problems += _unread(files.problems, visitor.asked)
            self.tree.apply(files)
            visitors.append(visitor)
        kept = [
            one
            for path, node in self.tree.names()
            if node.entry.visit is not None and _readers(path)
            for one in visitors[node.layer].kept.get(node.entry.visit, ())
        ]
        self.records = [one for one in kept if isinstance(one, Records)]
        self.left_out = [one for one in kept if isinstance(one, LeftOut)]
        self.lists = [one for one in kept if isinstance(one, Ownership)]


class _Reading:
    """The visitor of the first walk: runs the readers of digests."""

    def __init__(self, problems: list[Problem]) -> None:
        self.kept: dict[int, list[Kept]] = {}
        self.asked: set[str] = set()
        self._problems = problems

    def wish(self, path: str, head: bytes) -> Wish:  # noqa: ARG002 - only names count here
        """See `lading.image.entry.Visitor`."""
        readers = _readers(path)
        if not readers:
            return _UNWANTED
        self.asked.add(path)
        return Wish(None, True, max(reader.max_size for reader in readers))

    def may_want(self, path: str) -> bool:
        """See `lading.image.entry.Visitor`."""
        return bool(_readers(path))

    def visit(
        self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
    ) -> None:
        """See `lading.image.entry.Visitor`."""
        kept = self.kept.setdefault(number, [])
        for reader in _readers(path):
            try:
                kept.extend(reader.read(ImageFile(path=path, data=data, mode=mode)))
            except CatalogError as error:
                self._problems.append(_problem(path, f"digests of {reader.name}: {error}"))


class _Rule(NamedTuple):
    holds: Callable[[str], object]
    reader: DigestReader


_RULES = tuple(
    _Rule(compile_glob(glob), reader) for reader in DIGEST_READERS for glob in reader.wants
)
_STARTS = tuple({glob.partition("*")[0] for reader in DIGEST_READERS for glob in reader.wants})


def _readers(path: str) -> list[DigestReader]:
    if not path.startswith(_STARTS):
        return []
    return [rule.reader for rule in _RULES if rule.holds(path)]


class Found(NamedTuple):
    """What stands at a place."""

    layer: int | None  # None: not told for directories
    kind: str  # file, link, directory, device
    target: str = ""  # of a link
    digests: Mapping[str, str] | None = None  # hex by algorithm; None: not read


class Places:
    """Paths with the links in their folders resolved."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._real: dict[str, str] = {}

    def real(self, path: str) -> str:
        """Return where the path leads; a link in its last place stays."""
        folder, _, name = path.rpartition("/")
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = self._tree.real_path(folder)
        return f"{real}/{name}"


class Hashing:
    """Digests of the files at some places of the final file system."""

    def __init__(
        self,
        layers: Sequence[LayerSource],
        wanted: Mapping[str, Collection[str]],
        places: Places,
    ) -> None:
        """Take the algorithms that are needed by place; raise ImageError for a damaged layer."""
        self.problems: list[Problem] = []
        self.is_cut = False
        self._tree = Tree()
        self._places = places
        visitors = []
        for layer in layers:
            visitor = _Digesting(wanted, places)
            files = layer.read(visitor)
            self.is_cut |= files.is_cut
            self.problems += _unread(files.problems, visitor.asked)
            self._tree.apply(files)
            visitors.append(visitor)
        self._digests = [visitor.digests for visitor in visitors]
        self._nodes = {path: node for path, node in self._tree.names() if path in wanted}

    def found(self, place: str) -> Found | None:
        """Return what stands at the place; None where nothing does."""
        node = self._nodes.get(place)
        if node is not None:
            return self._of(node)
        if self._tree.holds(place):
            return Found(None, "file")
        # A path that leads nowhere comes back as it was given.
        is_directory = self._tree.real_path(f"{place}/.") == place
        return Found(None, "directory") if is_directory else None

    def _of(self, node: Node) -> Found:
        entry = node.entry
        if entry.kind is Kind.SYMLINK:
            return Found(node.layer, "link", target=entry.link)
        if entry.kind is not Kind.FILE:
            return Found(node.layer, "device")
        visit = entry.visit
        digests = None if visit is None else self._digests[node.layer].get(visit)
        return Found(node.layer, "file", digests=digests)


class _Digesting:
    """The visitor of the second walk: hashes what it is asked to."""

    def __init__(self, wanted: Mapping[str, Collection[str]], places: Places) -> None:
        self.digests: dict[int, dict[str, str]] = {}
        self.asked: set[str] = set()
        self._wanted = wanted
        self._places = places

    def wish(self, path: str, head: bytes) -> Wish:  # noqa: ARG002 - only names count here
        """See `lading.image.entry.Visitor`."""
        if not self.may_want(path):
            return _UNWANTED
        self.asked.add(path)
        return Wish(None, True, Limits().file_bytes)

    def may_want(self, path: str) -> bool:
        """See `lading.image.entry.Visitor`."""
        return path in self._wanted or self._places.real(path) in self._wanted

    def visit(
        self,
        number: int,
        path: str,
        mode: int,  # noqa: ARG002 - of no matter here
        data: memoryview | bytearray | bytes,
    ) -> None:
        """See `lading.image.entry.Visitor`."""
        algorithms = self._wanted.get(path) or self._wanted.get(self._places.real(path)) or ()
        self.digests[number] = {name: digest(name, data) for name in algorithms}


def digest(algorithm: str, data: memoryview | bytearray | bytes) -> str:
    """Return the digest in lower-case hex."""
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def is_known(algorithm: str) -> bool:
    """Return whether digests of the algorithm can be computed here."""
    try:
        hashlib.new(algorithm, usedforsecurity=False)
    except ValueError:
        return False
    return True


def _unread(problems: Iterable[Problem], asked: Collection[str]) -> list[Problem]:
    """Return the problems of files that were wanted; the inventory has told of the others."""
    known = {shown(path) for path in asked}
    return [_problem(one.path, one.reason) for one in problems if one.path in known]


def _problem(path: str, reason: str) -> Problem:
    return Problem(stage=Stage.CATALOG, path=shown(path), reason=reason, effect=EFFECT)
