"""What deno.lock declares of npm's packages; those of JSR have no package type, and are left out.

Format: https://docs.deno.com/runtime/fundamentals/modules/#integrity-checking-and-lock-files:
`npm` (since version 4; `packages.npm` in 3) by `NAME@VERSION`, with `_` and the peers behind it.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact

_KEY = re.compile(r"(@?[^@]+)@([^_]+)(?:_.*)?", re.DOTALL)


def read_deno_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    document = read_object(file.path, file.data)
    if "version" not in document:
        raise CatalogError(f"{file.path}: it states no version of its form")
    packages = document.get("npm")
    if packages is None:
        older = document.get("packages")
        packages = older.get("npm") if isinstance(older, dict) else None
    if isinstance(packages, dict):
        yield from declare("npm", file.path, _rows(packages))


def _rows(packages: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    versions: dict[str, set[str]] = {}
    for key in packages:
        name, version = _split(key)
        if name and version:
            versions.setdefault(name, set()).add(version)
    for key, terms in packages.items():
        name, version = _split(key)
        yield name, version, list(_asked(terms, versions))


def _asked(terms: object, versions: dict[str, set[str]]) -> Iterator[str]:
    """Yield `name version` of what a package asks for, where the file leaves no doubt of it."""
    stated = terms.get("dependencies") if isinstance(terms, dict) else None
    # Version 3 has an object from the name used to `NAME@VERSION`.
    texts = (
        stated.values() if isinstance(stated, dict) else stated if isinstance(stated, list) else ()
    )
    for text in texts:
        if not isinstance(text, str):
            continue
        name, version = _split(text)
        if name is None:
            name, only = text, versions.get(text, set())
            version = next(iter(only)) if len(only) == 1 else None
        yield f"{name} {version}" if version else name


def _split(key: str) -> tuple[str | None, str | None]:
    found = _KEY.fullmatch(key)
    return (found[1], found[2]) if found else (None, None)


DENO_LOCK = Cataloger(
    name="deno-lock", revision=1, wants=("**/deno.lock",), max_size=32 << 20, read=read_deno_lock
)
