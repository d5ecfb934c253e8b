"""A gem as a file into its package, from metadata.gz in it.

Format: https://guides.rubygems.org/specification-reference/. The metadata is YAML as RubyGems
writes it; of it only plain lines are read.
"""

import re
import zlib
from collections.abc import Iterator

from lading.catalog.archives.record import (
    LARGEST_FILE,
    LARGEST_RECORD,
    opening,
    packed_files,
    standing_for,
)
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_NAME = re.compile(r"^name: (.+)$", re.MULTILINE)
_VERSION = re.compile(r"^version: .*\n  version: (.+)$", re.MULTILINE)
_LICENCES = re.compile(r"^licenses:\n((?:- .+\n)*)", re.MULTILINE)
_NEEDED = re.compile(
    r"^- !ruby/object:Gem::Dependency\n  name: (.+)\n(?:  .*\n)*?  type: :runtime$", re.MULTILINE
)


def read_gem(file: ImageFile) -> Iterator[Fact]:
    """Yield the gem; raises CatalogError for what is no gem, or damaged."""
    text = _metadata(file)
    name, version = _first(_NAME, text), _first(_VERSION, text)
    if name is None:
        raise refuse(file.path, "name", None)
    found = _LICENCES.search(text)
    licences = [_bare(line[2:]) for line in found[1].splitlines()] if found else []
    package = Package(
        type="gem",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words(licences),
        requires=words([_bare(one) for one in _NEEDED.findall(text)]),
    )
    yield from standing_for(file, (package,))
    if version is None:
        raise refuse(file.path, "version", None)


def _metadata(file: ImageFile) -> str:
    with opening(file.path):
        for one in packed_files(file):
            if one.name == "metadata.gz":
                return _unpacked(file.path, one.data).decode("utf-8", "replace")
    raise CatalogError(f"{file.path}: a gem without metadata.gz")


def _unpacked(path: str, data: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, LARGEST_RECORD)
    except zlib.error as error:
        raise CatalogError(f"{path}: its metadata.gz is damaged ({error})") from error


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return word(_bare(found[1])) if found else None


def _bare(value: str) -> str:
    """Return a scalar without its quotes."""
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


GEM_FILE = Cataloger(
    name="gem-file", revision=1, wants=("**/*.gem",), max_size=LARGEST_FILE, read=read_gem
)
