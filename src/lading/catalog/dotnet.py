"""NuGet packages, from the dependency manifest beside a .NET application, or in its single file.

Format: https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md
(appname.deps.json). Libraries of type "package" are NuGet packages; those of type "runtimepack"
are the runtime of a self-contained application, packages too, under a prefixed name. Shared
frameworks have a manifest of the same form.
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.document import read_object
from lading.catalog.dotnet_bundle import manifest_in
from lading.catalog.executable import programs_of
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Evidence, Fact, Package

Buffer = bytes | bytearray | memoryview

MANIFEST = ".deps.json"
_RUNTIME = "runtimepack."


def read_dotnet(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages among the libraries; the assemblies they bring are what they provide.

    Raises CatalogError when there are none to be read, and, after the others were yielded, for
    those that are not called `name/version`.
    """
    if file.path.endswith(MANIFEST):
        yield from _packages(file.path, file.data, Evidence.INSTALLED)
        return
    for program in programs_of(file):
        manifest = manifest_in(file.path, program)
        if manifest is not None:
            yield from _packages(file.path, manifest, Evidence.BUNDLED)


def _packages(path: str, data: Buffer, evidence: Evidence) -> Iterator[Package]:
    document = read_object(path, data)
    libraries = document.get("libraries")
    if not isinstance(libraries, dict):
        raise CatalogError(f"{path}: no object of libraries")
    needed, brought = _needed(document), _brought(document)
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
            paths=(path,),
            evidence=evidence,
            requires=needed.get(key, ()),
            provides=brought.get(key, ()),
        )
    if unfit:
        raise CatalogError(f"{path}: {unfit} packages in it have no fit name or version")


def _needed(document: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what each library depends on, over all targets."""
    found: dict[str, tuple[str, ...]] = {}
    for key, library in _libraries(document):
        if names := words(library.get("dependencies")):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *names)))
    return found


def _brought(document: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the names of each library's assemblies, over all targets."""
    found: dict[str, tuple[str, ...]] = {}
    for key, library in _libraries(document):
        files = (*words(library.get("runtime")), *words(library.get("runtimeTargets")))
        names = (file.rpartition("/")[2] for file in files)
        assemblies = [name for name in names if name.lower().endswith(".dll")]
        if assemblies:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *assemblies)))
    return found


def _libraries(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    targets = document.get("targets")
    for target in targets.values() if isinstance(targets, dict) else ():
        for key, library in target.items() if isinstance(target, dict) else ():
            if isinstance(library, dict):
                yield key, library


DOTNET = Cataloger(
    name="dotnet",
    revision=2,
    wants=(f"**/*{MANIFEST}",),
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_dotnet,
)
