"""Where advisories file a package: ecosystem and name, written one way."""

import re
from typing import NamedTuple

_PEP503 = re.compile(r"[-_.]+")


class Coordinate(NamedTuple):
    """The key that packages and advisories share. Make it with `coordinate`."""

    ecosystem: str  # OSV ecosystem with its suffix: "Debian:12", "PyPI", "Alpine:v3.19"
    name: str


class Sought(NamedTuple):
    """What is asked of advisories: their word on one package in one version."""

    coordinate: Coordinate
    version: bytes | None = None  # as `versions.packed` has it; None: whatever the version


def coordinate(ecosystem: str, name: str) -> Coordinate:
    """Return the key under which `ecosystem` compares names.

    PyPI folds case and runs of `-_.` (https://peps.python.org/pep-0503/#normalized-names); NuGet,
    Packagist and Hex ignore case; the others compare names as written.
    """
    match ecosystem.partition(":")[0]:
        case "PyPI":
            name = _PEP503.sub("-", name).lower()
        case "NuGet" | "Packagist" | "Hex":
            name = name.lower()
        case _:
            pass
    return Coordinate(ecosystem, name)
