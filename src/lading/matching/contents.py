"""Packages that hold no code that runs, whatever their source package has.

Records name source packages, and errata of rpms all that is built of them; of this, headers,
documentation and debug data hold nothing that an attacker could reach. They stay findings, graded
by this reason. The kernel that a container runs on is the host's: its headers say nothing about it.
"""

import re

from lading.model.package import Package

_SYSTEMS = frozenset(("alpm", "apk", "deb", "opkg", "rpm"))
_KINDS = (
    (
        re.compile(r"linux-libc-dev|linux-headers(-.+)?|kernel-(.+-)?headers|linux-api-headers"),
        "kernel headers, which hold no code that runs",
    ),
    (re.compile(r".+-(doc|docs|javadoc|manual)"), "documentation, which holds no code that runs"),
    (
        re.compile(r".+-(dbg|dbgsym|debuginfo|debugsource)"),
        "debug data, which holds no code that runs",
    ),
)


def without_code(package: Package) -> str | None:
    """Return what the package holds instead of code, or None where it may hold some."""
    if package.type not in _SYSTEMS:
        return None
    return next((what for name, what in _KINDS if name.fullmatch(package.name)), None)


def no_code_for(package: Package, name: str) -> str | None:
    """Return what the package holds instead of the code that a record on `name` means, if so.

    A record that names the package itself means it; but errata of rpms name all that they rebuild.
    """
    return without_code(package) if package.type == "rpm" or name != package.name else None
