"""What renv.lock declares.

Format: https://rstudio.github.io/renv/reference/lockfile-read.html: an object `Packages` by name,
with `Version`, and with `Requirements` (names) or, since renv 1.1, with the fields of DESCRIPTION,
of which `Depends`, `Imports` and `LinkingTo` are lists as written there.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.catalog.wording import words
from lading.errors import CatalogError
from lading.model.package import Fact

_ASKED = ("Requirements", "Depends", "Imports", "LinkingTo")
_NAME = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)")


def read_renv_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file asks for; raises CatalogError when it lists no packages."""
    if not is_own(file.path):
        return
    packages = read_object(file.path, file.data).get("Packages")
    if not isinstance(packages, dict):
        raise CatalogError(f"{file.path}: it has no packages")
    rows = {name: row if isinstance(row, dict) else {} for name, row in packages.items()}
    for type in ("cran", "bioconductor"):
        found = [
            (name, row.get("Version"), _requires(row))
            for name, row in rows.items()
            if (row.get("Source") == "Bioconductor") == (type == "bioconductor")
        ]
        yield from declare(type, file.path, found)


def _requires(row: dict[str, Any]) -> list[str]:
    names = (_NAME.match(text) for key in _ASKED for text in words(row.get(key)))
    return [found[1] for found in names if found and found[1] != "R"]


RENV_LOCK = Cataloger(
    name="renv-lock", revision=1, wants=("**/renv.lock",), max_size=16 << 20, read=read_renv_lock
)
