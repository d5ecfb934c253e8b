"""What yarn.lock declares.

Formats: https://classic.yarnpkg.com/en/docs/yarn-lock (`version "1.0"`) and that of Yarn 2
(`version: 1.0`, `resolution: "NAME@npm:VERSION"`, `linkType: soft` for the project's own parts).
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.outline import scalar
from lading.errors import CatalogError
from lading.model.package import Fact

_FACT = re.compile(r"  (version|resolution|linkType):? +(\S.*)")


def read_yarn_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for bytes that are no UTF-8."""
    if not is_own(file.path):
        return
    try:
        text = bytes(file.data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError(f"{file.path}: it is no UTF-8 text") from error
    yield from declare("npm", file.path, _rows(text.splitlines()))


def _rows(lines: list[str]) -> Iterator[tuple[object, object]]:
    head = ""
    facts: dict[str, str] = {}
    for line in [*lines, "end:"]:
        if line[:1] not in ("", " ", "#"):
            yield from _row(head, facts)
            head, facts = line.rstrip().removesuffix(":"), {}
        elif found := _FACT.fullmatch(line):
            facts[found[1]] = scalar(found[2].strip())


def _row(head: str, facts: dict[str, str]) -> Iterator[tuple[object, object]]:
    if not head or head == "__metadata" or facts.get("linkType") == "soft":
        return
    resolution = facts.get("resolution", "")
    if not resolution:
        yield _name(scalar(head.partition(", ")[0])), facts.get("version")
    elif "@workspace:" not in resolution:
        yield _name(resolution), facts.get("version")


def _name(descriptor: str) -> str:
    """Return the name in `NAME@RANGE`, or in `ALIAS@npm:NAME@RANGE`."""
    name, at, range = descriptor[1:].partition("@")
    aliased = range.removeprefix("npm:")
    if at and aliased != range and "@" in aliased[1:]:
        descriptor, name = aliased, aliased[1:].partition("@")[0]  # aliases of aliases are none
    return descriptor[:1] + name


YARN_LOCK = Cataloger(name="yarn-lock", revision=1, wants=("**/yarn.lock",), read=read_yarn_lock)
