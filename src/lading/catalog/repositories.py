"""What histories say of where packages came from, put on the packages that are installed.

dnf and yum keep the repository of each package in files of their own, beside rpm's database; they
know packages that were removed since, so a history alone proves none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lading.model.package import Ownership, Package

_Key = tuple[str, str, str | None, str | None]


def with_repositories(
    packages: Sequence[Package], records: Iterable[Ownership]
) -> tuple[Package, ...]:
    """Return the packages, those with the repository set that a record knows it of.

    Of several records of one package the last holds, as in a history.
    """
    known: dict[_Key, str | None] = {
        _key(one.type, one.name, one.version, one.arch): one.repository
        for one in records
        if one.repository is not None
    }
    if not known:
        return tuple(packages)
    return tuple(
        replace(one, repository=found) if (found := _known(one, known)) is not None else one
        for one in packages
    )


def _known(package: Package, known: dict[_Key, str | None]) -> str | None:
    key = _key(package.type, package.name, package.version, package.arch)
    return known.get(key) or known.get((*key[:3], None)) or package.repository


def _key(type: str, name: str, version: str | None, arch: str | None) -> _Key:
    """Return what a package and its record share: yum's records leave the epoch out."""
    return type, name, (version or "").rpartition(":")[2], arch
