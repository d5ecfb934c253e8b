"""What Gemfile.lock declares.

Format: https://bundler.io/guides/rationale.html#checking-your-code-into-version-control:
sections, with resolved gems as `    NAME (VERSION[-PLATFORM])` below `specs:`, and what each asks
for two blanks deeper. Gems of the section PATH are the project's own.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

_GEM = re.compile(r"    (\S+) \(([^)\s-]+)(?:-[^)\s]+)?\)")
_NEEDED = re.compile(r"      (\S+)(?: \(.*\))?")
_SECTION = re.compile(r"[A-Z][A-Z ]*")


def read_ruby_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError when it has no section of gems."""
    if not is_own(file.path):
        return
    lines = bytes(file.data).decode("utf-8", "replace").splitlines()
    if not {"GEM", "GIT", "PATH"} & {line.rstrip() for line in lines}:
        raise CatalogError(f"{file.path}: it has no section of gems")
    yield from declare("gem", file.path, _rows(lines))


def _rows(lines: list[str]) -> Iterator[tuple[object, ...]]:
    section = ""
    gems: list[tuple[str, str, list[str]]] = []
    for line in lines:
        if _SECTION.fullmatch(line.rstrip()):
            section = line.rstrip()
        elif section not in ("GEM", "GIT"):
            continue
        elif found := _GEM.fullmatch(line.rstrip()):
            gems.append((found[1], found[2], []))
        elif gems and (found := _NEEDED.fullmatch(line.rstrip())):
            gems[-1][2].append(found[1])
    yield from gems


RUBY_LOCK = Cataloger(
    name="ruby-lock",
    revision=2,
    wants=("**/Gemfile.lock", "**/gems.locked"),
    max_size=16 << 20,
    read=read_ruby_lock,
)
