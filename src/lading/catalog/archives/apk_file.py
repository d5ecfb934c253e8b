"""An Alpine package file into its package, from the record .PKGINFO.

Format: https://wiki.alpinelinux.org/wiki/Apk_spec (`key = value` lines; keys may stand repeatedly)
"""

import re
from collections.abc import Iterable, Iterator

from lading.catalog.archives.record import LARGEST_FILE, opening, packed_files, standing_for
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.image.apk_archive import parts_of_apk
from lading.model.package import Fact, Package, SourcePackage

_NAME = re.compile(r"[^<>=~@]+")


def read_apk(file: ImageFile) -> Iterator[Fact]:
    """Yield the package; raises CatalogError for what is no Alpine package, or damaged."""
    with opening(file.path):
        control = parts_of_apk(memoryview(file.data), file.path.rpartition("/")[2]).control
        for one in packed_files(file, memoryview(control)):
            if one.name == ".PKGINFO":
                yield from standing_for(file, (_package(file.path, one.data),))
                return
    raise CatalogError(f"{file.path}: an Alpine package without .PKGINFO")


def _package(path: str, data: bytes) -> Package:
    fields: dict[str, list[str]] = {}
    for line in data.decode("utf-8", "backslashreplace").split("\n"):
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            fields.setdefault(key.strip(), []).append(value.strip())

    def first(key: str) -> str | None:
        return word(fields.get(key, [""])[0])

    name, version = first("pkgname"), first("pkgver")
    if name is None or version is None:
        raise refuse(path, "name" if name is None else "version", None)
    needs = (need for need in fields.get("depend", ()) if not need.startswith("!"))
    licence = first("license")
    return Package(
        type="apk",
        name=name,
        version=version,
        paths=(path,),
        arch=first("arch"),
        source=SourcePackage(name=first("origin") or name, version=version),
        licenses=(licence,) if licence else (),
        requires=_names(needs),
        provides=_names(fields.get("provides", ())),
        vendor=first("maintainer"),
    )


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(found[0].strip() for one in values if (found := _NAME.match(one)))


APK_FILE = Cataloger(
    name="apk-file", revision=1, wants=("**/*.apk",), max_size=LARGEST_FILE, read=read_apk
)
