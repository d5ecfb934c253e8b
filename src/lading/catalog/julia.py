"""Julia packages that a depot or Julia itself holds, and what a Manifest.toml declares.

Formats: https://pkgdocs.julialang.org/v1/toml-files/: packages/NAME/SLUG/Project.toml of a depot
states `name`, `uuid` and `version`, and so does share/julia/stdlib/vMINOR/NAME/Project.toml of
Julia; a manifest has arrays of tables by name, in `deps` since its version 2. What has no version
in the last two is of Julia's own version.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.toml_document import read_toml, tables
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package


def read_julia(file: ImageFile) -> Iterator[Fact]:
    """Yield the package of a depot, or what a manifest asks for.

    Raises CatalogError for what is no TOML, and for a package without a fit name or version.
    """
    if file.path.endswith("/Manifest.toml"):
        if is_own(file.path):
            yield from declare("julia", file.path, _rows(read_toml(file.path, file.data)))
        return
    project = read_toml(file.path, file.data)
    if "version" in project or "/stdlib/" not in file.path:
        yield _package(file.path, project)


def _rows(document: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    listed = document.get("deps") if "manifest_format" in document else document
    for name in listed if isinstance(listed, dict) else ():
        for row in tables(listed, name) if isinstance(listed, dict) else ():
            if "version" in row and "path" not in row:
                yield name, row["version"], row.get("deps")


def _package(path: str, project: dict[str, Any]) -> Package:
    name, version = word(project.get("name")), word(project.get("version"))
    if name is None:
        raise refuse(path, "name", project.get("name"))
    if version is None:
        raise refuse(path, "version", project.get("version"))
    return Package(
        type="julia",
        name=name,
        version=version,
        paths=(path,),
        requires=words(project.get("deps")),
    )


JULIA = Cataloger(
    name="julia",
    revision=2,
    wants=(
        "**/packages/*/*/Project.toml",
        "**/share/julia/stdlib/*/*/Project.toml",
        "**/Manifest.toml",
    ),
    max_size=4 << 20,
    read=read_julia,
)
