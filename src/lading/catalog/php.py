"""PHP packages, from the list of what Composer installed.

Format: https://getcomposer.org/doc/ (vendor/composer/installed.json): a list of packages in
Composer 1, an object with that list as `packages` in Composer 2.
"""

import re
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_json
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_SECRET = re.compile(r"//[^/@]*@")


def read_php(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages of the list.

    Raises CatalogError when it is no such list, and, after the others were yielded, for packages
    without a name.
    """
    document = read_json(file.path, file.data)
    listed = document.get("packages") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise CatalogError(f"{file.path}: no list of packages")
    unfit = 0
    for row in listed:
        name = word(row.get("name")) if isinstance(row, dict) else None
        if name is None:
            unfit += 1
        else:
            yield _package(file.path, name, row)
    if unfit:
        raise CatalogError(f"{file.path}: {unfit} packages in it have no fit name")


def _package(path: str, name: str, row: dict[str, Any]) -> Package:
    license = row.get("license")
    return Package(
        type="composer",
        name=name,
        version=word(row.get("version")),
        paths=(path,),
        licenses=words(license if isinstance(license, list) else [license]),
        # PHP itself and its extensions are asked for by names without a vendor.
        requires=tuple(one for one in words(row.get("require")) if "/" in one),
        repository=_origin(row),
        provides=(*words(row.get("replace")), *words(row.get("provide"))),
    )


def _origin(row: dict[str, Any]) -> str | None:
    """Return the repository and revision of what is no release but the state of a branch."""
    source = row.get("source")
    if not isinstance(source, dict) or not str(row.get("version")).startswith("dev-"):
        return None
    kind, url = word(source.get("type")), word(source.get("url"))
    revision = word(source.get("reference"))
    return word(f"{kind}+{_SECRET.sub('//', url, count=1)}@{revision}") if url else None


PHP = Cataloger(
    name="php",
    revision=2,
    wants=("**/composer/installed.json",),
    read=read_php,
)
