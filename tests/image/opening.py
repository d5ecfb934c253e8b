"""A target opened and read whole, with a cataloger of a dozen lines."""

from collections.abc import Iterator
from pathlib import Path

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.inventory import Inventory
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.manifest import parse_platform
from lading.image.source import Opened
from lading.image.target import parse
from lading.model.image import Image
from lading.model.package import Package
from lading.scan import Choices, inventory


def _read(file: ImageFile) -> Iterator[Package]:
    for line in bytes(file.data).decode().splitlines():
        name, _, version = line.partition(" ")
        yield Package(type="generic", name=name, version=version, paths=(file.path,))


LISTED = Cataloger(name="listed", revision=1, wants=("/etc/packages", "**/*.list"), read=_read)


def opened(target: str | Path, platform: str | None = None) -> Opened:
    wanted = parse_platform(platform) if platform is not None else None
    return open_target(parse(str(target)), wanted, Limits())


def image_of(target: str | Path, platform: str | None = None) -> Image:
    """What the image says of itself."""
    found = opened(target, platform)
    found.close()
    return found.image


def inventoried(target: str | Path, platform: str | None = None) -> Inventory:
    found = opened(target, platform)
    try:
        return inventory(found, Choices(catalogers=(LISTED,)), lambda done, total: None)
    finally:
        found.close()


def packages(target: str | Path, platform: str | None = None) -> dict[str, int | None]:
    """`name version` of what is in the target → its layer."""
    found = inventoried(target, platform)
    assert found.problems == ()
    return {f"{package.name} {package.version}": package.layer for package in found.packages}
