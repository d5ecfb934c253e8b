"""A NuGet package file into its package, from the .nuspec in it.

Format: https://learn.microsoft.com/nuget/reference/nuspec
"""

from collections.abc import Iterator
from xml.parsers import expat

from lading.catalog.archive import Archive
from lading.catalog.archives.record import LARGEST_FILE, LARGEST_RECORD, standing_for
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_METADATA = ["package", "metadata"]


def read_nuget(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for what is no NuGet package, or damaged."""
    spec = _Spec(file.path)
    spec.read(_nuspec(file))
    name, version = word(spec.fields.get("id")), word(spec.fields.get("version"))
    if name is None or version is None:
        raise refuse(file.path, "id" if name is None else "version", None)
    package = Package(
        type="nuget",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([spec.fields.get("license")]),
        requires=words(spec.required),
        vendor=word(spec.fields.get("authors")),
    )
    yield from standing_for(file, (package,))


def _nuspec(file: ImageFile) -> bytes:
    archive = Archive(file.path, file.data)
    for entry in archive.entries():
        if entry.name.lower().endswith(".nuspec") and "/" not in entry.name:
            if entry.size > LARGEST_RECORD:
                break
            return bytes(archive.read(entry))
    raise CatalogError(f"{file.path}: a NuGet package without a .nuspec")


class _Spec:
    """Collects the texts of `metadata`, and the ids of its dependencies."""

    def __init__(self, path: str) -> None:
        self.fields: dict[str, str] = {}
        self.required: list[str] = []
        self._path = path
        self._open: list[str] = []
        self._text: list[str] = []

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        # Entities can make much of little; no .nuspec needs them.
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise CatalogError(f"{self._path}: its .nuspec is no XML: {error}") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name.rpartition(" ")[2])
        self._text.clear()
        if self._open[-1] == "dependency" and (id := attributes.get("id")):
            self.required.append(id)
        is_expression = attributes.get("type") == "expression"
        if self._open[-1] == "license" and not is_expression:
            self._open[-1] = "license file"  # the name of a file, which is no licence

    def _end(self, _: str) -> None:
        closed = self._open.pop()
        if self._open == _METADATA:
            self.fields.setdefault(closed, "".join(self._text))
        self._text.clear()

    def _refuse(self, *_: object) -> None:
        raise CatalogError(f"{self._path}: its .nuspec has a document type, which none needs")


NUGET_FILE = Cataloger(
    name="nuget-file", revision=1, wants=("**/*.nupkg",), max_size=LARGEST_FILE, read=read_nuget
)
