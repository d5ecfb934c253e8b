"""Class files of a Java archive into the libraries they come from, whatever the archive says.

An archive's directory has the CRC-32 of every member
(https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.7), so nothing is unpacked. The
index knows those of widely used artifacts, version by version. Classes that were moved to another
package or changed by a tool are other bytes, and not found.

The index, which `scripts/make_jar_index.py` makes, is a header in JSON packed by zlib, and
CRC-32s after it: a few for each group of classes that are in the same versions. All classes of a
version are told by their number and the sum of their CRC-32s.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from struct import unpack_from
from typing import Any, NamedTuple

MAGIC = b"LJI1"
_IGNORED = ("module-info.class", "package-info.class")
_FEWEST = 4  # classes; fewer may be chance
_LEAST_SHARE = 0.1  # of the classes that the index has of a version


class Class(NamedTuple):
    """A member of an archive, by its name there."""

    name: str
    crc: int


class Whole(NamedTuple):
    """All classes of one version: how many, the sum of their CRC-32s, and where they are."""

    classes: int
    total: int
    folder: str  # that all are in, "org/yaml/snakeyaml/"; "" where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One artifact of the index."""

    name: str  # group:artifact
    versions: tuple[str, ...]  # rising
    wholes: tuple[Whole, ...]  # by version
    expected: Mapping[int, int]  # classes that the index has, by place of the version


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Which versions of which artifact have a class."""

    artifacts: tuple[Known, ...]
    classes: Mapping[int, tuple[int, int]]  # by CRC-32: place in `artifacts`, bits of versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A library found in an archive."""

    name: str  # group:artifact
    version: str  # the lowest that fits as well as any
    is_sure: bool  # all its classes are there, none is changed, and no other known version fits
    is_all: bool  # the archive has no other classes
    known: tuple[str, ...] = field(default=(), compare=False)  # versions that the index has


def is_class(name: str) -> bool:
    """Return whether a member tells something of where it comes from."""
    # Other forms of a class for later versions of Java are below META-INF.
    return name.endswith(".class") and not name.endswith(_IGNORED) and name[:9] != "META-INF/"


def whole_of(classes: Iterable[Class], folder: str) -> Whole:
    """Return the check over those of the classes that are in a folder, in any order."""
    sums = [each.crc for each in classes if each.name.startswith(folder)]
    return Whole(len(sums), sum(sums), folder)


def recognise(classes: Sequence[Class], index: Index | None = None) -> list[Recognised]:
    """Return the libraries that the classes come from, by name.

    `index` is the one that comes with Lading where none is given.
    """
    known = index or bundled()
    hits: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for each in classes:
        found = known.classes.get(each.crc)
        if found is not None:
            hits[found[0]].add((each.crc, found[1]))
    libraries = [
        library
        for place, found_classes in hits.items()
        if (library := _library(known.artifacts[place], found_classes, classes))
    ]
    return sorted(libraries, key=lambda library: library.name)


def _library(
    artifact: Known, hits: set[tuple[int, int]], classes: Sequence[Class]
) -> Recognised | None:
    """Return the artifact at the version that explains the most classes and misses the fewest."""
    here = _by_version(Counter(mask for _, mask in hits))
    expected = artifact.expected
    best = min(here, key=lambda bit: (-here[bit], expected[bit], bit))
    if here[best] < min(_FEWEST, expected[best]) or here[best] < _LEAST_SHARE * expected[best]:
        return None
    here_by_folder = {
        folder: whole_of(classes, folder) for folder in {whole.folder for whole in artifact.wholes}
    }
    fitting = [
        place
        for place, whole in enumerate(artifact.wholes)
        if whole == here_by_folder[whole.folder]
    ]
    place = fitting[0] if fitting else best
    return Recognised(
        name=artifact.name,
        version=artifact.versions[place],
        is_sure=len(fitting) == 1,
        is_all=bool(fitting) and artifact.wholes[place].classes == len(classes),
        known=artifact.versions,
    )


def _by_version(masks: Mapping[int, int]) -> Counter[int]:
    """Return how many classes each version has, from how many have the same bits."""
    found: Counter[int] = Counter()
    for mask, times in masks.items():
        for bit in range(mask.bit_length()):
            if mask >> bit & 1:
                found[bit] += times
    return found


@cache
def bundled() -> Index:
    """Return the index that comes with Lading."""
    return read_index(files("lading.catalog").joinpath("jar_index.bin").read_bytes())


def read_index(data: bytes) -> Index:
    """Return the index in bytes that `scripts/make_jar_index.py` made."""
    inflater = zlib.decompressobj()
    rows = json.loads(inflater.decompress(data[len(MAGIC) :]))
    sums = inflater.unused_data
    artifacts: list[Known] = []
    classes: dict[int, tuple[int, int]] = {}
    position = 0
    for place, row in enumerate(rows):
        groups = {int(mask, 16): count for mask, count in row["groups"]}
        artifacts.append(_known(row, groups))
        for mask, count in groups.items():
            for crc in unpack_from(f">{count}I", sums, position):
                classes[crc] = place, mask
            position += 4 * count
    return Index(artifacts=tuple(artifacts), classes=classes)


def _known(row: dict[str, Any], groups: Mapping[int, int]) -> Known:
    return Known(
        name=row["name"],
        versions=tuple(row["versions"]),
        wholes=tuple(Whole(*whole) for whole in row["wholes"]),
        expected=_by_version(groups),
    )
