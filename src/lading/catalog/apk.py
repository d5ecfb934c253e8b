"""Alpine packages, from apk's database of installed packages, and the files it lists for each.

Format: https://wiki.alpinelinux.org/wiki/Apk_spec (installed database v2): records between blank
lines, a letter and a colon before each value.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.wording import word
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage

_NAME = re.compile(r"[^<>=~@]+")


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield a package, and its files, for each record; raise CatalogError when some are broken."""
    text = bytes(file.data).decode("utf-8", "backslashreplace")
    allowance = Allowance(len(text))
    broken = 0
    unlisted = 0
    for record in text.split("\n\n"):
        if not record.strip():
            continue
        fields = _fields(record)
        name, version = word(fields.get("P")), word(fields.get("V"))
        if name is None or version is None:
            broken += 1
            continue
        package = _package(name, version, fields, file.path)
        yield package
        owned = _owned(record, allowance)
        if owned:
            yield Ownership(type="apk", name=name, version=version, arch=package.arch, paths=owned)
        unlisted += owned is None
        # A second name means that the blank line, and with it the record's end, is lost.
        broken += ("\n" + record).count("\nP:") > 1
    _complain(text, broken, unlisted)


def _fields(record: str) -> dict[str, str]:
    """Return the values by their letter, without those of files and folders."""
    head = record[: record.find("\nF:") + 1] or record  # the files come last
    fields: dict[str, str] = {}
    for line in head.split("\n"):
        if line[1:2] == ":":
            fields.setdefault(line[0], line[2:].strip())
    return fields


def _owned(record: str, allowance: Allowance) -> tuple[str, ...] | None:
    """Return the paths of the F: (folder) and R: (file) lines; None when they are absurdly long."""
    paths: list[str] = []
    folder = ""
    for line in record.split("\n"):
        start = line[:2]
        if start == "R:":
            if not allowance.take(1, len(folder) + len(line)):
                return None
            paths.append(f"{folder}/{line[2:]}")
        elif start == "F:":
            folder = f"/{line[2:]}" if line[2:] else ""
    return tuple(paths)


def _package(name: str, version: str, fields: dict[str, str], path: str) -> Package:
    needs = (need for need in fields.get("D", "").split() if not need.startswith("!"))
    return Package(
        type="apk",
        name=name,
        version=version,
        paths=(path,),
        arch=word(fields.get("A")),
        source=SourcePackage(name=word(fields.get("o")) or name, version=version),
        licenses=(fields["L"],) if fields.get("L") else (),
        requires=_names(needs),
        provides=_names(fields.get("p", "").split()),
        vendor=fields.get("m") or None,
    )


def _names(words: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Return dependencies without their versions: `so:libc.musl-x86_64.so.1`, `busybox`."""
    return tuple(found[0] for one in words if (found := _NAME.match(one)))


def _complain(text: str, broken: int, unlisted: int) -> None:
    complaints = []
    if broken:
        complaints.append(f"{broken} records cannot be understood: each needs one P: and one V:")
    if unlisted:
        complaints.append(f"the files of {unlisted} packages make a list of absurd length")
    if text and not text.endswith("\n"):
        complaints.append("it ends within a line, as if it was cut")
    if complaints:
        raise CatalogError("; ".join(complaints))


APK = Cataloger(
    name="apk",
    revision=1,
    wants=("/lib/apk/db/installed", "/usr/lib/apk/db/installed"),
    max_size=128 << 20,
    read=read,
)
