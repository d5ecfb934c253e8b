"""A NuGet package file into its package, from the .nuspec in it.

Format: https://learn.microsoft.com/nuget/reference/nuspec
"""

from collections.abc import Iterator

from lading.catalog.archive import Archive
from lading.catalog.archives.record import LARGEST_FILE, LARGEST_RECORD, standing_for
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.catalog.xml_document import Element, read_elements
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_METADATA = ("package", "metadata")


def read_nuget(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for what is no NuGet package, or damaged."""
    elements = read_elements(f"{file.path}!/.nuspec", _nuspec(file))
    fields = {one.place[2]: one for one in elements if one.place[:2] == _METADATA and one.place[2:]}
    name, version = _text(fields, "id"), _text(fields, "version")
    if name is None or version is None:
        raise refuse(file.path, "id" if name is None else "version", None)
    licence = fields.get("license")
    is_expression = licence is not None and licence.attributes.get("type") == "expression"
    package = Package(
        type="nuget",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([licence.text]) if licence is not None and is_expression else (),
        requires=words(
            [one.attributes.get("id") for one in elements if one.place[-1] == "dependency"]
        ),
        vendor=_text(fields, "authors"),
    )
    yield from standing_for(file, (package,))


def _text(fields: dict[str, Element], name: str) -> str | None:
    return word(fields[name].text) if name in fields else None


def _nuspec(file: ImageFile) -> bytes:
    archive = Archive(file.path, file.data)
    for entry in archive.entries():
        if entry.name.lower().endswith(".nuspec") and "/" not in entry.name:
            if entry.size > LARGEST_RECORD:
                break
            return bytes(archive.read(entry))
    raise CatalogError(f"{file.path}: a NuGet package without a .nuspec")


NUGET_FILE = Cataloger(
    name="nuget-file", revision=1, wants=("**/*.nupkg",), max_size=LARGEST_FILE, read=read_nuget
)
