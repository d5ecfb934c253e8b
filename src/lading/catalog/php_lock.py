"""What composer.lock declares.

Format: https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control
(`packages`; `packages-dev` are for development and left out).
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact


def read_php_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    listed = read_object(file.path, file.data).get("packages")
    if not isinstance(listed, list):
        raise CatalogError(f"{file.path}: it has no list of packages")
    rows = (row if isinstance(row, dict) else {} for row in listed)
    found = ((row.get("name"), row.get("version"), row.get("require")) for row in rows)
    yield from declare("composer", file.path, found)


PHP_LOCK = Cataloger(name="php-lock", revision=2, wants=("**/composer.lock",), read=read_php_lock)
