"""rpm packages, and the files they own, from any of rpm's databases; no rpm program is needed.

The forms: rpmdb.sqlite (https://www.sqlite.org/fileformat.html; one table, number and header blob),
Packages (Berkeley DB), Packages.db (ndb), and the list in distroless images of Azure Linux.
https://rpm-software-management.github.io/rpm/manual/
"""

from collections.abc import Iterable, Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.owned import Allowance
from lading.catalog.rpmdb import manifest
from lading.catalog.rpmdb.blobs import LARGEST, PLACES, blobs
from lading.catalog.rpmdb.header import Entry, Files, read_header
from lading.errors import CatalogError
from lading.model.package import Fact, Ownership, Package, SourcePackage


def read(file: ImageFile) -> Iterator[Fact]:
    """Yield each package and its files; CatalogError, at the end, when something is damaged."""
    allowance = Allowance(len(file.data))
    complaints: list[str] = []
    for entry in _entries(file, complaints):
        if entry.name == "gpg-pubkey":  # a key that rpm keeps among its packages
            continue
        yield package_of(entry, file.path)
        if entry.files is not None:
            if _is_allowed(entry.files, allowance):
                yield _ownership(entry, entry.files)
            else:
                complaints.append(f"the files of {entry.name} make a list of absurd length")
    if complaints:
        more = f", and {len(complaints) - 3} more" if complaints[3:] else ""
        raise CatalogError("; ".join(complaints[:3]) + more)


def _entries(file: ImageFile, complaints: list[str]) -> Iterator[Entry]:
    try:
        if file.path.endswith("/container-manifest-2"):
            text = bytes(file.data).decode("utf-8", "backslashreplace")
            yield from manifest.entries(text)
        else:
            yield from _headers(blobs(file.path, file.data), complaints)
    except CatalogError as error:
        complaints.append(str(error))


def _headers(found: Iterable[bytes], complaints: list[str]) -> Iterator[Entry]:
    """Yield the entries of those blobs that can be read; the others are complained of."""
    broken = 0
    try:
        for blob in found:
            try:
                entry = read_header(blob)
            except CatalogError:
                broken += 1
                continue
            broken += not entry.is_whole
            yield entry
    finally:
        if broken:
            complaints.append(f"{broken} package headers are damaged")


def package_of(entry: Entry, path: str) -> Package:
    """Return the package of a header that was found at the path."""
    return Package(
        type="rpm",
        name=entry.name,
        version=entry.version,
        paths=(path,),
        arch=entry.arch,
        source=_source(entry.source_rpm),
        licenses=(entry.licence,) if entry.licence else (),
        requires=entry.requires,
        provides=entry.provides,
        vendor=entry.vendor,
        module=entry.module,
        key_id=entry.key_id,
    )


def _source(file_name: str | None) -> SourcePackage | None:
    """Read `name-version-release.src.rpm`."""
    stem, _, _ = (file_name or "").removesuffix(".rpm").rpartition(".")  # .src or .nosrc
    name, *rest = stem.rsplit("-", 2)
    if not name or len(rest) != 2:
        return None
    return SourcePackage(name=name, version="-".join(rest))


def _is_allowed(files: Files, allowance: Allowance) -> bool:
    longest = max(map(len, files.folders))
    return allowance.take(len(files.bases), sum(map(len, files.bases)) + longest * len(files.bases))


def _ownership(entry: Entry, files: Files) -> Ownership:
    folders = files.folders
    pairs = zip(files.indexes, files.bases, strict=True)
    return Ownership(
        type="rpm",
        name=entry.name,
        version=entry.version,
        arch=entry.arch,
        paths=tuple([folders[index] + base for index, base in pairs]),
    )


RPM = Cataloger(
    name="rpm",
    revision=3,
    wants=(
        *PLACES,
        "/var/lib/rpmmanifest/container-manifest-2",
    ),
    max_size=LARGEST,
    read=read,
)
