"""Where advisories speak of programs that no package manager knows, and in which version order.

A program that is known by its bytes is looked up at NVD, by the name that NVD has for it, and
Node.js where its own project files it; nothing else is: a name alone may be a stranger's. Files of
an OS package are that package's matter. What users say themselves of `generic` packages holds for
all of them.
"""

from collections.abc import Iterator

from lading.model import product
from lading.model.coordinate import Coordinate, coordinate
from lading.model.ecosystem import GENERIC
from lading.model.package import Evidence, Package

_SCHEMES = {"node": "npm", "openjdk": "jdk", "openssl": "openssl"}
# Records about one platform alone are beside those about all; images hold Linux.
_NODE = ("Node.js", "Node.js:linux")


def places_of(package: Package) -> Iterator[Coordinate]:
    """Yield the keys of records about a `generic` package."""
    if package.evidence is Evidence.CONTENT and package.owner is None:
        if package.name == "node":
            yield from (coordinate(ecosystem, "node") for ecosystem in _NODE)
        for name in product.PRODUCTS.get(package.name, ()):
            yield coordinate(product.ECOSYSTEM, name)
    yield coordinate(GENERIC, package.name)


def scheme_of_program(name: str) -> str:
    """Return the scheme of its versions; `generic` where it has none of its own."""
    return _SCHEMES.get(name, "generic")
