"""Digests of Debian packages' files: `md5sums`, conffiles, and what dpkg was told to leave out.

Formats: deb-md5sums(5) (https://manpages.debian.org/bookworm/dpkg-dev/deb-md5sums.5.en.html) beside
`info/*.list` or in `status.d` of distroless images; Conffiles of `status`
(https://www.debian.org/doc/debian-policy/ap-pkg-conffiles.html); `path-exclude` and `path-include`
of dpkg.cfg(5) and dpkg(1).
"""

import re
from collections.abc import Iterator

from lading.catalog import dpkg
from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import (
    DigestReader,
    Kept,
    LeftOut,
    Recorded,
    Records,
    left_out,
)
from lading.errors import CatalogError
from lading.model.package import Ownership

_LINE = re.compile(r"([0-9a-f]{32})  ?(.+)")
_CONFFILE = re.compile(r"[ \t](/.*) ([0-9a-f]{32})((?: [a-z-]+)*)[ \t\r]*")
_HEAD = re.compile(r"(package|status|version|architecture|conffiles):[ \t]*(.*)", re.IGNORECASE)
_RULE = re.compile(r"[ \t]*path-(exclude|include)[ \t]*[= \t][ \t]*[\"']?(.+?)[\"']?[ \t\r]*")
_GONE = ("not-installed", "config-files", "half-installed")


def read(file: ImageFile) -> Iterator[Kept]:
    """Yield records of md5sums and conffiles, lists, diversions, and rules of what is left out.

    Raises CatalogError, after the others, for lines that cannot be understood.
    """
    name = file.path.rpartition("/")[2]
    text = bytes(file.data).decode("utf-8", "surrogateescape")
    if name == "diversions":
        yield from (fact for fact in dpkg.read(file) if isinstance(fact, Ownership))
    elif name.endswith(".list"):
        whose, _, arch = name.removesuffix(".list").partition(":")
        paths = tuple(filter(None, text.split("\n")))
        yield Ownership(type="deb", name=whose, arch=arch or None, paths=paths)
    elif file.path.startswith("/etc/"):
        yield _left_out(file, text)
    elif name.endswith(".md5sums"):
        yield from _sums(name.removesuffix(".md5sums"), text)
    else:
        yield from _conffiles(text)


def _sums(whose: str, text: str) -> Iterator[Records]:
    name, _, arch = whose.partition(":")
    lines = [line for line in text.split("\n") if line.strip()]
    found = [known for line in lines if (known := _LINE.fullmatch(line))]
    files = tuple(Recorded("/" + one[2].removeprefix("./"), f"md5:{one[1]}") for one in found)
    yield Records(type="deb", name=name, arch=arch or None, files=files)
    if len(found) < len(lines):
        raise CatalogError(f"{len(lines) - len(found)} of its lines are no digest and path")


def _conffiles(text: str) -> Iterator[Records]:
    """Yield the settings files of each record; those that the package no longer has are left."""
    fields: dict[str, str] = {}
    files: list[Recorded] = []
    for line in (*text.split("\n"), ""):
        if not line.strip():
            yield from _record(fields, files)
            fields, files = {}, []
        elif found := _HEAD.fullmatch(line.rstrip()):
            fields[found[1].lower()] = found[2]
        elif (known := _CONFFILE.fullmatch(line)) and "obsolete" not in known[3]:
            files.append(Recorded(known[1], f"md5:{known[2]}", is_configuration=True))


def _record(fields: dict[str, str], files: list[Recorded]) -> Iterator[Records]:
    if files and fields.get("package") and not fields.get("status", "").endswith(_GONE):
        yield Records(
            type="deb",
            name=fields["package"].strip(),
            version=fields.get("version", "").strip() or None,
            arch=fields.get("architecture", "").strip() or None,
            files=tuple(files),
        )


def _left_out(file: ImageFile, text: str) -> LeftOut:
    rules = (found for line in text.split("\n") if (found := _RULE.fullmatch(line)))
    return left_out(file, "deb", ((one[1] == "exclude", one[2]) for one in rules))


DPKG_DIGESTS = DigestReader(
    name="dpkg",
    wants=(
        "/var/lib/dpkg/status",
        "/var/lib/dpkg/diversions",
        "/var/lib/dpkg/info/*.list",
        "/var/lib/dpkg/info/*.md5sums",
        "/var/lib/dpkg/status.d/*.md5sums",
        "/usr/lib/dpkg/status.d/*.md5sums",
        "/etc/dpkg/dpkg.cfg",
        "/etc/dpkg/dpkg.cfg.d/*",
    ),
    max_size=128 << 20,
    read=read,
)
