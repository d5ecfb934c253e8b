"""What pnpm-lock.yaml declares.

Format: https://github.com/pnpm/spec/tree/master/lockfile: keys of `packages` are /NAME/VERSION in
version 5, /NAME@VERSION in 6, NAME@VERSION in 9, with what peers were used behind it. What is
marked as needed for development only (until 6) is left out.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.outline import read_outline
from lading.model.package import Fact

_KEY = re.compile(r"/?((?:@[^/@]+/)?[^/@]+)[/@]([0-9][^(_/]*)(?:[(_].*)?")


def read_pnpm_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for lines that are not understood."""
    if not is_own(file.path):
        return
    outline = read_outline(file.path, file.data)
    rows = (row for key, facts in outline.facts("packages").items() for row in _row(key, facts))
    yield from declare("npm", file.path, rows)
    outline.check(file.path)


def _row(key: str, facts: dict[str, str]) -> Iterator[tuple[object, object]]:
    """Yield the package, unless it is a folder of the project or for development only."""
    if facts.get("dev") == "true" or "file:" in key or "link:" in key:
        return
    found = _KEY.fullmatch(key)
    if found is None or "name" in facts:  # fetched from elsewhere, and described here
        yield facts.get("name") or key, facts.get("version")
    else:
        yield found[1], facts.get("version") or found[2]


PNPM_LOCK = Cataloger(
    name="pnpm-lock", revision=1, wants=("**/pnpm-lock.yaml",), read=read_pnpm_lock
)
