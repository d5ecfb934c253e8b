"""What Python distributions ask for: names, under conditions, and with extras.

Specification: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lading.catalog.dependencies.markers import (
    Environment,
    Marker,
    extras_in,
    holds,
    read_marker,
)
from lading.catalog.dependencies.python_versions import fold
from lading.catalog.dependencies.rule import Edges, Surroundings, commonest_arch, is_absurd
from lading.catalog.dependencies.vendored import bringers
from lading.catalog.python_lists import site_of, vendored_in
from lading.model.package import Evidence, Package

_LONGEST = 4096  # characters of a requirement
_REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\[\]]*)\])?(.*)", re.DOTALL
)
_PYTHON = re.compile(r"/(python|pypy)(\d\.\d+)t?/")
_MANAGED = re.compile(r"(?:\d+:)?(\d\.\d+)")
_MACHINES = {
    "amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64",
    "armhf": "armv7l", "armv7": "armv7l", "ppc64el": "ppc64le", "ppc64le": "ppc64le",
    "s390x": "s390x", "riscv64": "riscv64",
}  # fmt: skip
_LINUX = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}


def edges(packages: Sequence[Package], around: Surroundings) -> Edges:
    """Yield an edge for each requirement that holds for Linux and the Python of the folder.

    A distribution also depends on those inside of it, as in a folder `_vendor`.

    A requirement under an extra holds once another distribution asks for that extra. Names are
    answered from the same folder, else by the one distribution of that name which the same Python
    may see elsewhere. Where a condition hangs on what is not known, there is no edge.
    """
    sites = _Sites(packages, around)
    for package, outer in bringers(packages, around.owner_of):
        yield from ((one, package.id) for one in outer if one)
    waiting = [(one, wish) for one in sites.all for wish in sites.wishes(one)]
    while waiting:
        asking, wish = waiting.pop()
        if wish.marker and not holds(wish.marker, asking.environment, asking.extras):
            continue
        for answering in sites.find(wish.name, asking):
            yield asking.package.id, answering.package.id
            new = wish.extras - answering.extras
            if new:
                answering.extras |= new
                waiting += (
                    (answering, again) for again in sites.wishes(answering) if again.under & new
                )


class _Wish(NamedTuple):
    """A requirement."""

    name: str  # folded, like the extras
    extras: frozenset[str]
    marker: Marker | None
    under: frozenset[str]  # extras that the marker asks about


@dataclass(slots=True, eq=False)
class _Distribution:
    """A package in one of its folders."""

    package: Package
    site: str
    python: str | None  # 3.11; None when the folder does not say
    environment: Environment
    extras: set[str] = field(default_factory=set)  # that others ask for


class _Sites:
    """Distributions by the folder that Python imports them from."""

    def __init__(self, packages: Sequence[Package], around: Surroundings) -> None:
        self._managed = _managed_python(around.packages)
        self._only = _only_python(packages)
        self._machine = _MACHINES.get(commonest_arch(around.packages) or "")
        self._environments: dict[str, tuple[str | None, Environment]] = {}
        self._here: dict[tuple[str, str], list[_Distribution]] = {}
        self._everywhere: dict[str, list[_Distribution]] = {}
        self._names: set[str] = set()
        self.all: list[_Distribution] = []
        for package in packages:
            if package.evidence is not Evidence.DECLARED:
                self._add(package)
        self._wishes: dict[str, list[_Wish]] = {}

    def _add(self, package: Package) -> None:
        name = fold(package.name)
        for site in dict.fromkeys(map(site_of, package.paths)):
            if site is None:
                continue
            one = _Distribution(package, site, *self._environment(site))
            self.all.append(one)
            self._names.add(name)
            self._here.setdefault((site, name), []).append(one)
            if package.evidence is not Evidence.BUNDLED and vendored_in(site) is None:
                self._everywhere.setdefault(name, []).append(one)

    def wishes(self, one: _Distribution) -> list[_Wish]:
        """Return what it asks for, without names that no package of the image has."""
        found = self._wishes.get(one.package.id)
        if found is None:
            found = [] if is_absurd(one.package) else list(self._read(one.package.requires))
            self._wishes[one.package.id] = found
        return found

    def _read(self, requirements: Iterable[str]) -> Iterator[_Wish]:
        for text in requirements:
            parts = _split(text)
            if parts is not None and fold(parts[0]) in self._names:
                wish = _wish(*parts)
                if wish is not None:
                    yield wish

    def find(self, name: str, asking: _Distribution) -> list[_Distribution]:
        """Return the one distribution that answers; none where there are several."""
        found = self._here.get((asking.site, name)) or [
            one
            for one in self._everywhere.get(name, ())
            if one.python == asking.python or None in (one.python, asking.python)
        ]
        return found if len({one.package.id for one in found}) == 1 else []

    def _environment(self, site: str) -> tuple[str | None, Environment]:
        if site not in self._environments:
            kind, python = "python", None
            for match in _PYTHON.finditer(site + "/"):
                kind, python = match[1], match[2]
            managed = self._managed if site.endswith("/dist-packages") else None
            version = python or managed or self._only
            is_cpython = kind == "python"
            variables = {
                **_LINUX,
                "python_version": version,
                "python_full_version": version,
                "implementation_name": "cpython" if is_cpython else "pypy",
                "implementation_version": version if is_cpython else None,
                "platform_python_implementation": "CPython" if is_cpython else "PyPy",
                "platform_machine": self._machine,
            }
            self._environments[site] = python, variables
        return self._environments[site]


def _managed_python(packages: Sequence[Package]) -> str | None:
    """Return the version of Debian's python3, whose folder is named without it."""
    found = {
        match[1]
        for one in packages
        if one.type == "deb" and one.name in ("python3", "python3-minimal")
        if (match := _MANAGED.match(one.version or ""))
    }
    return found.pop() if len(found) == 1 else None


def _only_python(packages: Sequence[Package]) -> str | None:
    """Return the version that all folders name which name one: it runs the others too."""
    found = {
        match[2]
        for one in packages
        if one.evidence is not Evidence.DECLARED
        for path in one.paths
        for match in _PYTHON.finditer(path)
    }
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=16384)
def _split(text: str) -> tuple[str, str, str] | None:
    """Return name, extras, and the rest of a requirement."""
    found = _REQUIREMENT.fullmatch(text) if len(text) <= _LONGEST else None
    return (found[1], found[2] or "", found[3]) if found else None


@lru_cache(maxsize=16384)
def _wish(name: str, extras: str, rest: str) -> _Wish | None:
    """Return what the parts say; None for a condition that is none."""
    # A URL may hold semicolons; behind one, the marker's comes after a blank.
    _, found, condition = rest.partition(" ;" if rest.lstrip().startswith("@") else ";")
    marker = read_marker(condition) if found else None
    if found and marker is None:
        return None
    asked = frozenset(fold(part.strip()) for part in extras.split(",") if part.strip())
    return _Wish(fold(name), asked, marker, extras_in(marker) if marker else frozenset())
