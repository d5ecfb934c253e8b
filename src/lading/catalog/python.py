"""Python packages, from the metadata that installers leave beside the code.

Formats: https://packaging.python.org/en/latest/specifications/recording-installed-packages/ and
https://packaging.python.org/en/latest/specifications/core-metadata/; eggs:
https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html
Of the metadata only the header block is read; the description after it may be anything. What stands
in a file beside them is a package without a version, for the inventory to join to the one there.
"""

import csv
import posixpath
import re
from collections.abc import Iterable, Iterator

from lading.catalog.archive import Archive
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.headers import Fields, first, read_fields
from lading.catalog.python_lists import (
    VENDOR_LISTS,
    VENDORED_MODULES,
    origin,
    pinned,
    required,
    vendored_in,
    vendored_module,
)
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Ownership, Package

_LICENSE = "License :: "
_FOLDER = re.compile(r"(.+?)-(v?\d[^-]*)(?:-py\d.*)?", re.DOTALL)
_EGG_METADATA = "EGG-INFO/PKG-INFO"
_IN_EGG = (_EGG_METADATA, "EGG-INFO/requires.txt")


def read_python(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that a metadata file describes, or the files that a record lists.

    Raises CatalogError when the name or the version is missing; the package was yielded before,
    with what is known of it.
    """
    folder, _, name = file.path.rpartition("/")
    if "/~" in file.path[folder.rfind("/") :]:
        return  # what an uninstallation that failed left behind; pip passes over it too
    if name == "RECORD":
        yield _ownership(file.path, posixpath.dirname(folder), _placed(_recorded(file)))
    elif name == "installed-files.txt":
        yield _ownership(file.path, folder, _lines(file))
    elif name == "requires.txt":
        yield from _beside(file.path, requires=_required(bytes(file.data)))
    elif name == "direct_url.json":
        yield from _beside(file.path, repository=origin(read_object(file.path, file.data)))
    elif name in VENDOR_LISTS:
        yield from _read_vendored(file)
    elif name.endswith(".py"):
        yield from _read_module(file)
    elif name.endswith(".egg"):
        yield from _read_egg(file)
    else:
        yield from _read_metadata(file.path, bytes(file.data))


def _read_egg(file: ImageFile) -> Iterator[Fact]:
    archive = Archive(file.path, file.data)
    entries = {entry.name: entry for entry in archive.entries() if entry.name in _IN_EGG}
    if _EGG_METADATA not in entries:
        raise CatalogError(f"{file.path}: an egg without {_EGG_METADATA}")
    for name, entry in entries.items():
        path, data = f"{file.path}!/{name}", bytes(archive.read(entry))
        if name == _EGG_METADATA:
            yield from _read_metadata(path, data)
        else:
            yield from _beside(path, requires=_required(data))


def _beside(
    path: str, *, requires: tuple[str, ...] = (), repository: str | None = None
) -> Iterator[Package]:
    name = _from_folder(path)[0]
    if name is not None:
        yield Package(
            type="pypi",
            name=name,
            version=None,
            paths=(path,),
            evidence=_evidence(path),
            certainty=Certainty.INFERRED,
            requires=requires,
            repository=repository,
        )


def _required(data: bytes) -> tuple[str, ...]:
    return _one_line(required(data.decode("utf-8", "replace")))


def _read_vendored(file: ImageFile) -> Iterator[Package]:
    """Yield the copies of other packages that a package brings along, without their metadata."""
    unfit = 0
    for pin in pinned(bytes(file.data).decode("utf-8", "replace")):
        if pin is None:
            unfit += 1
        else:
            yield Package(
                type="pypi",
                name=pin.name,
                version=pin.version,
                paths=(file.path,),
                evidence=Evidence.BUNDLED,
                certainty=Certainty.EXACT if pin.version else Certainty.INFERRED,
            )
    if unfit:
        raise CatalogError(f"{file.path}: {unfit} of its lines name no package")


def _read_module(file: ImageFile) -> Iterator[Package]:
    pin = vendored_module(file.path, bytes(file.data).decode("utf-8", "replace"))
    if pin is not None and pin.version is not None:
        yield Package(
            type="pypi",
            name=pin.name,
            version=pin.version,
            paths=(file.path,),
            evidence=Evidence.BUNDLED,
            certainty=Certainty.INFERRED,
        )


def _read_metadata(path: str, data: bytes) -> Iterator[Package]:
    fields = read_fields(data)
    name = word(first(fields, "name"))
    version = word(first(fields, "version"))
    called = name or _from_folder(path)[0]
    if called is not None:
        yield Package(
            type="pypi",
            name=called,
            version=version,
            paths=(path,),
            evidence=_evidence(path),
            certainty=Certainty.EXACT if name else Certainty.INFERRED,
            licenses=_licenses(fields),
            requires=_one_line(fields.get("requires-dist", ())),
        )
    if name is None:
        raise refuse(path, "Name", first(fields, "name"))
    if version is None:
        raise refuse(path, "Version", first(fields, "version"))


def _evidence(path: str) -> Evidence:
    return Evidence.INSTALLED if vendored_in(path) is None else Evidence.BUNDLED


def _licenses(fields: Fields) -> tuple[str, ...]:
    """Return the licence as an expression, else as classifiers, else the line that names it."""
    if expression := word(first(fields, "license-expression")):
        return (expression,)
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in fields.get("classifier", ())
        if text.startswith(_LICENSE) and text != "License :: OSI Approved"
    ]
    if found := _one_line(classifiers):
        return found
    return tuple(text for text in _one_line(fields.get("license", ())) if text != "UNKNOWN")


def _one_line(values: Iterable[str]) -> tuple[str, ...]:
    found = (word(" ".join(value.split())) for value in values)
    return tuple(dict.fromkeys(text for text in found if text is not None))


def _ownership(path: str, base: str, listed: Iterable[str]) -> Ownership:
    name, version = _from_folder(path)
    if name is None:
        raise CatalogError(f"{path}: its folder does not name a package")
    paths = dict.fromkeys(_resolved(base, one) for one in listed if one)
    return Ownership(type="pypi", name=name, version=version, paths=tuple(paths))


def _recorded(file: ImageFile) -> Iterator[str]:
    lines = _lines(file)
    if not any('"' in line for line in lines):
        for line in lines:
            yield line.rsplit(",", 2)[0]
        return
    try:
        yield from (row[0] for row in csv.reader(lines) if row)
    except csv.Error as error:
        raise CatalogError(f"{file.path}: no CSV: {error}") from error


def _placed(listed: Iterable[str]) -> Iterator[str]:
    """Yield what is listed, and where `pip install --target` puts programs without saying so."""
    for path in listed:
        yield path
        if path.startswith("../../bin/"):
            yield path.removeprefix("../../")


def _lines(file: ImageFile) -> list[str]:
    text = bytes(file.data).decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n")]


def _resolved(base: str, path: str) -> str:
    path = path.replace("\\", "/")
    joined = path if path.startswith("/") else f"{base}/{path}"
    if "/." in joined or "//" in joined:
        return "/" + posixpath.normpath(joined).lstrip("/")
    return joined


def _from_folder(path: str) -> tuple[str | None, str | None]:
    """Return the name and version that the folder (or the .egg-info file) is called after."""
    for part in reversed(path.split("/")):
        stem, _, suffix = part.rstrip("!").rpartition(".")
        if suffix in ("dist-info", "egg-info", "egg"):
            if found := _FOLDER.fullmatch(stem):
                return word(found[1]), word(found[2])
            return word(stem), None
    return None, None


PYTHON = Cataloger(
    name="python",
    revision=6,
    wants=(
        "**/*.dist-info/METADATA",
        "**/*.dist-info/RECORD",
        "**/*.dist-info/direct_url.json",
        "**/*.egg-info",
        "**/*.egg-info/PKG-INFO",
        "**/*.egg-info/installed-files.txt",
        "**/*.egg-info/requires.txt",
        "**/EGG-INFO/PKG-INFO",
        "**/EGG-INFO/requires.txt",
        "**/_vendor/vendor.txt",
        "**/_vendor/vendored.txt",
        *VENDORED_MODULES,
        "**/pipenv/vendor/vendor.txt",
        "**/pipenv/patched/patched.txt",
        "**/*.egg",
    ),
    read=read_python,
)
