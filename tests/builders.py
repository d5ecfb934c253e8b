"""Builders that say only what matters to a test; everything else has a dull default."""

from lading.model.package import Package


def a_package(version: str | None = "1.0", *, name: str = "thing", type: str = "deb") -> Package:
    return Package(type=type, name=name, version=version, paths=("/where/it/is",))
