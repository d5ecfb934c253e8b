"""Julia packages that a depot holds, and what a Manifest.toml declares.

Formats: https://pkgdocs.julialang.org/v1/toml-files/: packages/NAME/SLUG/Project.toml of a depot
states `name`, `uuid` and `version`; a manifest has arrays of tables by name, in `deps` since its
version 2. Entries without a version belong to Julia itself.
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
    else:
        yield _package(file.path, read_toml(file.path, file.data))


def _rows(document: dict[str, Any]) -> Iterator[tuple[object, object]]:
    listed = document.get("deps") if "manifest_format" in document else document
    for name in listed if isinstance(listed, dict) else ():
        for row in tables(listed, name) if isinstance(listed, dict) else ():
            if "version" in row and "path" not in row:
                yield name, row["version"]


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
    revision=1,
    wants=("**/packages/*/*/Project.toml", "**/Manifest.toml"),
    max_size=4 << 20,
    read=read_julia,
)
