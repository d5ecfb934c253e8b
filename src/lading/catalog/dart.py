"""Dart packages in pub's cache, from the pubspec.yaml of each.

Format: https://dart.dev/tools/pub/pubspec and
https://dart.dev/tools/pub/environment-variables#pub_cache: hosted/HOST/NAME-VERSION, in which a
name has no dash. The folder states name and version; of the file only what is asked for is read.
"""

from collections.abc import Iterator
from dataclasses import replace

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.outline import read_outline
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package


def read_dart(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that the folder names.

    Raises CatalogError when it names none, and, after the package was yielded without what it asks
    for, for a file that is no YAML.
    """
    folder = file.path.split("/")[-2]
    stated_name, _, stated_version = folder.partition("-")
    name, version = word(stated_name), word(stated_version)
    if name is None or version is None:
        raise refuse(file.path, "name and version", folder)
    package = Package(type="pub", name=name, version=version, paths=(file.path,))
    try:
        outline = read_outline(file.path, file.data)
    except CatalogError:
        yield package
        raise
    asked = [keys[1] for keys, _ in outline.rows if keys[0] == "dependencies" and len(keys) == 2]
    yield replace(package, requires=words(asked))


DART = Cataloger(
    name="dart",
    revision=1,
    wants=("**/hosted/*/*/pubspec.yaml",),
    max_size=1 << 20,
    read=read_dart,
)
