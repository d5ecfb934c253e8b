"""Digests of Gentoo packages' files, from the list that Portage keeps of each.

Format: https://dev.gentoo.org/~zmedico/portage/doc/man/portage.5.html (CONTENTS: `obj PATH MD5
TIME`, `sym PATH -> TARGET TIME`). What lies below /etc is configuration, as CONFIG_PROTECT has it.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import DigestReader, Kept, Recorded, Records
from lading.catalog.owned import Allowance
from lading.catalog.portage import name_and_version
from lading.errors import CatalogError

_OBJECT = re.compile(r"obj (/.*) ([0-9a-f]{32}) -?[0-9]+")


def read(file: ImageFile) -> Iterator[Kept]:
    """Yield the files of the package; CatalogError for a folder that names none."""
    name, version = name_and_version(file.path)
    allowance = Allowance(len(file.data))
    files: list[Recorded] = []
    for line in bytes(file.data).decode("utf-8", "surrogateescape").split("\n"):
        found = _recorded(line)
        if found is None:
            continue
        if not allowance.take(2, len(line)):
            raise CatalogError("its files make a list of absurd length")
        files.append(found)
    yield Records(type="ebuild", name=name, version=version, files=tuple(files))


def _recorded(line: str) -> Recorded | None:
    if found := _OBJECT.fullmatch(line):
        path, expected = found[1], f"md5:{found[2]}"
    elif line.startswith("sym /"):
        path, _, rest = line.removeprefix("sym ").partition(" -> ")
        expected = f"link:{rest.rpartition(' ')[0]}"
    else:
        return None
    return Recorded(path, expected, is_configuration=path.startswith("/etc/"))


PORTAGE_DIGESTS = DigestReader(
    name="portage", wants=("/var/db/pkg/*/*/CONTENTS",), max_size=32 << 20, read=read
)
