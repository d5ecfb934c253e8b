"""Haskell packages, from GHC's package databases, and those of cabal's store and of stack.

Format: https://downloads.haskell.org/ghc/latest/docs/users_guide/packages.html#installedpackageinfo-a-package-specification
Each entry is a unit, which asks for other units by their ids: of two builds of a package, only one
is meant. A library within a package (`name: z-PACKAGE-z-LIBRARY`) is of the package.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.headers import first, read_fields
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package


def read_haskell(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that is registered; raises CatalogError when name or version is unfit."""
    # Texts in it have blank lines, which the reader of fields takes for the end.
    data = b"\n".join(line for line in bytes(file.data).split(b"\n") if line.strip())
    fields = read_fields(data, joint=" ")
    name = word(first(fields, "package-name")) or word(first(fields, "name"))
    version = word(first(fields, "version"))
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
        requires=words(units),
        provides=words([first(fields, "id")]),
        vendor=word(first(fields, "maintainer")),
    )


HASKELL = Cataloger(
    name="haskell",
    revision=2,
    wants=("**/package.conf.d/*.conf", "**/package.db/*.conf", "**/pkgdb/*.conf"),
    max_size=4 << 20,
    read=read_haskell,
)
