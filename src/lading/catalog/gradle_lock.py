"""What gradle.lockfile declares.

Format: https://docs.gradle.org/current/userguide/dependency_locking.html: `GROUP:NAME:VERSION=` and
the configurations that use it. What only tests use is left out.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.model.package import Fact


def read_gradle_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for lines that are not understood."""
    if is_own(file.path):
        text = bytes(file.data).decode("utf-8", "replace")
        yield from declare("maven", file.path, _rows(text.splitlines()))


def _rows(lines: list[str]) -> Iterator[tuple[object, object]]:
    for line in lines:
        module, _, users = line.strip().partition("=")
        if not module or module.startswith("#") or module == "empty":
            continue
        if users and all(user.startswith("test") for user in users.split(",")):
            continue
        parts = module.split(":")
        yield (":".join(parts[:2]), parts[2]) if len(parts) == 3 and all(parts) else (None, None)


GRADLE_LOCK = Cataloger(
    name="gradle-lock",
    revision=1,
    wants=("**/gradle.lockfile",),
    max_size=8 << 20,
    read=read_gradle_lock,
)
