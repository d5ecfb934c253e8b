"""Homebrew formulae, from the receipt in the keg of each.

Format: https://docs.brew.sh/Formula-Cookbook#homebrew-terminology (a keg is
Cellar/NAME/VERSION) and
https://github.com/Homebrew/brew/blob/master/Library/Homebrew/tab.rb (INSTALL_RECEIPT.json).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package


def read_homebrew(file: ImageFile) -> Iterator[Fact]:
    """Yield the formula that the keg holds; its folders state name and version.

    Raises CatalogError for a receipt that is no JSON object: the formula was yielded before,
    without what it needs.
    """
    folders = file.path.split("/")
    name, version = word(folders[-3]), word(folders[-2])
    if name is None or version is None:
        raise CatalogError(f"{file.path}: its folders have no fit name and version")
    package = Package(type="generic", name=name, version=version, paths=(file.path,))
    try:
        receipt = read_object(file.path, file.data)
    except CatalogError:
        yield package
        raise
    source = receipt.get("source")
    yield replace(
        package,
        arch=word(receipt.get("arch")),
        requires=_requires(receipt),
        repository=word(source.get("tap")) if isinstance(source, dict) else None,
    )


def _requires(receipt: dict[str, Any]) -> tuple[str, ...]:
    """Return names of formulae; those of other taps are written user/tap/name."""
    listed = receipt.get("runtime_dependencies")
    rows = listed if isinstance(listed, list) else []
    names = words([row.get("full_name") for row in rows if isinstance(row, dict)])
    return tuple(dict.fromkeys(name.rpartition("/")[2] for name in names))


HOMEBREW = Cataloger(
    name="homebrew",
    revision=2,
    wants=("**/Cellar/*/*/INSTALL_RECEIPT.json",),
    max_size=16 << 20,
    read=read_homebrew,
)
