"""A conda package file into its package, from info/index.json in it.

Format: https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/packages.html: a tar.bz2,
or a ZIP archive of info-*.tar.zst and pkg-*.tar.zst.
"""

from collections.abc import Iterator

from lading.catalog.archive import Archive
from lading.catalog.archives.record import (
    LARGEST_FILE,
    LARGEST_RECORD,
    opening,
    packed_files,
    part,
    standing_for,
)
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.conda import read_conda
from lading.errors import CatalogError
from lading.model.package import Fact

_INDEX = "info/index.json"


def read_conda_file(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; nothing for a tar.bz2 that has no record of conda's.

    Raises CatalogError for a damaged package.
    """
    is_new = file.path.endswith(".conda")
    data = _info(file) if is_new else memoryview(file.data)
    with opening(file.path):
        for one in packed_files(file, data):
            if one.name == _INDEX:
                yield from standing_for(file, read_conda(part(file, _INDEX, one.data)))
                return
    if is_new:
        raise CatalogError(f"{file.path}: a conda package without {_INDEX}")


def _info(file: ImageFile) -> memoryview:
    archive = Archive(file.path, file.data)
    for entry in archive.entries():
        if entry.name.startswith("info-") and entry.name.endswith(".tar.zst"):
            if entry.size > LARGEST_RECORD:
                break
            return memoryview(archive.read(entry))
    raise CatalogError(f"{file.path}: a conda package without info-*.tar.zst")


CONDA_FILE = Cataloger(
    name="conda-file",
    revision=1,
    wants=("**/*.conda", "**/*.tar.bz2"),
    max_size=LARGEST_FILE,
    read=read_conda_file,
)
