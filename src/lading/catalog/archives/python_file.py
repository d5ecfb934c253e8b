"""A wheel or a source distribution of Python into its package, from the metadata in it.

Formats: https://packaging.python.org/en/latest/specifications/binary-distribution-format/ and
https://packaging.python.org/en/latest/specifications/source-distribution-format/
"""

import re
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
from lading.catalog.python import read_python
from lading.errors import CatalogError
from lading.image.package_format import Format, format_of
from lading.model.package import Fact

_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
_PKG_INFO = re.compile(r"[^/]+/PKG-INFO")


def read_python_file(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for a wheel that is none, or without metadata.

    A gzipped tar whose files are not in a folder called like it is no source distribution.
    """
    name = file.path.rpartition("/")[2]
    if name.endswith(".whl"):
        record: ImageFile | None = _of_wheel(file)
    elif format_of(name, memoryview(file.data)) is Format.SDIST:
        record = _of_sdist(file)
    else:
        return
    if record is not None:
        yield from standing_for(file, read_python(record))


def _of_wheel(file: ImageFile) -> ImageFile:
    archive = Archive(file.path, file.data)
    for entry in archive.entries():
        if _METADATA.fullmatch(entry.name) and entry.size <= LARGEST_RECORD:
            return part(file, entry.name, bytes(archive.read(entry)))
    raise CatalogError(f"{file.path}: a wheel without METADATA")


def _of_sdist(file: ImageFile) -> ImageFile | None:
    """Return the metadata; None for what only is called like a source distribution."""
    with opening(file.path):
        for one in packed_files(file):
            if _PKG_INFO.fullmatch(one.name):
                return part(file, one.name, one.data)
    return None


PYTHON_FILE = Cataloger(
    name="python-file",
    revision=1,
    wants=("**/*.whl", "**/*.tar.gz"),
    max_size=LARGEST_FILE,
    read=read_python_file,
)
