"""What the user gave, into where to look: TARGET of the command line.

A scheme says exactly what is there; without one, what stands at the path is recognised by content.
"""

import os
import re
from pathlib import Path
from typing import IO, NamedTuple

from lading.errors import ImageError, UsageError
from lading.image import sbom_format
from lading.image.package_format import PEEKED, format_of
from lading.image.stream import is_packed
from lading.image.tar import BLOCK, header

SCHEMES = ("oci", "oci-archive", "docker-archive", "dir", "file", "sbom")
REFERENCES = ("registry", "docker", "podman", "containerd")  # what follows is an image reference
ANYWHERE = "reference"  # an image reference without a scheme
STDIN = "stdin"
PURL = "purl"  # what follows is a package URL
_SCHEME = re.compile(r"([a-z][a-z-]+):(.*)", re.DOTALL)
_REFERENCE = re.compile(r"[a-zA-Z0-9[][a-zA-Z0-9._/:@\]-]*")
_FILE_NAME = re.compile(r".*\.(tar|tgz|gz|zst|oci|zip|jar|json|xml|spdx)", re.IGNORECASE)


class Target(NamedTuple):
    """A place, and which of its images is meant."""

    given: str
    scheme: str  # one of SCHEMES or REFERENCES, ANYWHERE, STDIN, PURL, or "archive" of either kind
    path: Path  # the reference, for those that are one
    tag: str | None = None
    digest: str | None = None
    notes: tuple[str, ...] = ()  # what else was meant, and cannot be read

    @property
    def is_path(self) -> bool:
        """True for what stands at a path; everything else must be asked for, or comes by itself."""
        return self.scheme in SCHEMES or self.scheme == "archive"

    @property
    def reference(self) -> str:
        """The image reference as given, without its scheme."""
        return self.given.removeprefix(f"{self.scheme}:")


def parse(given: str) -> Target:
    """Return the target.

    Raise UsageError for an unknown scheme or an empty path, ImageError when there is nothing at
    the path, or nothing that Lading can read.
    """
    if not given or "\0" in given:
        raise UsageError("an empty target: give an image, an archive or a directory")
    if given == "-":
        return Target(given, STDIN, Path(given))
    found = _SCHEME.fullmatch(given)
    if found and found[1] in REFERENCES:
        if not found[2]:
            raise UsageError(f"{given!r} names no image; write {found[1]}:NAME[:TAG]")
        return Target(given, found[1], Path(found[2]))
    if found and found[1] in SCHEMES:
        return _with_scheme(given, found[1], found[2])
    if found and found[1] == PURL:
        return Target(given, PURL, Path(found[2]))
    path = Path(given)
    try:
        exists = path.exists()
    except OSError as error:
        raise ImageError(f"{given[:200]}: {error.strerror}") from error
    if exists:
        return Target(given, recognise(path), path)
    if _REFERENCE.fullmatch(given) and not _FILE_NAME.fullmatch(given):
        return Target(given, ANYWHERE, path)
    raise ImageError(f"{given[:300]}: no such file or directory")


def _with_scheme(given: str, scheme: str, rest: str) -> Target:
    if not rest:
        raise UsageError(f"{given!r} names no path; write {scheme}:PATH")
    path, tag, digest = rest, None, None
    try:
        if scheme not in ("dir", "file", "sbom"):
            path, tag, digest = _split(rest)
        place = Path(path)
        exists = place.exists()
    except OSError as error:
        raise ImageError(f"{rest[:200]}: {error.strerror}") from error
    if not exists:
        raise ImageError(f"{path}: no such file or directory")
    if scheme in ("dir", "oci") and not place.is_dir():
        raise ImageError(
            f"{path} is no directory, so not {scheme}:; leave the scheme out to have it recognised"
        )
    if scheme in ("oci-archive", "docker-archive", "file", "sbom") and not place.is_file():
        raise ImageError(f"{path} is no regular file, so not {scheme}:")
    return Target(given, scheme, place, tag, digest)


def _split(rest: str) -> tuple[str, str | None, str | None]:
    """Split PATH[:TAG] or PATH[@DIGEST]; a path that exists as a whole has neither."""
    if Path(rest).exists():
        return rest, None, None
    before, at, digest = rest.rpartition("@")
    if at and ":" in digest and before and Path(before).exists():
        return before, None, digest
    # A tag may hold a slash or a colon (a full reference), so take the longest path that exists.
    for position in reversed([found.start() for found in re.finditer(":", rest)]):
        if position and Path(rest[:position]).exists():
            return rest[:position], rest[position + 1 :] or None, None
    return rest, None, None


def recognise(path: Path) -> str:
    """Return the scheme of what stands at `path`; ImageError when it is nothing to scan.

    A file that is no archive of images and no SBOM, or that is a package by its name and first
    bytes, is "file".
    """
    try:
        if path.is_dir():
            layout = (path / "oci-layout").is_file() or (path / "index.json").is_file()
            return "oci" if layout and (path / "blobs").is_dir() else "dir"
        if not path.is_file():
            raise ImageError(f"{path} is neither a regular file nor a directory")
        with path.open("rb") as file:
            head = file.read(512)
            may_be_image = is_packed(head) or _is_tar(head)
            if head and not may_be_image:
                return "sbom" if _is_sbom(file, head) else "file"
            if format_of(path.name, memoryview(head + file.read(PEEKED))) is not None:
                return "file"
            return recognise_archive(head, str(path))
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}") from error


def recognise_archive(head: bytes, where: str) -> str:
    """Return "archive" for what starts like a tar (512 bytes are enough), packed or not.

    Raise ImageError for anything else.
    """
    if not head:
        raise ImageError(f"{where} is empty")
    if is_packed(head) or _is_tar(head):
        return "archive"
    raise ImageError(f"{where} is no image: neither an OCI layout nor a tar archive")


def _is_sbom(file: IO[bytes], head: bytes) -> bool:
    """Look at both ends of the file, which was read up to the end of `head`."""
    head += file.read(sbom_format.PEEKED)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - sbom_format.PEEKED, 0))
    return sbom_format.is_sbom(head, file.read(sbom_format.PEEKED))


def _is_tar(head: bytes) -> bool:
    try:
        return len(head) >= BLOCK and header(head[:BLOCK]) is not None
    except ImageError:
        return False
