"""What packages ask for, into the packages of the inventory that answer.

To add an ecosystem: write its rule, or take one of `places`, and add a line to RULES. Types without
a line get `ANYWHERE`: a name is answered by the one installed package that has it.
"""

from collections.abc import Mapping
from dataclasses import replace

from lading.catalog.dependencies import archives, node, places, python, rpm, ruby, system
from lading.catalog.dependencies.rule import Rule, Surroundings, both
from lading.model.package import Package

RULES: Mapping[tuple[str, ...], Rule] = {
    ("deb",): system.edges,
    ("opkg",): system.edges,
    ("apk",): system.edges,
    ("alpm",): system.edges,
    ("rpm",): rpm.edges,
    ("pypi",): both(python.edges, places.PYTHON_LOCK),
    ("npm",): both(node.edges, places.NPM_LOCK),
    ("maven",): archives.edges,
    ("gem",): ruby.edges,
    ("composer",): places.COMPOSER,
    ("nuget",): places.NUGET,
    ("golang",): places.GOLANG,
    ("cargo",): places.CARGO,
    ("conan",): places.CONAN,
    ("conda",): places.CONDA,
    ("bioconductor", "cran"): places.CRAN,
    ("hex", "otp"): places.ERLANG,
    ("julia",): places.JULIA,
    ("luarocks",): places.LUA,
    ("opam",): places.OPAM,
}
"""How requirements find their answers, by the types that answer one another."""


def resolve(
    packages: tuple[Package, ...], surroundings: Surroundings | None = None
) -> tuple[Package, ...]:
    """Return the packages, which have ids, with `depends_on` set: sorted ids, never their own.

    Each edge says that the package asks for the other, and that it is what the package would get.
    Where it may get either of two (two versions in one place, none of them nearer) there is no
    edge: a missing edge is better than a wrong one. Cycles stay.
    """
    around = surroundings or Surroundings(packages=packages)
    found: dict[str, set[str]] = {}
    for rule, group in _groups(packages):
        for asking, answering in rule(group, around):
            if asking != answering:
                found.setdefault(asking, set()).add(answering)
    return tuple(
        replace(package, depends_on=tuple(sorted(found[package.id])))
        if package.id in found
        else package
        for package in packages
    )


def _groups(packages: tuple[Package, ...]) -> list[tuple[Rule, list[Package]]]:
    """Return the packages that may answer one another, with their rule."""
    keys = {type: types for types in RULES for type in types}
    groups: dict[tuple[str, ...], list[Package]] = {}
    for package in packages:
        groups.setdefault(keys.get(package.type, (package.type,)), []).append(package)
    return [(RULES.get(types, places.ANYWHERE), group) for types, group in groups.items()]
