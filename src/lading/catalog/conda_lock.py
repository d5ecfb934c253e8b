"""What environments of conda declare.

Formats: https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
(environment.yml: entries `NAME=VERSION` or `NAME==VERSION`, and pip's pins below `pip:`),
https://conda.github.io/conda-lock/ (conda-lock.yml: entries with `name`, `version`, `manager`) and
https://pixi.sh/latest/workspace/lockfile/ (pixi.lock: `conda:` addresses of packages, `pypi:`
entries with `name` and `version`). Of environment.yml only versions without a star are pins.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

Rows = list[tuple[object, ...]]

_ENTRY = re.compile(
    r"( *)- (?:[^\s:]+::)?([A-Za-z0-9._-]+)(?:\[[^\]]*\])? ?(={1,2}) ?([^\s=,*|]+)(=\S+)?"
)
_PIP = re.compile(r"( *)- pip:")
_PACKAGE = re.compile(r"^- ", re.MULTILINE)
_FIELD = re.compile(
    r"^(?:- |  )(name|version|manager|category|conda|pypi): ['\"]?([^\s'\"]+)", re.MULTILINE
)
_LONGEST = 2048  # characters of an address
_FILE = re.compile(r".*/([^/]+)-([^/-]+)-[^/-]+\.(?:conda|tar\.bz2)")


def read_conda_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file asks for; raises CatalogError for a lock file that lists no packages."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8-sig", "replace")
    rows = _pinned(text) if "/environment." in file.path else _locked(file.path, text)
    for type in ("conda", "pypi"):
        yield from declare(type, file.path, rows[type])


def _pinned(text: str) -> dict[str, Rows]:
    """Return the pins of an environment; what is indented below `pip:` is pip's."""
    rows: dict[str, Rows] = {"conda": [], "pypi": []}
    pip_at: int | None = None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if pip_at is not None and line.strip() and indent <= pip_at:
            pip_at = None
        if found := _PIP.match(line):
            pip_at = len(found[1])
        elif found := _ENTRY.fullmatch(line.split(" #")[0].rstrip()):
            # pip's `=` alone is no pin.
            if pip_at is None:
                rows["conda"].append((found[2], found[4]))
            elif found[3] == "==":
                rows["pypi"].append((found[2], found[4]))
    return rows


def _locked(path: str, text: str) -> dict[str, Rows]:
    """Return the packages of a lock file, entry by entry, without those for development."""
    _, packages, listed = text.partition("\npackage")
    if not packages:
        raise CatalogError(f"{path}: it lists no packages")
    rows: dict[str, Rows] = {"conda": [], "pypi": []}
    for entry in _PACKAGE.split(listed)[1:]:
        fields = dict(_FIELD.findall(f"- {entry}"))
        if found := _FILE.fullmatch(fields.get("conda", "")[:_LONGEST]):
            rows["conda"].append((found[1], found[2]))
        elif fields.get("category", "main") == "main" and "conda" not in fields:
            is_pip = "pypi" in fields or fields.get("manager") == "pip"
            row = (fields.get("name"), fields.get("version"))
            rows["pypi" if is_pip else "conda"].append(row)
    return rows


CONDA_LOCK = Cataloger(
    name="conda-lock",
    revision=1,
    wants=("**/environment.yml", "**/environment.yaml", "**/conda-lock.yml", "**/pixi.lock"),
    max_size=32 << 20,
    read=read_conda_lock,
)
