"""Conda packages, from the record of each in an environment, and the files it linked there.

Format: https://docs.conda.io/projects/conda/en/stable/dev-guide/specs (conda-meta/*.json: `files`
are below the environment's prefix).
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.owned import Allowance
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package


def read_conda(file: ImageFile) -> Iterator[Fact]:
    """Yield the package of a record and its files.

    Raises CatalogError for what is no JSON object, or has no fit name or version, and, after the
    package was yielded, for an absurdly long list of files.
    """
    record = read_object(file.path, file.data)
    name, version = word(record.get("name")), word(record.get("version"))
    if name is None:
        raise refuse(file.path, "name", record.get("name"))
    if version is None:
        raise refuse(file.path, "version", record.get("version"))
    yield Package(
        type="conda",
        name=name,
        version=version,
        paths=(file.path,),
        arch=word(record.get("subdir")),
        licenses=words([record.get("license")]),
        requires=_names(record),
    )
    prefix = file.path.rpartition("/conda-meta/")[0]
    listed = record.get("files")
    paths = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    characters = len(prefix) * len(paths) + sum(map(len, paths))
    if not Allowance(len(file.data)).take(len(paths), characters):
        raise CatalogError(f"{file.path}: its files make a list of absurd length")
    if paths:
        owned = tuple(f"{prefix}/{one}" for one in paths)
        yield Ownership(type="conda", name=name, version=version, paths=owned)


def _names(record: dict[str, Any]) -> tuple[str, ...]:
    """Return `python >=3.8` as `python`; names with two underscores stand for the machine."""
    names = (text.split()[0] for text in words(record.get("depends")))
    return tuple(dict.fromkeys(name for name in names if not name.startswith("__")))


CONDA = Cataloger(
    name="conda",
    revision=1,
    wants=("**/conda-meta/*.json",),
    max_size=64 << 20,
    read=read_conda,
)
