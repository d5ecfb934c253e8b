"""Haskell packages, from GHC's package databases.

Format: https://downloads.haskell.org/ghc/latest/docs/users_guide/packages.html#installedpackageinfo-a-package-specification
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.headers import first, read_fields
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package

_UNIT = re.compile(r"(.+?)-[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z]+)?")


def read_haskell(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that is registered; raises CatalogError when name or version is unfit."""
    # Texts in it have blank lines, which the reader of fields takes for the end.
    data = b"\n".join(line for line in bytes(file.data).split(b"\n") if line.strip())
    fields = read_fields(data, joint=" ")
    name, version = word(first(fields, "name")), word(first(fields, "version"))
    if name is None:
        raise refuse(file.path, "name", first(fields, "name"))
    if version is None:
        raise refuse(file.path, "version", first(fields, "version"))
    units = (first(fields, "depends") or "").split()
    yield Package(
        type="hackage",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([first(fields, "license")]),
        requires=words([_named(unit) for unit in units]),
        vendor=word(first(fields, "maintainer")),
    )


def _named(unit: str) -> str:
    """Return `bytestring-0.11.4.0-2x4…` as `bytestring`."""
    found = _UNIT.fullmatch(unit)
    return found[1] if found else unit


HASKELL = Cataloger(
    name="haskell",
    revision=1,
    wants=("**/package.conf.d/*.conf",),
    max_size=4 << 20,
    read=read_haskell,
)
