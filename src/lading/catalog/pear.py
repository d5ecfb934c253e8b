"""PHP packages of PEAR and PECL, from the registry of what was installed.

Format: https://pear.php.net/manual/en/guide.developers.package2.php (the package's description) as
PHP's serialised values; `filelist` says where each file went (`installed_as`).
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.php_serialized import read_value
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package


def read_pear(file: ImageFile) -> Iterator[Fact]:
    """Yield the package and its files; raises CatalogError for what is no such record."""
    record = read_value(file.path, bytes(file.data))
    if not isinstance(record, dict):
        raise CatalogError(f"{file.path}: it is no record of a package")
    name = word(record.get("name")) or word(record.get("package"))
    version = word(_release(record.get("version")))
    if name is None:
        raise refuse(file.path, "name", record.get("name"))
    if version is None:
        raise refuse(file.path, "version", _release(record.get("version")))
    yield Package(
        type="generic",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=_licenses(record.get("license")),
        requires=words(list(_asked(record.get("dependencies")))),
        vendor=word(record.get("channel")),
    )
    if paths := tuple(_files(record.get("filelist"))):
        yield Ownership(type="generic", name=name, version=version, paths=paths)


def _release(stated: object) -> object:
    """Return the package's version: a text in old records, beside that of its interface in new."""
    return stated.get("release") if isinstance(stated, dict) else stated


def _licenses(stated: object) -> tuple[str, ...]:
    return words([stated.get("_content")] if isinstance(stated, dict) else [stated])


def _asked(dependencies: object) -> Iterator[object]:
    """Yield names of packages: those that are needed, may help, or make up a feature."""
    groups = _listed(_part(dependencies, "group"), "package")
    for part in (_part(dependencies, "required"), _part(dependencies, "optional"), *groups):
        for package in _listed(_part(part, "package"), "name"):
            yield _part(package, "name")


def _listed(value: object, key: str) -> list[object]:
    """Return the rows; one alone, which has the key itself, stands without a list around it."""
    return _rows(value) if _part(value, key) is None else [value]


def _part(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _rows(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else []


def _files(listed: object) -> Iterator[str]:
    for row in _rows(listed):
        place = _part(row, "installed_as")
        if isinstance(place, str) and place.startswith("/"):
            yield place


PEAR = Cataloger(
    name="pear",
    revision=2,
    wants=("**/.registry/*.reg", "**/.registry/.channel.*/*.reg"),
    max_size=16 << 20,
    read=read_pear,
)
