"""What pubspec.lock declares.

Format: https://dart.dev/tools/pub/glossary#lockfile (`packages` by name, with `source` and
`version`; packages from a path, and those of the SDK, have no version of their own). What
`dependency` marks as for development is left out; of what that brings in turn, nothing says so.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.outline import read_outline
from lading.model.package import Fact

_LOCAL = ("path", "sdk")


def read_dart_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for lines that are not understood."""
    if not is_own(file.path):
        return
    outline = read_outline(file.path, file.data)
    found = outline.facts("packages").items()
    rows = (
        (name, one.get("version"))
        for name, one in found
        if one.get("source") not in _LOCAL and one.get("dependency") != "direct dev"
    )
    yield from declare("pub", file.path, rows)
    outline.check(file.path)


DART_LOCK = Cataloger(
    name="dart-lock", revision=2, wants=("**/pubspec.lock",), max_size=8 << 20, read=read_dart_lock
)
