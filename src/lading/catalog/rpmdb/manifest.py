"""The list that Azure Linux and CBL-Mariner leave in distroless images, into entries.

Format: one package a line, ten columns between tabs, written by rpm with the query
%{NAME} %{VERSION}-%{RELEASE} %{INSTALLTIME} %{BUILDTIME} %{VENDOR} %{EPOCH} %{SIZE} %{ARCH}
%{EPOCHNUM} %{SOURCERPM}; https://github.com/microsoft/azurelinux/pull/2889
"""

from collections.abc import Iterator

from lading.catalog.rpmdb.header import Entry
from lading.catalog.wording import word
from lading.errors import CatalogError


def entries(text: str) -> Iterator[Entry]:
    """Yield an entry for each line; CatalogError, at the end, when some cannot be understood."""
    broken = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            broken += 1
        else:
            yield entry
    if broken:
        raise CatalogError(f"{broken} lines are not ten columns with a name and a version")


def _entry(line: str) -> Entry | None:
    columns = [None if text == "(none)" else word(text) for text in line.split("\t")]
    if len(columns) != 10:
        return None
    name, version, _, _, vendor, epoch, _, arch, number, source_rpm = columns
    if name is None or version is None:
        return None
    # Some builds write (none) for every epoch; the number is 0 for those without.
    epoch = epoch or (number if number != "0" else None)
    return Entry(
        name=name,
        version=f"{epoch}:{version}" if epoch else version,
        arch=arch,
        source_rpm=source_rpm,
        vendor=vendor,
    )
