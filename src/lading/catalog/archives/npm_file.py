"""What `npm pack` writes into its package, from the package.json in it.

Format: https://docs.npmjs.com/cli/commands/npm-pack: a gzipped tar whose files are in `package/`.
"""

import re
from collections.abc import Iterator

from lading.catalog.archives.record import (
    LARGEST_FILE,
    opening,
    packed_files,
    part,
    standing_for,
)
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.node import read_node
from lading.errors import CatalogError
from lading.image.package_format import Format, format_of
from lading.model.package import Fact

_MANIFEST = re.compile(r"package/package\.json")


def read_npm(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; nothing for a gzipped tar that is none of npm's.

    Raises CatalogError for a damaged package, or one without a package.json that names it.
    """
    if format_of(file.path.rpartition("/")[2], memoryview(file.data)) is not Format.NPM:
        return
    facts = list(standing_for(file, read_node(_manifest(file))))
    if not facts:
        raise CatalogError(f"{file.path}: its package.json states no name and version")
    yield from facts


def _manifest(file: ImageFile) -> ImageFile:
    with opening(file.path):
        for one in packed_files(file):
            if _MANIFEST.fullmatch(one.name):
                return part(file, "package.json", one.data)
    raise CatalogError(f"{file.path}: an npm package without package.json")


NPM_FILE = Cataloger(
    name="npm-file",
    revision=1,
    wants=("**/*.tgz", "**/*.tar.gz"),
    max_size=LARGEST_FILE,
    read=read_npm,
)
