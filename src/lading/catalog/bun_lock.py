"""What bun.lock declares.

Format: https://bun.com/docs/pm/lockfile: JSON in which a comma may stand before a closing bracket,
and comments. `packages` has for each place in node_modules (`a`, or `a/b` for the one that only `a`
sees) a list: `NAME@VERSION`, and among the rest an object with what it asks for. What only a
development dependency of a workspace leads to is left out.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact

_TEXT = r"\"(?:[^\"\\]|\\.)*+\""
_LOOSE = re.compile(rf"({_TEXT})|//[^\n]*|/\*.*?\*/|,(?=\s*[}}\]])", re.DOTALL)
_RUNNING = ("dependencies", "optionalDependencies", "peerDependencies")
_PARTS = re.compile(r"@[^/]+/[^/]+|[^/]+")
_LONGEST = 4096  # characters of a place
_VERSION = re.compile(r"v?\d")  # else it is a folder, a repository or an address


def read_bun_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    document = read_object(file.path, _strict(file))
    packages = document.get("packages")
    if not isinstance(packages, dict):
        raise CatalogError(f"{file.path}: it has no packages")
    wanted = _wanted(document.get("workspaces"), packages)
    rows = (
        row
        for key, stated in packages.items()
        if key in wanted
        for row in _row(packages, key, stated)
    )
    yield from declare("npm", file.path, rows)


def _strict(file: ImageFile) -> bytes:
    """Return the text without comments and commas before brackets."""
    text = bytes(file.data).decode("utf-8", "replace")
    return _LOOSE.sub(lambda found: found[1] or "", text).encode()


def _wanted(workspaces: object, packages: dict[str, Any]) -> set[str]:
    """Return the places that the workspaces need to run, and what these need in turn."""
    found: set[str] = set()
    roots = workspaces.values() if isinstance(workspaces, dict) else ()
    pending = [
        key
        for root in roots
        for name in _asked(root)
        for key in (_place(_root_name(root), name, packages), _place("", name, packages))
        if key is not None
    ]
    while pending:
        key = pending.pop()
        if key in found:
            continue
        found.add(key)
        places = (_place(key, name, packages) for name in _needs(packages[key]))
        pending.extend(place for place in places if place is not None)
    return found


def _root_name(root: object) -> str:
    """Return the name that the own copies of a workspace stand under."""
    name = root.get("name") if isinstance(root, dict) else None
    return name if isinstance(name, str) else ""


def _asked(terms: object) -> Iterator[str]:
    for key in _RUNNING:
        names = terms.get(key) if isinstance(terms, dict) else None
        if isinstance(names, dict):
            yield from names


def _needs(stated: object) -> Iterator[str]:
    for one in stated if isinstance(stated, list) else ():
        yield from _asked(one)


def _place(at: str, name: str, packages: dict[str, Any]) -> str | None:
    """Return where what stands at a place finds the package: the nearest, as Node.js looks."""
    parts = _PARTS.findall(at[:_LONGEST])
    for length in range(len(parts), -1, -1):
        key = "/".join([*parts[:length], name])
        if key in packages:
            return key
    return None


def _row(packages: dict[str, Any], key: str, stated: object) -> Iterator[tuple[object, ...]]:
    """Yield name, version and what it asks for: `name version`."""
    first = stated[0] if isinstance(stated, list) and stated else None
    name, version = _split(first)
    if version is not None and not _VERSION.match(version):
        return
    places = (_place(key, needed, packages) for needed in _needs(stated))
    targets = (
        _split(packages[place][0]) for place in places if place and _is_listed(packages[place])
    )
    yield name, version, [f"{name} {version}" for name, version in targets if version]


def _is_listed(stated: object) -> bool:
    return isinstance(stated, list) and bool(stated)


def _split(text: object) -> tuple[str | None, str | None]:
    """Split `NAME@VERSION`; what is no release has an address instead, and may hold more of `@`."""
    if not isinstance(text, str):
        return None, None
    name, at, version = text[1:].partition("@")
    return text[:1] + name, (version if at else None)


BUN_LOCK = Cataloger(
    name="bun-lock", revision=1, wants=("**/bun.lock",), max_size=32 << 20, read=read_bun_lock
)
