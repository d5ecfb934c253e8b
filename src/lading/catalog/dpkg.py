"""Debian packages and the files that dpkg installed for each; opkg (OpenWrt) writes the same forms.

Formats: https://www.debian.org/doc/debian-policy/ch-controlfields.html for the records of `status`
and of distroless images' `status.d`; dpkg-query(1) for `info/*.list`, one path a line; dpkg(1) for
the states of a package; dpkg-divert(1) for `diversions`, three lines each: from, to, by whom.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage

_FIELD = re.compile(
    r"\n(Package|Status|Version|Architecture|Source|Maintainer|Depends|Pre-Depends|Provides"
    r"|Conffiles|Built-Using|Static-Built-Using):[ \t]*(.*(?:\n[ \t].*)*)",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SOURCE = re.compile(r"([^\s(]+)\s*(?:\((.*)\))?")
_BOUND = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")  # a version, an architecture, a profile
_ABSENT = frozenset(("not-installed", "config-files", "half-installed"))
"""States without the package's files, or with only some of them."""

_SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "config")  # kept beside the list


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield the packages of a status file, or the files that a list says a package installed.

    Raises CatalogError, after the readable ones, when some records are broken.
    """
    folder, _, name = file.path.rpartition("/")
    type = "opkg" if "/opkg/" in file.path else "deb"
    text = bytes(file.data).decode("utf-8", "backslashreplace")
    if name.endswith(".list") and folder.endswith("/info"):
        whose = name[: -len(".list")]
        scripts = (f"{folder}/{whose}.{script}" for script in _SCRIPTS)
        paths = (*filter(None, text.split("\n")), *scripts)
        yield _owned(type, whose, paths, len(text))
    elif name.endswith(".md5sums"):
        lines = (line for line in text.split("\n") if len(line) > 34)
        paths = tuple("/" + line[34:].removeprefix("./") for line in lines)
        yield _owned(type, name[: -len(".md5sums")], paths, len(text))
    elif name == "diversions":
        yield from _diversions(text)
    else:
        yield from _packages(text, type, file.path)
        if name == "status" and text and not text.endswith("\n"):
            raise CatalogError("it ends within a line, as if it was cut")


def _owned(type: str, whose: str, paths: tuple[str, ...], size: int) -> Ownership:
    """Take `name` or `name:arch`, and the paths."""
    if not Allowance(size).take(len(paths), size):
        raise CatalogError("it lists absurdly many files")
    name, _, arch = whose.partition(":")
    return Ownership(type=type, name=name, arch=arch or None, paths=paths)


def _diversions(text: str) -> Iterator[Ownership]:
    """Yield what each package moves out of its way; `:` stands for the administrator."""
    lines = text.split("\n")
    whole = len(lines) // 3 * 3
    moved: dict[str, list[tuple[str, str]]] = {}
    for at in range(0, whole, 3):
        moved.setdefault(lines[at + 2], []).append((lines[at], lines[at + 1]))
    for name, pairs in moved.items():
        yield Ownership(type="deb", name=name, paths=(), diverted=tuple(pairs))
    if any(lines[whole:]):
        raise CatalogError("its lines do not come in threes, as if it was cut")


def _packages(text: str, type: str, path: str) -> Iterator[Fact]:
    broken = 0
    for record in _BLANK_LINE.split(text):
        found = _FIELD.findall("\n" + record)
        fields = {key.lower(): value.rstrip() for key, value in found}
        if (not found and not record.strip()) or _is_absent(fields):
            continue
        name, version = word(fields.get("package")), word(fields.get("version"))
        if name is None or version is None:
            broken += 1
            continue
        # A field that stands twice is a record whose end is lost.
        broken += len(fields) < len(found)
        yield from _facts(type, name, version, fields, path)
    if broken:
        raise CatalogError(
            f"{broken} records cannot be understood: each needs one Package and one Version"
        )


def _is_absent(fields: dict[str, str]) -> bool:
    """Return whether the state, third of the words in Status, says that it is not there.

    Records of distroless images have no Status: their packages are there.
    """
    return fields.get("status", "").rpartition(" ")[2] in _ABSENT


def _facts(type: str, name: str, version: str, fields: dict[str, str], path: str) -> Iterator[Fact]:
    arch = word(fields.get("architecture"))
    needs = _names(fields.get("pre-depends")) + _names(fields.get("depends"))
    yield Package(
        type=type,
        name=name,
        version=version,
        paths=(path,),
        arch=arch,
        source=_source(name, version, fields.get("source")),
        requires=needs,
        provides=_names(fields.get("provides")),
        vendor=fields.get("maintainer") or None,
        built_using=_built_using(fields),
    )
    lines = fields.get("conffiles", "").split("\n")
    conffiles = tuple(line.split()[0] for line in lines if line.strip())
    if conffiles:
        yield Ownership(type=type, name=name, version=version, arch=arch, paths=conffiles)


def _source(name: str, version: str, text: str | None) -> SourcePackage:
    """Read `name (version)`; each part that is missing is the package's own."""
    found = _SOURCE.match(text) if text else None
    if found is None:
        return SourcePackage(name=name, version=version)
    return SourcePackage(name=word(found[1]) or name, version=word(found[2]) or version)


def _built_using(fields: dict[str, str]) -> tuple[SourcePackage, ...]:
    """Return the sources that were linked in: `name (= version)`, separated by commas."""
    texts = (fields.get("built-using", ""), fields.get("static-built-using", ""))
    found = set()
    for one in ",".join(texts).split(","):
        name, _, bound = one.partition("(")
        if (source := word(name)) is not None:
            found.add(SourcePackage(name=source, version=word(bound.strip(" \n\t)="))))
    return tuple(sorted(found, key=lambda one: (one.name, one.version or "")))


def _names(relation: str | None) -> tuple[str, ...]:
    """Return the names of a relation without versions; alternatives stay together: `a | b`."""
    if not relation:
        return ()
    bare = _BOUND.sub("", relation)
    if "|" in bare:
        bare = " | ".join([part.strip() for part in bare.split("|")])
    return tuple([name for part in bare.split(",") if (name := part.strip())])


DPKG = Cataloger(
    name="dpkg",
    revision=3,
    wants=(
        "/var/lib/dpkg/status",
        "/usr/lib/dpkg/status",
        "/var/lib/dpkg/status.d/*",
        "/usr/lib/dpkg/status.d/*",
        "/var/lib/dpkg/info/*.list",
        "/usr/lib/dpkg/info/*.list",
        "/var/lib/dpkg/diversions",
        "/usr/lib/opkg/status",
        "/var/lib/opkg/status",
        "/usr/lib/opkg/info/*.list",
        "/var/lib/opkg/info/*.list",
    ),
    max_size=128 << 20,
    read=read,
)
