"""WordPress, its plugins and its themes, from the heads of their files.

Formats: https://developer.wordpress.org/plugins/plugin-basics/header-requirements/ and
https://developer.wordpress.org/themes/basics/main-stylesheet-style-css/ (lines `Field: value` in
the first 8 KiB), and the assignment to `$wp_version` in wp-includes/version.php. Nothing is run.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package

_HEAD = 8192  # bytes that WordPress itself reads for the fields
_CORE = re.compile(r"^[ \t]*\$wp_version[ \t]*=[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\")", re.MULTILINE)
_FIELD = re.compile(
    r"(?:[ \t]*<\?php)?[ \t/*#@]*"
    r"(Plugin Name|Theme Name|Version|License|Author|Requires Plugins|Template):(.*)",
    re.IGNORECASE,
)


def read_wordpress(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file is the main file of: WordPress, a plugin, a theme; nothing for others.

    Plugins, those that must be used among them, and themes are called by their folder, as their
    directory does, and a plugin that is a single file by that. Raises CatalogError for WordPress
    without a version.
    """
    text = bytes(file.data[: _HEAD if "/wp-content/" in file.path else None]).decode(
        "utf-8", "replace"
    )
    if file.path.endswith("/wp-includes/version.php"):
        found = _CORE.search(text)
        version = word(found[1] or found[2]) if found else None
        if version is None:
            raise refuse(file.path, "version", None)
        yield Package(type="generic", name="wordpress", version=version, paths=(file.path,))
        return
    fields = _fields(text)
    kind, title = (
        ("theme", "theme name") if file.path.endswith(".css") else ("plugin", "plugin name")
    )
    slug = _slug(file.path)
    if fields.get(title) and slug:
        yield Package(
            type="generic",
            name=f"wordpress-{kind}/{slug}",
            version=word(fields.get("version")),
            paths=(file.path,),
            licenses=words([fields.get("license")]),
            requires=_asked(kind, fields),
            vendor=word(fields.get("author")),
        )


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in re.split(r"[\r\n]+", text):
        if found := _FIELD.match(line):
            value = found[2].partition("*/")[0].partition("?>")[0].strip()
            fields.setdefault(found[1].lower(), value)
    return fields


def _asked(kind: str, fields: dict[str, str]) -> tuple[str, ...]:
    """Return the plugins that a plugin needs, or the theme that a theme is made from."""
    stated = fields.get("template" if kind == "theme" else "requires plugins", "")
    return tuple(f"wordpress-{kind}/{slug}" for slug in words(stated.split(",")))


def _slug(path: str) -> str | None:
    parts = path.rpartition("/wp-content/")[2].split("/")  # plugins, folder, file
    return word(parts[1].removesuffix(".php") if len(parts) > 1 else None)


WORDPRESS = Cataloger(
    name="wordpress",
    revision=2,
    wants=(
        "**/wp-includes/version.php",
        "**/wp-content/plugins/*.php",
        "**/wp-content/plugins/*/*.php",
        "**/wp-content/mu-plugins/*.php",
        "**/wp-content/themes/*/style.css",
    ),
    max_size=16 << 20,
    read=read_wordpress,
)
