"""Lists that Python packages keep in files of their own into what they say.

Formats: https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html#requires-txt (what an egg
asks for, under headings of extras and conditions), and the pins of a `_vendor` folder, which are
requirements of pip: https://pip.pypa.io/en/stable/reference/requirements-file-format/
Where a package came from, if not from an index, is in direct_url.json:
https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lading.catalog.wording import word

VENDOR_LISTS = ("vendor.txt", "vendored.txt", "patched.txt")
"""Names of the files that pin what is in a folder of vendored copies."""

_VENDORED = re.compile(
    r"(.*)/(?:_vendor|_vendored|(?<=/pipenv/)(?:vendor|patched))(?:/.*)?", re.DOTALL
)
VENDORED_MODULES = tuple(
    f"**/{package}/_vendor/{module}.py"
    for package in ("setuptools", "pkg_resources")
    for module in (
        "appdirs", "more_itertools/__init__", "ordered_set", "packaging/__about__",
        "packaging/__init__", "platformdirs/version", "pyparsing", "pyparsing/__init__",
        "tomli/__init__",
    )
)  # fmt: skip
"""Globs of the modules that state their version, of those that setuptools has vendored."""

_COPY = re.compile(
    r".*/(?:setuptools|pkg_resources)/_vendor/(\w+?)(?:\.py|/(?:__init__|__about__|version)\.py)",
    re.DOTALL,
)
_STATED = re.compile(
    r"""^__version__[ ]*=(?:[ ]*version[ ]*=)?[ ]*["']([^"'\n]+)["']"""
    r"""|^__version_info__[ ]*=[ ]*(?:version_info)?\((\d+),[ ]*(\d+),[ ]*(\d+)""",
    re.MULTILINE,
)
_LONGEST_HEAD = 64 << 10  # characters that are searched for it
_HEADING = re.compile(r"\[([^\[\]:]*)(?::(.*))?\]", re.DOTALL)
_NAMED = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\[\]]*\])?\s*(?:===?\s*([^\s;,#]+))?"
)
_SECRET = re.compile(r"//[^/@]*@")
_COMMENT = re.compile(r"(?:^|\s)#.*")


class Pin(NamedTuple):
    """A line of a vendored list."""

    name: str
    version: str | None  # None: the line does not pin one


def vendored_in(path: str) -> str | None:
    """Return the folder of the package whose vendored copies the path is among, if it is."""
    found = _VENDORED.fullmatch(path)
    return found[1] if found else None


def site_of(path: str) -> str | None:
    """Return the folder above `x.dist-info`, `x.egg-info` or `x.egg`; None for a lock file.

    A list of vendored copies speaks of its own folder, and so do the copies.
    """
    folder, _, name = path.rpartition("/")
    if name in VENDOR_LISTS:
        return folder
    if name.endswith(".py") and (inside := vendored_in(path)) is not None:
        return f"{inside}/{path[len(inside) + 1 :].partition('/')[0]}"
    for folder in (".egg/EGG-INFO/", ".egg!/EGG-INFO/", "/"):
        before, found, file = path.rpartition(folder)
        if found and (file in ("METADATA", "PKG-INFO") or file.endswith(".egg-info")):
            return before if file.endswith(".egg-info") else before.rpartition("/")[0]
    return None


def origin(fields: Mapping[str, object]) -> str | None:
    """Return the address, with system and revision of a version control; never its password."""
    url = word(fields.get("url"))
    if url is None:
        return None
    url = _SECRET.sub("//", url, count=1)
    control = fields.get("vcs_info")
    if isinstance(control, dict) and (system := word(control.get("vcs"))):
        revision = word(control.get("commit_id"))
        return word(f"{system}+{url}" + (f"@{revision}" if revision else ""))
    return url


def vendored_module(path: str, text: str) -> Pin | None:
    """Return what a module that setuptools vendors says it is, before setuptools kept metadata."""
    name = _COPY.fullmatch(path)
    stated = _STATED.search(text[:_LONGEST_HEAD]) if name else None
    if name is None or stated is None:
        return None
    return Pin(name[1], word(stated[1] or ".".join(stated.group(2, 3, 4))))


def required(text: str) -> Iterator[str]:
    """Yield the requirements of a requires.txt as core metadata writes them."""
    condition = ""
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if heading := _HEADING.fullmatch(line):
            condition = _condition(heading[1].strip(), (heading[2] or "").strip())
        else:
            yield f"{line} ; {condition}" if condition else line


def _condition(extra: str, marker: str) -> str:
    is_extra = f'extra == "{extra}"'
    if not extra:
        return marker
    return f"({marker}) and {is_extra}" if marker else is_extra


def pinned(text: str) -> Iterator[Pin | None]:
    """Yield what each line names; None for a line that names nothing."""
    for line in text.splitlines():
        stated = _COMMENT.sub("", line).strip()
        if not stated:
            continue
        found = _NAMED.match(stated)
        name = word(found[1]) if found else None
        yield Pin(name, word(found[2])) if found and name else None
