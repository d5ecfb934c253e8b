"""An rpm package file into its package: its header is the one that rpm's database would keep.

Format: https://rpm-software-management.github.io/rpm/manual/format_v4.html
"""

from collections.abc import Iterator
from dataclasses import replace

from lading.catalog.archives.record import LARGEST_FILE, opening, standing_for
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.rpm import package_of
from lading.catalog.rpmdb.header import read_header
from lading.errors import CatalogError
from lading.image.rpm_archive import parts_of_rpm
from lading.model.package import Fact


def read_rpm(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for what is no rpm package, or damaged."""
    with opening(file.path):
        parts = parts_of_rpm(memoryview(file.data))
    entry = read_header(parts.header)
    package = package_of(entry, file.path)
    if entry.source_rpm is None:  # only source packages name no source
        package = replace(package, arch="src")
    yield from standing_for(file, (package,))
    if not entry.is_whole:
        raise CatalogError(f"{file.path}: its header is damaged")


RPM_FILE = Cataloger(
    name="rpm-file", revision=1, wants=("**/*.rpm",), max_size=LARGEST_FILE, read=read_rpm
)
