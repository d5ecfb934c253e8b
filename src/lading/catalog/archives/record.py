"""A package file's own record into the facts that the file itself stands for.

The evidence is `content`: the file is the package, and nothing says that it was installed.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from lading.catalog.cataloger import ImageFile
from lading.errors import CatalogError, ImageError
from lading.image.inflate import inflated
from lading.image.limits import Limits
from lading.image.tar_file import TarFile, files_of_tar
from lading.model.package import Evidence, Fact, Ownership, Package

LARGEST_RECORD = 16 << 20  # bytes
LARGEST_FILE = 512 << 20


def standing_for(file: ImageFile, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the packages among the facts as what the file is, which owns what lies inside it."""
    digest = hashlib.sha256(file.data).hexdigest()
    for fact in facts:
        if isinstance(fact, Package):
            yield replace(
                fact,
                paths=(file.path,),
                evidence=Evidence.CONTENT,
                hashes=(f"sha256:{digest}",),
            )
            yield Ownership(
                type=fact.type,
                name=fact.name,
                version=fact.version,
                arch=fact.arch,
                paths=(file.path,),
            )


@contextmanager
def opening(path: str) -> Iterator[None]:
    """Name the file in the CatalogError that a damaged archive becomes."""
    try:
        yield
    except ImageError as error:
        raise CatalogError(f"{path}: {error}") from error


def packed_files(file: ImageFile, data: memoryview | None = None) -> Iterator[TarFile]:
    """Yield the small files of a tar, packed or not: of `data`, or of the whole file.

    Raise ImageError where it is damaged.
    """
    stretch = memoryview(file.data) if data is None else data
    name = file.path.rpartition("/")[2]
    return files_of_tar(inflated(stretch, name, Limits()), name, largest=LARGEST_RECORD)


def part(file: ImageFile, name: str, data: bytes) -> ImageFile:
    """Return a file inside the package file."""
    return ImageFile(path=f"{file.path}!/{name}", data=data, mode=0o644)
