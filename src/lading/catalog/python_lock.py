"""What Python's lock files declare.

Formats: https://github.com/pypa/pipfile (Pipfile.lock), https://python-poetry.org/docs/basic-usage/
(poetry.lock), https://pdm-project.org/en/latest/usage/lockfile/ (pdm.lock),
https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile (uv.lock),
https://packaging.python.org/en/latest/specifications/pylock-toml/ (pylock.toml), and of
https://pip.pypa.io/en/stable/reference/requirements-file-format/ those lines that pin a version.
What only development needs is left out where a file, or its name, says so.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.document import read_object
from lading.catalog.toml_document import read_toml, tables
from lading.catalog.wording import words
from lading.errors import CatalogError
from lading.model.package import Fact

Rows = Iterator[tuple[object, ...]]

_PIN = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;,#\\*]+)\s*(?:[;#\\]|--|\Z)"
)
_WORD = re.compile(r"[a-z]+")
_LONGEST = 4096  # characters of a line
_DEVELOPMENT = {"dev", "development", "doc", "docs", "lint", "test", "testing", "tests", "typing"}
_TERMS = {"marker", "markers", "optional", "python"}


def read_python_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    name = file.path.rpartition("/")[2]
    if name == "Pipfile.lock":
        rows = _pipfile(file.path, read_object(file.path, file.data))
    elif name.endswith(".txt") and _DEVELOPMENT & set(_WORD.findall(name.lower())):
        return
    elif name.endswith(".txt"):
        rows = _pinned(_text(bytes(file.data)))
    else:
        rows = _tables(read_toml(file.path, file.data), is_pdm=name == "pdm.lock")
    yield from declare("pypi", file.path, rows)


def _pipfile(path: str, document: dict[str, Any]) -> Rows:
    default = document.get("default")
    if not isinstance(default, dict):
        raise CatalogError(f"{path}: it has no default packages")
    for name, row in default.items():
        version = row.get("version") if isinstance(row, dict) else None
        if isinstance(version, str):
            yield name, version.lstrip("= ")
        elif not isinstance(row, dict) or not row.keys() & {"path", "file", "git"}:
            yield name, None


def _tables(document: dict[str, Any], *, is_pdm: bool) -> Rows:
    for row in tables(document, "package") + tables(document, "packages"):
        source = row.get("source")
        is_local = isinstance(source, dict) and source.keys() & {"virtual", "editable", "directory"}
        is_left_out = is_local or _is_development(row, is_pdm=is_pdm)
        if not is_left_out and ("version" in row or source is None):
            yield row.get("name"), row.get("version"), list(_required(row.get("dependencies")))


def _required(dependencies: object) -> Iterator[object]:
    """Yield the names asked for without condition: keys for poetry, tables with a name for others.

    A lock file serves every platform, so conditions are not decided by it.
    """
    if isinstance(dependencies, dict):
        pairs = list(dependencies.items())
    else:
        rows = dependencies if isinstance(dependencies, list) else []
        pairs = [(row.get("name"), row) for row in rows if isinstance(row, dict)]
    for name, terms in pairs:
        if not isinstance(terms, list) and not (isinstance(terms, dict) and terms.keys() & _TERMS):
            yield name


def _is_development(row: dict[str, Any], *, is_pdm: bool) -> bool:
    """Return what poetry says (a category until 1.4, groups since 2.0), or pdm (groups).

    pdm calls what is needed to run `default`, and has a group for each extra, so of its others only
    those count that are called as development's are.
    """
    groups = set(words(row.get("groups")))
    if is_pdm:
        return bool(groups) and groups <= _DEVELOPMENT
    return row.get("category", "main") != "main" or bool(groups and "main" not in groups)


def _text(data: bytes) -> str:
    """Decode a list as pip does: by its mark. PowerShell's `pip freeze > FILE` writes UTF-16."""
    is_wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return data.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def _pinned(text: str) -> Rows:
    for line in text.splitlines():
        if len(line) <= _LONGEST and (found := _PIN.match(line)):
            yield found[1], found[2]


PYTHON_LOCK = Cataloger(
    name="python-lock",
    revision=4,
    wants=(
        "**/Pipfile.lock",
        "**/poetry.lock",
        "**/pdm.lock",
        "**/uv.lock",
        "**/pylock.toml",
        "**/*requirements*.txt",
        "**/requirements/*.txt",
    ),
    max_size=4 << 20,
    read=read_python_lock,
)
