"""What packages ask for, into the packages of the inventory that answer."""

import re
from collections.abc import Iterable
from dataclasses import replace

from lading.model.package import Package

_PYTHON_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_FOLD = re.compile(r"[-_.]+")
_EXTRA = re.compile(r";.*\bextra\b")


def resolve(packages: tuple[Package, ...]) -> tuple[Package, ...]:
    """Return the packages with `depends_on` set.

    A name that several packages of a type could answer (two versions of one npm module) gives no
    edge: a missing edge is better than a wrong one.
    """
    answers: dict[tuple[str, str], set[str]] = {}
    for package in packages:
        for name in (package.name, *package.provides):
            answers.setdefault((package.type, _folded(package.type, name)), set()).add(package.id)
    return tuple(_resolved(package, answers) for package in packages)


def _resolved(package: Package, answers: dict[tuple[str, str], set[str]]) -> Package:
    if not package.requires:
        return package
    found: set[str] = set()
    for requirement in package.requires:
        for name in _names(package.type, requirement):
            ids = answers.get((package.type, _folded(package.type, name)), set())
            if len(ids) == 1:
                found |= ids
    return replace(package, depends_on=tuple(sorted(found - {package.id})))


def _names(type: str, requirement: str) -> Iterable[str]:
    match type:
        case "deb":
            return (part.strip().partition(":")[0] for part in requirement.split("|"))
        case "pypi":
            found = _PYTHON_NAME.match(requirement)
            return (found[1],) if found and not _EXTRA.search(requirement) else ()
        case _:
            return (requirement,)


def _folded(type: str, name: str) -> str:
    return _FOLD.sub("-", name).lower() if type == "pypi" else name
