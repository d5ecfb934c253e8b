"""A file's name and first bytes into the kind of package that it is.

The forms are described in `lading.image.package_archive`.
"""

import zlib
from enum import StrEnum

from lading.errors import ImageError
from lading.image.ar import MAGIC
from lading.image.rpm_archive import LEAD
from lading.image.tar_file import files_of_tar


class Format(StrEnum):
    """The kinds of package files whose insides are read."""

    DEB = "a Debian package"
    RPM = "an rpm package"
    APK = "an Alpine package"
    WHEEL = "a wheel"
    SDIST = "a Python source distribution"
    GEM = "a gem"
    CRATE = "a crate"
    NPM = "an npm package"
    NUGET = "a NuGet package"
    CONDA = "a conda package"
    CONDA_1 = "a conda package of the old form"


PEEKED = 1 << 16  # bytes of a file that are looked at
_GZIP, _ZIP, _BZIP2 = b"\x1f\x8b", b"PK", b"BZh"
_ENDINGS: tuple[tuple[str, bytes, Format], ...] = (
    (".deb", MAGIC, Format.DEB),
    (".udeb", MAGIC, Format.DEB),
    (".rpm", LEAD, Format.RPM),
    (".apk", _GZIP, Format.APK),
    (".whl", _ZIP, Format.WHEEL),
    (".gem", b"", Format.GEM),
    (".crate", _GZIP, Format.CRATE),
    (".nupkg", _ZIP, Format.NUGET),
    (".conda", _ZIP, Format.CONDA),
    (".tar.bz2", _BZIP2, Format.CONDA_1),
)
_TARBALLS = (".tgz", ".tar.gz")


def format_of(name: str, data: memoryview) -> Format | None:
    """Return what package a file of that name is; its first bytes (PEEKED at most) must agree.

    A gzipped tar is npm's when its files are in `package/`, and Python's when they are in a folder
    called like the file; else it is any archive, and None.
    """
    head = bytes(data[:8])
    lower = name.lower()
    for ending, magic, found in _ENDINGS:
        if lower.endswith(ending) and head.startswith(magic):
            return found
    if lower.endswith(_TARBALLS) and head.startswith(_GZIP):
        return _tarball(name, data)
    return None


def _tarball(name: str, data: memoryview) -> Format | None:
    stem = name[: -len(next(one for one in _TARBALLS if name.lower().endswith(one)))]
    try:
        start = zlib.decompressobj(31).decompress(data[:PEEKED], PEEKED)
        first = next(files_of_tar(iter([memoryview(start)]), name, largest=0), None)
    except (ImageError, zlib.error):
        return None
    folder = first.name.split("/")[0] if first is not None and "/" in first.name else ""
    if folder == "package":
        return Format.NPM
    return Format.SDIST if folder and _spelled(folder) == _spelled(stem) else None


def _spelled(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
