"""What a reader of digests keeps of one file, and its complaint."""

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import DigestReader, Kept, Records
from lading.errors import CatalogError


def kept(reader: DigestReader, path: str, data: bytes) -> tuple[list[Kept], str]:
    """The values of the file, and the message of the error it ends with, or ""."""
    found: list[Kept] = []
    try:
        found.extend(reader.read(ImageFile(path=path, data=memoryview(data), mode=0o644)))
    except CatalogError as error:
        return found, str(error)
    return found, ""


def files(reader: DigestReader, path: str, data: bytes) -> dict[str, str]:
    """Path and digest of every file of a database that is read without an error."""
    found, error = kept(reader, path, data)
    assert error == ""
    return {
        one.path: one.expected for records in found if isinstance(records, Records)
        for one in records.files
    }  # fmt: skip
