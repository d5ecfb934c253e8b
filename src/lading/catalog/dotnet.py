"""NuGet packages, from the dependency manifest beside a .NET application.

Format: https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md
(appname.deps.json). Libraries of type "package" are NuGet packages; those of type "runtimepack"
are the runtime of a self-contained application, packages too, under a prefixed name.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_RUNTIME = "runtimepack."


def read_dotnet(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages among the libraries.

    Raises CatalogError when there are none to be read, and, after the others were yielded, for
    those that are not called `name/version`.
    """
    document = read_object(file.path, file.data)
    libraries = document.get("libraries")
    if not isinstance(libraries, dict):
        raise CatalogError(f"{file.path}: no object of libraries")
    needed = _needed(document)
    unfit = 0
    for key, library in libraries.items():
        kind = library.get("type") if isinstance(library, dict) else None
        if kind not in ("package", "runtimepack"):
            continue
        stated, _, rest = key.partition("/")
        name = word(stated.removeprefix(_RUNTIME) if kind == "runtimepack" else stated)
        version = word(rest)
        if name is None or version is None:
            unfit += 1
            continue
        yield Package(
            type="nuget",
            name=name,
            version=version,
            paths=(file.path,),
            requires=needed.get(key, ()),
        )
    if unfit:
        raise CatalogError(f"{file.path}: {unfit} packages in it have no fit name or version")


def _needed(document: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what each library depends on, over all targets."""
    targets = document.get("targets")
    found: dict[str, tuple[str, ...]] = {}
    for target in targets.values() if isinstance(targets, dict) else ():
        for key, library in target.items() if isinstance(target, dict) else ():
            if isinstance(library, dict) and (names := words(library.get("dependencies"))):
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), *names)))
    return found


DOTNET = Cataloger(
    name="dotnet",
    revision=1,
    wants=("**/*.deps.json",),
    read=read_dotnet,
)
