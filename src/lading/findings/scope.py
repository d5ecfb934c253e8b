"""What of an image is meant: packages by name, package URL, version, path and layer.

Answers are three-valued: None means that it cannot be told, as where a version cannot be compared
or nobody knows which layers are the base image's. Who asks decides what that is taken for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from packageurl import PackageURL

from lading.findings.ranges import Range, holds, parse_range
from lading.findings.tables import Table
from lading.model.image import BaseImage
from lading.model.package import Package

SCOPE_KEYS = ("package", "type", "version", "path", "layer")
_FOLDED = ("pypi",)
_CASELESS = ("pypi", "nuget", "composer", "hex")
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Conditions on a package, all of which must hold; none is no condition."""

    packages: tuple[str, ...] = ()  # globs of NAME or TYPE:NAME, or package URLs
    types: tuple[str, ...] = ()
    range: Range | None = None
    paths: tuple[str, ...] = ()  # globs
    layers: tuple[int | str, ...] = ()  # indexes, base, own
    text: str = ""  # as it was written, for people

    @property
    def is_open(self) -> bool:
        """Whether it means everything."""
        return not (self.packages or self.types or self.range or self.paths or self.layers)

    def covers(self, package: Package, base: BaseImage | None) -> bool | None:
        """Say whether the package is meant."""
        return all_of(self._answers(package, base))

    def _answers(self, package: Package, base: BaseImage | None) -> Iterator[bool | None]:
        if self.packages:
            yield any(is_named(package, one) for one in self.packages)
        if self.types:
            yield package.type in self.types
        if self.paths:
            yield any(fnmatchcase(path, one) for path in package.paths for one in self.paths)
        if self.layers:
            yield any_of(_is_in(package.layer, one, base) for one in self.layers)
        if self.range is not None:
            yield holds(self.range, package.type, package.version)


EVERYTHING = Scope()
"""No condition at all."""


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Return False when one is, else None when one is, else True."""
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Return True when one is, else None when one is, else False."""
    found = list(answers)
    if True in found:
        return True
    return None if None in found else False


def scope_from(table: Table) -> Scope:
    """Return the scope that a table's keys give; UsageError with its line for what is none."""
    version = table.text("version")
    range = None
    if version is not None:
        try:
            range = parse_range(version)
        except ValueError as error:
            table.fail("version", f"version: {error}")
    packages = table.texts("package")
    for one in packages:
        if one.startswith("pkg:") and not _WILD & set(one) and _url(one) is None:
            table.fail("package", f"package: {one!r} is no package URL")
    said = (f"{key} {table.values[key]}" for key in SCOPE_KEYS if key in table.values)
    return Scope(
        packages=packages,
        types=table.texts("type"),
        range=range,
        paths=table.texts("path"),
        layers=_layers(table),
        text=", ".join(said),
    )


def _layers(table: Table) -> tuple[int | str, ...]:
    value = table.values.get("layer")
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    found: list[int | str] = []
    for one in listed:
        if isinstance(one, bool) or not (one in ("base", "own") or isinstance(one, int)):
            table.fail("layer", f'layer must be an index, "base" or "own", not {one!r}')
        found.append(one)
    return tuple(found)


def is_named(package: Package, pattern: str) -> bool:
    """Say whether a glob of its name, of TYPE:NAME, or a package URL means the package."""
    if pattern.startswith("pkg:"):
        if _WILD & set(pattern):
            return fnmatchcase(package.purl, pattern) or fnmatchcase(_bare(package.purl), pattern)
        return is_purl_of(pattern, package)
    names = (package.name, f"{package.type}:{package.name}")
    folded = _folded(package.type, pattern)
    return any(fnmatchcase(_folded(package.type, name), folded) for name in names)


def is_purl_of(text: str, package: Package) -> bool:
    """Say whether a package URL means the package: what it leaves out may be anything.

    Rule: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (software identifiers).
    """
    wanted, found = _url(text), _url(package.purl)
    if wanted is None or found is None:
        return False
    theirs = dict(found.qualifiers)
    return (
        (wanted.type, wanted.namespace, wanted.name) == (found.type, found.namespace, found.name)
        and wanted.version in (None, found.version)
        and wanted.subpath in (None, found.subpath)
        and all(theirs.get(key) == value for key, value in dict(wanted.qualifiers).items())
    )


def key_of(purl: str) -> tuple[str, str | None, str] | None:
    """Return what two package URLs that may mean the same package have alike; None for no URL."""
    url = _url(purl)
    return None if url is None else (url.type, url.namespace, url.name)


@lru_cache(maxsize=1 << 16)
def _url(text: str) -> PackageURL | None:
    try:
        return PackageURL.from_string(text)
    except (ValueError, TypeError):
        return None


def _bare(purl: str) -> str:
    return purl.partition("?")[0].partition("#")[0]


def _folded(type: str, name: str) -> str:
    """Return the name as its ecosystem compares it; `*` and the like stay."""
    if type in _FOLDED:
        name = re.sub(r"[-_.]+", "-", name)
    return name.lower() if type in _CASELESS else name


def _is_in(layer: int | None, wanted: int | str, base: BaseImage | None) -> bool | None:
    if isinstance(wanted, int):
        return None if layer is None else layer == wanted
    if layer is None or base is None or base.layers is None:
        return None  # a base that is only named: nobody knows where it ends
    return (layer < base.layers) == (wanted == "base")
