"""What go.mod declares.

Format: https://go.dev/ref/mod#go-mod-file (`require`, and `replace` by another module or version; a
module replaced by a folder is the project's own).
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

_BLOCK = re.compile(r"(require|replace|exclude|retract|tool|godebug|ignore)\s*\(")
Replacements = dict[tuple[str, str], tuple[str, str]]


def read_go_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file asks for; raises CatalogError when it names no module."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8", "replace")
    lines = list(_directives(text))
    if not any(words[0] == "module" for words in lines):
        raise CatalogError(f"{file.path}: it names no module")
    yield from declare("golang", file.path, _rows(lines))


def _directives(text: str) -> Iterator[list[str]]:
    """Yield the words of each directive; those in a block begin with the block's own."""
    block = ""
    for line in text.splitlines():
        bare = line.partition("//")[0].strip()
        if not bare:
            continue
        if found := _BLOCK.fullmatch(bare):
            block = found[1]
        elif bare == ")":
            block = ""
        else:
            words = [word.strip('"`') for word in bare.split()]
            yield [block, *words] if block else words


def _rows(lines: list[list[str]]) -> Iterator[tuple[object, object]]:
    replaced: Replacements = {}
    for directive, *words in lines:
        if directive == "replace" and "=>" in words:
            arrow = words.index("=>")
            old, new = words[:arrow], words[arrow + 1 :]
            replaced[_pair(old)] = _pair(new)
    for directive, *words in lines:
        if directive == "require":
            name, version = _pair(words)
            name, version = (
                replaced.get((name, version)) or replaced.get((name, "")) or (name, version)
            )
            if not name.startswith((".", "/")):
                yield name, version


def _pair(words: list[str]) -> tuple[str, str]:
    return (words[0] if words else ""), (words[1] if len(words) > 1 else "")


GO_LOCK = Cataloger(
    name="go-lock", revision=1, wants=("**/go.mod",), max_size=4 << 20, read=read_go_lock
)
