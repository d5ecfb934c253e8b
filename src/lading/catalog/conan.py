"""Conan packages in a local cache, and what a conan.lock declares.

Formats: https://docs.conan.io/2/tutorial/versioning/lockfiles.html and
https://docs.conan.io/1/versioning/lockfiles.html: in the cache of Conan 1 a package lies in
data/NAME/VERSION/USER/CHANNEL/package/ID (conaninfo.txt, which lists all that was linked in under
`full_requires`); that of Conan 2 has a database (p/cache.sqlite3, table packages), which does not
say what asks for what. References are NAME/VERSION@USER/CHANNEL#REVISION.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.catalog.sqlite import read_rows
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_REFERENCE = re.compile(r"([^/@#:\s]+)/([^/@#:\s]+)(?:[@#:%].*)?", re.DOTALL)
_PLACE = re.compile(r".*/data/([^/]+)/([^/]+)/[^/]+/[^/]+/package/[^/]+/conaninfo\.txt", re.DOTALL)


def read_conan(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages of a cache, or what a lock file asks for.

    Raises CatalogError for what is neither, and, after the others were yielded, for references that
    are none.
    """
    name = file.path.rpartition("/")[2]
    if name == "conaninfo.txt":
        found = _PLACE.fullmatch(file.path)
        for package in _installed(file.path, [f"{found[1]}/{found[2]}"] if found else []):
            yield replace(package, requires=_linked(bytes(file.data)))
    elif name == "conan.lock":
        if is_own(file.path):
            document = read_object(file.path, file.data)
            yield from declare("conan", file.path, _locked(file.path, document))
    else:
        rows = read_rows(file.path, file.data, "packages", "reference")
        yield from _installed(file.path, (row[0] for row in rows))


def _installed(path: str, references: Iterable[object]) -> Iterator[Package]:
    seen: set[tuple[object, object]] = set()
    unfit = 0
    for reference in references:
        stated_name, stated_version = _parts(reference)
        name, version = word(stated_name), word(stated_version)
        if name is None or version is None:
            unfit += 1
        elif (name, version) not in seen:
            seen.add((name, version))
            yield Package(type="conan", name=name, version=version, paths=(path,))
    if unfit:
        raise CatalogError(f"{path}: {unfit} of its references are none")


def _linked(data: bytes) -> tuple[str, ...]:
    """Return the section `full_requires` as `name version`."""
    text = data.decode("utf-8", "replace")
    section = text.partition("\n[full_requires]\n")[2].partition("\n[")[0]
    return words([_exact(line.strip()) for line in section.split("\n")])


def _locked(path: str, document: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    graph = document.get("graph_lock")
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    if isinstance(nodes, dict):  # Conan 1; the node of the project itself has no reference
        rows = {key: row for key, row in nodes.items() if isinstance(row, dict)}
        exact = {key: _exact(row.get("ref")) for key, row in rows.items()}
        for key, row in rows.items():
            asked = row.get("requires")
            if exact[key] is not None:
                needs = [exact.get(str(one)) for one in asked] if isinstance(asked, list) else []
                yield (*_parts(row["ref"]), needs)
    elif isinstance(document.get("requires"), list):
        yield from map(_parts, document["requires"])
    else:
        raise CatalogError(f"{path}: it is no lock file of Conan")


def _parts(reference: object) -> tuple[object, object]:
    found = _REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    return (found[1], found[2]) if found else (None, None)


def _exact(reference: object) -> str | None:
    name, version = _parts(reference)
    return None if name is None else f"{name} {version}"


CONAN = Cataloger(
    name="conan",
    revision=2,
    wants=("**/.conan/data/**/conaninfo.txt", "**/p/cache.sqlite3", "**/conan.lock"),
    read=read_conan,
)
