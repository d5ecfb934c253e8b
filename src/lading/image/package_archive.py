"""A package as a file (deb, rpm, apk, wheel, …) into the files that it would install.

What each format is made of, and where it is described:
deb        an ar archive of control.tar and data.tar (deb(5))
rpm        a compressed cpio (`lading.image.rpm_archive`)
apk        gzipped tars behind one another (https://wiki.alpinelinux.org/wiki/Apk_spec)
wheel      a ZIP archive (https://packaging.python.org/specifications/binary-distribution-format/)
nupkg      a ZIP archive (https://learn.microsoft.com/nuget/create-packages/overview-and-workflow)
gem        a tar of data.tar.gz
conda      a ZIP archive of pkg-*.tar.zst, formerly a tar.bz2
           (https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/packages.html)
npm, sdist, crate   a gzipped tar whose files are in one folder
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import PurePosixPath

from lading.errors import ImageError
from lading.image.apk_archive import parts_of_apk
from lading.image.ar import members_of_ar
from lading.image.cpio import read_cpio
from lading.image.entry import LayerFiles, Visitor
from lading.image.inflate import inflated
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.package_format import Format
from lading.image.rpm_archive import listed_files, parts_of_rpm, payload_format
from lading.image.tar_file import files_of_tar
from lading.image.zipped import read_zip

_LARGEST_INNER = 512 << 20  # bytes of a tar in a ZIP archive, packed


def read_inside(
    format: Format, data: memoryview, visitor: Visitor, what: str, limits: Limits, files: LayerFiles
) -> None:
    """Walk what the package holds into `files`, with absolute paths as in the archive.

    Raise ImageError for a damaged package and LimitExceeded past a bound, with `files` holding what
    was read before.
    """
    if format in (Format.WHEEL, Format.NUGET):
        read_zip(data, visitor, what=what, limits=limits, files=files)
    elif format is Format.RPM:
        _read_rpm(data, visitor, what, limits, files)
    else:
        for tar in _TARS[format](data, what) if format in _TARS else (data,):
            _read_tar(tar, visitor, what, limits, files)


def _read_tar(
    tar: memoryview, visitor: Visitor, what: str, limits: Limits, files: LayerFiles
) -> None:
    def again() -> Generator[memoryview, None, None]:
        yield from inflated(tar, what, limits)

    with closing(again()) as chunks:
        read_layer(chunks, visitor, what=what, limits=limits, files=files, again=again)


def _read_rpm(
    data: memoryview, visitor: Visitor, what: str, limits: Limits, files: LayerFiles
) -> None:
    header, payload = parts_of_rpm(data)
    if (form := payload_format(header)) != "cpio":
        raise ImageError(f"{what}: its payload has the form {form}, which is not read")
    chunks = inflated(payload, what, limits)
    try:
        listed = listed_files(header)
    except ImageError:
        listed = []  # rpm's own form of cpio needs it and will say so
    read_cpio(chunks, visitor, what=what, limits=limits, files=files, listed=listed)


def _of_deb(data: memoryview, what: str) -> Iterator[memoryview]:
    for name, stretch in members_of_ar(data):
        if name.startswith("data.tar"):
            yield stretch
            return
    raise ImageError(f"{what}: a Debian package without data.tar")


def _of_apk(data: memoryview, what: str) -> Iterator[memoryview]:
    yield parts_of_apk(data, what).files


def _of_gem(data: memoryview, what: str) -> Iterator[memoryview]:
    for name, stretch in files_of_tar(iter([data]), what):
        if name == "data.tar.gz":
            yield memoryview(stretch)
            return
    raise ImageError(f"{what}: a gem without data.tar.gz")


def _of_conda(data: memoryview, what: str) -> Iterator[memoryview]:
    """Yield the tars of files and of metadata."""
    found = [
        part
        for name, part in members_of_zip(data, what)
        if PurePosixPath(name).name == name and name.endswith(".tar.zst")
    ]
    if not found:
        raise ImageError(f"{what}: a conda package without pkg-*.tar.zst")
    yield from found


def members_of_zip(data: memoryview, what: str) -> Iterator[tuple[str, memoryview]]:
    """Yield name and bytes of each file of a ZIP archive; ImageError where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for row in archive.infolist()[:16]:
                if row.file_size > _LARGEST_INNER:
                    raise ImageError(f"{what}: {row.filename} is too large to be read")
                yield row.filename, memoryview(archive.read(row))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise ImageError(f"{what} is damaged: {error}") from error


_TARS: dict[Format, Callable[[memoryview, str], Iterator[memoryview]]] = {
    Format.DEB: _of_deb,
    Format.APK: _of_apk,
    Format.GEM: _of_gem,
    Format.CONDA: _of_conda,
}
