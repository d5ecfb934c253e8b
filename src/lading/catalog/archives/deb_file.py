"""A Debian package file into its package: control.tar holds the record that dpkg would keep.

Format: https://manpages.debian.org/deb.5
"""

from collections.abc import Iterator

from lading.catalog import dpkg
from lading.catalog.archives.record import (
    LARGEST_FILE,
    opening,
    packed_files,
    part,
    standing_for,
)
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.errors import CatalogError
from lading.image.ar import members_of_ar
from lading.model.package import Fact


def read_deb(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for what is no Debian package, or damaged."""
    with opening(file.path):
        control = _control(file)
    yield from standing_for(file, dpkg.read(part(file, "control", control)))


def _control(file: ImageFile) -> bytes:
    for name, data in members_of_ar(memoryview(file.data)):
        if name.startswith("control.tar"):
            for one in packed_files(file, data):
                if one.name == "control":
                    return one.data
    raise CatalogError(f"{file.path}: a Debian package without a control file")


DEB_FILE = Cataloger(
    name="deb-file",
    revision=1,
    wants=("**/*.deb", "**/*.udeb"),
    max_size=LARGEST_FILE,
    read=read_deb,
)
