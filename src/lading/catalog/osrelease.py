"""Which operating system it is, from os-release or the files that stood for it before.

Format: https://www.freedesktop.org/software/systemd/man/latest/os-release.html (assignments as a
POSIX shell reads them, without expansion). Of the older files lsb-release and openwrt_release are
such assignments too (https://refspecs.linuxfoundation.org/lsb.shtml), the others one line each.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Release

PLACES = (
    "/etc/os-release",
    "/usr/lib/os-release",
    "/etc/alpine-release",
    # Oracle's redhat-release says Red Hat, and Ubuntu's debian_version a release of Debian.
    "/etc/oracle-release",
    "/etc/centos-release",
    "/etc/fedora-release",
    "/etc/redhat-release",
    "/etc/system-release",
    "/etc/SuSE-release",
    "/etc/gentoo-release",
    "/etc/openwrt_release",
    "/etc/lsb-release",
    "/etc/debian_version",
)
"""Where it may be said; the first that names a system counts."""
_LONGEST_LINE = 4096  # characters; what follows is no value that a tool would read
_ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_PIECE = re.compile(
    r"""'([^']*)' | "((?:[^"\\]|\\.)*)" | \\(.) | ([^\s'"\\]+)""", re.VERBOSE | re.DOTALL
)
_ESCAPED = re.compile(r'\\([$"\\`])')  # the only escapes between double quotes
_REDHAT = re.compile(r"(.+?) release ([0-9][0-9.]*)", re.IGNORECASE)
_REDHAT_IDS = (
    ("red hat", "rhel"),
    ("centos", "centos"),
    ("fedora", "fedora"),
    ("almalinux", "almalinux"),
    ("rocky", "rocky"),
    ("oracle", "ol"),
    ("amazon", "amzn"),
)
_SUSE = re.compile(r"(SUSE Linux Enterprise (?:Server|Desktop)|openSUSE) ([0-9][0-9.]*)")
_PATCH_LEVEL = re.compile(r"^PATCHLEVEL *= *([0-9]+)", re.MULTILINE)


def read(file: ImageFile) -> Iterator[Release]:
    """Yield the release; raise CatalogError for a file that names none."""
    text = bytes(file.data).decode("utf-8-sig", "replace")
    match file.path.rpartition("/")[2]:
        case "os-release":
            yield _os_release(text, file.path)
        case "alpine-release":
            yield Release(id="alpine", version_id=_only_line(text), path=file.path)
        case "lsb-release" | "openwrt_release":
            yield _lsb(text, file.path)
        case "SuSE-release":
            yield _suse(text, file.path)
        case "debian_version":
            yield _debian(_only_line(text), file.path)
        case _:
            yield _redhat(_only_line(text), file.path)


def _assignments(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in text.split("\n"):
        found = _ASSIGNMENT.match(line[:_LONGEST_LINE])
        if found:
            fields[found[1]] = _unquoted(found[2])
    if not fields:
        raise CatalogError("it has not one KEY=value line")
    return fields


def _os_release(text: str, path: str) -> Release:
    fields = _assignments(text)
    return Release(
        id=(word(fields.get("ID")) or "").lower(),
        version_id=word(fields.get("VERSION_ID")),
        pretty_name=word(fields.get("PRETTY_NAME")),
        id_like=tuple((word(fields.get("ID_LIKE")) or "").lower().split()),
        codename=word(fields.get("VERSION_CODENAME")),
        path=path,
    )


def _unquoted(value: str) -> str:
    """Return the value as a shell would assign it, up to the first blank outside of quotes.

    Where a quote is never closed, it is left out and the rest is taken as written.
    """
    parts: list[str] = []
    position = 0
    while found := _PIECE.match(value, position):
        single, double, escaped, plain = found.groups()
        if double is not None:
            double = _ESCAPED.sub(r"\1", double)
        parts.append(single or double or escaped or plain or "")
        position = found.end()
    if value[position : position + 1] in ("'", '"'):
        parts.append(value[position + 1 :])
    return "".join(parts)


def _only_line(text: str) -> str:
    line = word(text.strip().partition("\n")[0])
    if line is None:
        raise CatalogError("its first line is empty or no text")
    return line


def _debian(line: str, path: str) -> Release:
    """Read `12.4` or, before a release is out, `trixie/sid`."""
    if line[0].isdigit():
        return Release(id="debian", version_id=line.partition(".")[0], path=path)
    return Release(id="debian", codename=line.partition("/")[0], path=path)


def _lsb(text: str, path: str) -> Release:
    """Read DISTRIB_ID and the like; without one (CentOS has such files) it names no system."""
    fields = _assignments(text)
    return Release(
        id=(word(fields.get("DISTRIB_ID")) or "").lower(),
        version_id=word(fields.get("DISTRIB_RELEASE")),
        pretty_name=word(fields.get("DISTRIB_DESCRIPTION")),
        codename=word(fields.get("DISTRIB_CODENAME")),
        path=path,
    )


def _suse(text: str, path: str) -> Release:
    """Read `SUSE Linux Enterprise Server 11 (x86_64)`, with its patch level two lines below."""
    line = _only_line(text)
    found = _SUSE.match(line)
    if found is None:
        raise CatalogError(f"{line[:80]!r} names no release")
    id = {"openSUSE": "opensuse", "SUSE Linux Enterprise Desktop": "sled"}.get(found[1], "sles")
    level = _PATCH_LEVEL.search(text)
    version = f"{found[2]}.{level[1]}" if level and level[1] != "0" else found[2]
    return Release(id=id, version_id=version, pretty_name=line, path=path)


def _redhat(line: str, path: str) -> Release:
    """Read `CentOS Linux release 7.9.2009 (Core)`."""
    found = _REDHAT.match(" ".join(line.split()))
    if found is None:
        raise CatalogError(f"{line[:80]!r} names no release")
    name = found[1].lower()
    known = (id for start, id in _REDHAT_IDS if name.startswith(start))
    return Release(
        id=next(known, name.partition(" ")[0]), version_id=found[2], pretty_name=line, path=path
    )


OS_RELEASE = Cataloger(
    name="os-release",
    revision=2,
    wants=PLACES,
    max_size=1 << 16,
    read=read,
)
