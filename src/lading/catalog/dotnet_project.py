"""What projects of .NET declare without a lock file of NuGet's.

Formats: https://learn.microsoft.com/nuget/reference/packages-config (packages.config),
https://learn.microsoft.com/nuget/consume-packages/central-package-management
(Directory.Packages.props), https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
(*.csproj and its like), https://fsprojects.github.io/Paket/lock-file.html (paket.lock). Versions
that a project leaves to a property, or to a range, are not read.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.xml_document import Element, read_elements
from lading.model.package import Fact

Rows = Iterator[tuple[object, ...]]

_VERSION = re.compile(r"\[?\s*(v?\d[0-9A-Za-z.+-]*)\s*\]?")
_PAKET = re.compile(r"    (\S+) \((?:>= )?(\d[^)\s]*)\)")
_REFERENCES = ("PackageReference", "PackageVersion", "GlobalPackageReference")


def read_dotnet_project(file: ImageFile) -> Iterator[Fact]:
    """Yield what the project asks for; raises CatalogError for what is no XML."""
    if not is_own(file.path):
        return
    name = file.path.rpartition("/")[2]
    if name == "paket.lock":
        rows = _paket(bytes(file.data).decode("utf-8-sig", "replace"))
    else:
        elements = read_elements(file.path, file.data)
        rows = _listed(elements) if name == "packages.config" else _referenced(elements)
    yield from declare("nuget", file.path, rows)


def _listed(elements: list[Element]) -> Rows:
    for one in elements:
        is_development = one.attributes.get("developmentDependency", "").lower() == "true"
        if one.place == ("packages", "package") and not is_development:
            yield one.attributes.get("id"), one.attributes.get("version")


def _referenced(elements: list[Element]) -> Rows:
    """Yield references that state a version, as an attribute or as an element in them."""
    inner: dict[str, str] = {}
    for one in elements:
        if one.place[-2:-1] and one.place[-2] in _REFERENCES:
            inner[one.place[-1]] = one.text
        elif one.place[-1] in _REFERENCES:
            terms, inner = {**inner, **one.attributes}, {}
            found = _VERSION.fullmatch(terms.get("Version", ""))
            if found and terms.get("PrivateAssets", "").lower() != "all":
                yield terms.get("Include") or terms.get("Update"), found[1]


def _paket(text: str) -> Rows:
    """Yield the rows of the NuGet parts: four blanks before a name, more before what it needs."""
    is_nuget = False
    for line in text.splitlines():
        if line[:1].strip():
            is_nuget = line.startswith("NUGET")
        elif is_nuget and (found := _PAKET.match(line)):
            yield found[1], found[2]


DOTNET_PROJECT = Cataloger(
    name="dotnet-project",
    revision=1,
    wants=(
        "**/packages.config",
        "**/Directory.Packages.props",
        "**/paket.lock",
        "**/*.csproj",
        "**/*.fsproj",
        "**/*.vbproj",
    ),
    max_size=8 << 20,
    read=read_dotnet_project,
)
