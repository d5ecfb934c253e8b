"""What Package.resolved declares.

Format: https://github.com/swiftlang/swift-package-manager/blob/main/Documentation/Usage.md: `pins`
with `location` since version 2, `object.pins` with `repositoryURL` in 1. Packages are called by
their repository, as purls do; those at a revision without a version are left out.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact


def read_swift_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file asks for; raises CatalogError when it has no pins."""
    if not is_own(file.path):
        return
    document = read_object(file.path, file.data)
    older = document.get("object")
    pins = (older if isinstance(older, dict) else document).get("pins")
    if not isinstance(pins, list):
        raise CatalogError(f"{file.path}: it has no pins")
    yield from declare("swift", file.path, _rows(pins))


def _rows(pins: list[Any]) -> Iterator[tuple[object, object]]:
    for pin in pins:
        row = pin if isinstance(pin, dict) else {}
        state = row.get("state")
        version = state.get("version") if isinstance(state, dict) else None
        if isinstance(state, dict) and version is None and state.get("revision"):
            continue
        yield _name(row.get("location") or row.get("repositoryURL")), version


def _name(location: object) -> str | None:
    """Return `https://github.com/a/b.git` and `git@github.com:a/b.git` as `github.com/a/b`."""
    if not isinstance(location, str):
        return None
    name = location.rpartition("://")[2].rpartition("@")[2]
    if "://" not in location:
        name = name.replace(":", "/", 1)
    return name.removesuffix("/").removesuffix(".git")


SWIFT_LOCK = Cataloger(
    name="swift-lock",
    revision=1,
    wants=("**/Package.resolved",),
    max_size=8 << 20,
    read=read_swift_lock,
)
