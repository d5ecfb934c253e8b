"""What packages.lock.json declares.

Format: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
(`dependencies` by framework, then by name; type Project is the solution's own).
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.errors import CatalogError
from lading.model.package import Fact


def read_dotnet_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    frameworks = read_object(file.path, file.data).get("dependencies")
    if not isinstance(frameworks, dict):
        raise CatalogError(f"{file.path}: it has no dependencies")
    yield from declare("nuget", file.path, _rows(frameworks))


def _rows(frameworks: dict[str, Any]) -> Iterator[tuple[object, object]]:
    for listed in frameworks.values():
        for name, row in listed.items() if isinstance(listed, dict) else ():
            if not isinstance(row, dict):
                yield name, None
            elif row.get("type") != "Project":
                yield name, row.get("resolved")


DOTNET_LOCK = Cataloger(
    name="dotnet-lock", revision=1, wants=("**/packages.lock.json",), read=read_dotnet_lock
)
