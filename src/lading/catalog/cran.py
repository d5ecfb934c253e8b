"""R packages, from the DESCRIPTION of each that is installed.

Format: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file.
Installing adds the field `Built`; sources have none. Packages of Bioconductor, which is another
repository with its own advisories, have `biocViews` (https://contributions.bioconductor.org/description.html).
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.headers import Fields, first, read_fields
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package

_NAME = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)")
_ASKED = ("depends", "imports", "linkingto")


def read_cran(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; nothing for sources and for other files of this name.

    Raises CatalogError for an installed package without a fit name or version.
    """
    fields = read_fields(bytes(file.data), joint=" ")
    if "built" not in fields:
        return
    name, version = word(first(fields, "package")), word(first(fields, "version"))
    if name is None:
        raise refuse(file.path, "name", first(fields, "package"))
    if version is None:
        raise refuse(file.path, "version", first(fields, "version"))
    yield Package(
        type="bioconductor" if "biocviews" in fields else "cran",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([first(fields, "license")]),
        requires=_requires(fields),
        vendor=word(first(fields, "maintainer")),
    )


def _requires(fields: Fields) -> tuple[str, ...]:
    """Return names without their bounds; R itself is asked for like a package."""
    texts = ",".join(value for key in _ASKED for value in fields.get(key, ())).split(",")
    names = (found[1] for text in texts if (found := _NAME.match(text)))
    return tuple(dict.fromkeys(name for name in names if name != "R"))


CRAN = Cataloger(
    name="cran",
    revision=2,
    wants=("**/DESCRIPTION",),
    max_size=4 << 20,
    read=read_cran,
)
