"""Lua rocks, from the rockspec that LuaRocks keeps of each.

Format: https://github.com/luarocks/luarocks/blob/main/docs/rockspec_format.md; in a tree it lies in
rocks-LUAVERSION/NAME/VERSION, and the folders state name and version. A rockspec is a Lua program:
of it only the literal licence and dependencies are read.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_TEXT = r"(?:\"([^\"\\\n]*)\"|'([^'\\\n]*)')"
_LICENSE = re.compile(rf"(?:^|[\s{{,;])license[ \t]*=[ \t]*{_TEXT}")
_DEPENDENCIES = re.compile(r"^[ \t]*dependencies[ \t]*=[ \t\r\n]*\{([^{}]*)\}", re.MULTILINE)
_STRING = re.compile(_TEXT)
_NAME = re.compile(r"[\w./-]+")


def read_lua(file: ImageFile) -> Iterator[Fact]:
    """Yield the rock that the folders name; raises CatalogError when they name none."""
    folders = file.path.split("/")
    name, version = word(folders[-3]), word(folders[-2])
    if name is None or version is None:
        raise CatalogError(f"{file.path}: its folders have no fit name and version")
    text = bytes(file.data).decode("utf-8", "replace")
    yield Package(
        type="luarocks",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([_string(_LICENSE.search(text))]),
        requires=tuple(_required(text)),
    )


def _required(text: str) -> Iterator[str]:
    found = _DEPENDENCIES.search(text)
    for one in _STRING.finditer(found[1]) if found else ():
        name = _NAME.match(_string(one) or "")
        if name is not None and name[0] != "lua":
            yield name[0]


def _string(found: re.Match[str] | None) -> str | None:
    return found[1] if found and found[1] is not None else found[2] if found else None


LUA = Cataloger(
    name="lua",
    revision=1,
    wants=("**/rocks/*/*/*.rockspec", "**/rocks-*/*/*/*.rockspec"),
    max_size=1 << 20,
    read=read_lua,
)
