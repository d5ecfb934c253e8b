"""Java archives into the Maven artifacts in them, archives nested in archives included.

Maven writes META-INF/maven/<group>/<artifact>/pom.properties into what it builds
(https://maven.apache.org/shared/maven-archiver/); tools that merge archives keep those of the
parts. Archives without one are named by their manifest
(https://docs.oracle.com/en/java/javase/17/docs/specs/jar/jar.html) and their file name, which is
inferred, not read. Whatever an archive says, the classes of widely used artifacts are recognised.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lading.catalog.archive import Archive, Budget, Buffer, Entry
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.headers import Fields, read_fields
from lading.catalog.jar_index import Class, Index, Recognised, is_class, recognise
from lading.catalog.java_names import Named, name_archive, stem_of
from lading.catalog.properties import read_properties
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Package

MAX_DEPTH = 8  # archives in archives
_EXTENSIONS = ("jar", "war", "ear", "par", "jpi", "hpi", "sar", "nar", "kar", "lpkg", "rar")
_NESTED = re.compile(rf".*\.(?:{'|'.join(_EXTENSIONS)})", re.IGNORECASE | re.DOTALL)
_POM = re.compile(r"(?:.*/)?META-INF/maven/([^/]+)/([^/]+)/pom\.(properties|xml)", re.DOTALL)
_MANIFEST = "META-INF/MANIFEST.MF"
_MAX_TEXT = 1 << 20  # bytes of a manifest or of properties


def read_java(file: ImageFile, index: Index | None = None) -> Iterator[Fact]:
    """Yield the artifacts of an archive and of those in it.

    `index` knows classes; without one it is that which comes with Lading.
    Raises CatalogError at the end for the parts that could not be read.
    """
    if file.path.endswith(".rar") and bytes(file.data[:4]) == b"Rar!":
        return  # of another archiver, which shares the name of Java's resource adapters
    reader = _Reader(index)
    yield from reader.read(file.path, file.data, 0)
    if reader.errors:
        raise reader.summary()


@dataclass(slots=True)
class _Contents:
    """What is of interest in one archive."""

    properties: list[tuple[Entry, str, str]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)  # by artifact
    manifest: Entry | None = None
    nested: list[Entry] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)  # that hold classes
    classes: list[Class] = field(default_factory=list)


class _Reader:
    def __init__(self, index: Index | None) -> None:
        self.errors: list[CatalogError] = []
        self._budget = Budget()
        self._index = index

    def summary(self) -> CatalogError:
        """Return one error for all, which begins with the weightiest."""
        more = len(self.errors) - 1
        first = self._budget.exceeded or self.errors[0]
        return CatalogError(f"{first} (and {more} more)" if more else f"{first}")

    def read(self, path: str, data: Buffer, depth: int) -> Iterator[Package]:
        try:
            archive = Archive(path, data, self._budget)
        except CatalogError as error:
            self.errors.append(error)
            return
        contents = self._contents(archive)
        yield from self._packages(path, data, archive, contents)
        for entry in contents.nested:
            inner = f"{path}!/{entry.name}"
            if depth + 1 >= MAX_DEPTH:
                self.errors.append(
                    CatalogError(f"{inner}: nested more than {MAX_DEPTH} deep, so not read")
                )
                return
            if (unpacked := self._unpacked(archive, entry)) is not None:
                yield from self.read(inner, unpacked, depth + 1)

    def _contents(self, archive: Archive) -> _Contents:
        contents = _Contents()
        try:
            for entry in archive.entries():
                _sort_in(contents, entry)
        except CatalogError as error:
            self.errors.append(error)
        return contents

    def _packages(
        self, path: str, data: Buffer, archive: Archive, contents: _Contents
    ) -> Iterator[Package]:
        found = [
            named
            for entry, group, artifact in contents.properties
            if (named := self._from_properties(path, archive, entry, group, artifact))
        ]
        own = _own(path, found)
        said = {named.artifact for named in found}
        recognised = [
            one
            for one in recognise(contents.classes, self._index)
            if _artifact(one.name) not in said
        ]
        if own is None:
            inferred = name_archive(
                path, self._manifest(archive, contents), contents.groups, contents.folders
            )
            whole, recognised = _whole(inferred, recognised)
            # Merged archives are often called something; without a version that says nothing new.
            if whole is not None:
                yield _package(path, *whole, _sha1(data))
            elif inferred is not None and (inferred.version or not (found or recognised)):
                yield _package(path, inferred, Evidence.INSTALLED, Certainty.INFERRED, _sha1(data))
        for named in found:
            if named is own:
                yield _package(path, named, Evidence.INSTALLED, Certainty.EXACT, _sha1(data))
            else:
                yield _package(path, named, Evidence.BUNDLED, Certainty.EXACT, ())
        for one in recognised:
            yield _package(path, _named(one), Evidence.BUNDLED, _certainty(one), ())

    def _from_properties(
        self, path: str, archive: Archive, entry: Entry, group: str, artifact: str
    ) -> Named | None:
        data = self._unpacked(archive, entry, _MAX_TEXT)
        if data is None:
            return None
        stated = read_properties(bytes(data))
        named = Named(
            group=word(stated.get("groupId")) or word(group),
            artifact=word(stated.get("artifactId")) or word(artifact) or "",
            version=word(stated.get("version")),
        )
        if not named.artifact:
            self.errors.append(CatalogError(f"{path}: {entry.name} names no artifact"))
            return None
        if named.version is None:
            self.errors.append(CatalogError(f"{path}: {entry.name} states no version"))
        return named

    def _manifest(self, archive: Archive, contents: _Contents) -> Fields:
        if contents.manifest is None:
            return {}
        data = self._unpacked(archive, contents.manifest, _MAX_TEXT)
        return {} if data is None else read_fields(bytes(data), joint="")

    def _unpacked(self, archive: Archive, entry: Entry, most: int | None = None) -> Buffer | None:
        if most is not None and entry.size > most:
            self.errors.append(
                CatalogError(f"{archive.path}: {entry.name} is larger than {most} bytes")
            )
            return None
        try:
            return archive.read(entry)
        except CatalogError as error:
            self.errors.append(error)
            return None


def _sort_in(contents: _Contents, entry: Entry) -> None:
    name = entry.name
    if name.endswith(".class"):
        contents.folders.add(name.rpartition("/")[0])
        if is_class(name):
            contents.classes.append(Class(name, entry.crc))
    elif found := _POM.fullmatch(name):
        contents.groups.setdefault(found[2], found[1])
        if found[3] == "properties":
            contents.properties.append((entry, found[1], found[2]))
    elif name == _MANIFEST:
        contents.manifest = entry
    elif _NESTED.fullmatch(name):
        contents.nested.append(entry)


def _own(path: str, found: list[Named]) -> Named | None:
    """Return the one of the artifacts that the archive itself is."""
    if len(found) == 1:
        return found[0]
    stem = stem_of(path)
    for named in found:
        if stem in (named.artifact, f"{named.artifact}-{named.version}"):
            return named
    fitting = [named for named in found if stem.startswith(f"{named.artifact}-")]
    return fitting[0] if len(fitting) == 1 else None


def _whole(
    inferred: Named | None, recognised: list[Recognised]
) -> tuple[tuple[Named, Evidence, Certainty] | None, list[Recognised]]:
    """Return what the archive is by its classes, if it is one thing, and what else is in it.

    A version in the archive's name or manifest stands against one that the classes only suggest. In
    both it stands against all, where the index has not seen it: releases may share every class.
    """
    for one in recognised:
        is_called_so = inferred is not None and inferred.artifact == _artifact(one.name)
        is_nameless = inferred is None or inferred.version is None
        if not is_called_so and not (one.is_all and is_nameless):
            continue
        others = [other for other in recognised if other is not one]
        named = _named(one)
        is_new = inferred is not None and inferred.is_agreed and inferred.version not in one.known
        if inferred is None or is_nameless or (one.is_sure and not is_new):
            return (named, Evidence.CONTENT, _certainty(one)), others
        kept = replace(inferred, group=inferred.group or named.group)
        return (kept, Evidence.INSTALLED, Certainty.INFERRED), others
    return None, recognised


def _named(one: Recognised) -> Named:
    group, _, artifact = one.name.partition(":")
    return Named(group=group, artifact=artifact, version=one.version)


def _artifact(name: str) -> str:
    return name.partition(":")[2]


def _certainty(one: Recognised) -> Certainty:
    return Certainty.EXACT if one.is_sure else Certainty.INFERRED


def _package(
    path: str, named: Named, evidence: Evidence, certainty: Certainty, hashes: tuple[str, ...]
) -> Package:
    return Package(
        type="maven",
        name=f"{named.group}:{named.artifact}" if named.group else named.artifact,
        version=named.version,
        paths=(path,),
        evidence=evidence,
        certainty=certainty,
        licenses=named.licenses,
        hashes=hashes,
    )


def _sha1(data: Buffer) -> tuple[str, ...]:
    # Registries of Maven artifacts are searched by SHA-1; nothing relies on it for safety.
    return (f"sha1:{hashlib.sha1(data, usedforsecurity=False).hexdigest()}",)


JAVA = Cataloger(
    name="java",
    revision=5,
    wants=tuple(f"**/*.{extension}" for extension in _EXTENSIONS),
    max_size=512 << 20,
    read=read_java,
)
