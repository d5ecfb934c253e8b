"""A target in, its layers and merged files out.

`open_target` finds the image and the layers; `Tree` merges what their readers return. Sources, one
module each: `oci` (layout, as a folder or an archive), `docker_archive`, `rootfs` (a directory),
`single_file`.
"""

from contextlib import closing
from typing import IO

from lading.errors import ImageError
from lading.image.blobs import Archive, Folder
from lading.image.docker_archive import open_archive
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.oci import Listed, images_of_layout, open_layout
from lading.image.rootfs import open_directory
from lading.image.source import Opened
from lading.image.target import Target


def open_target(target: Target, platform: Platform | None, limits: Limits) -> Opened:
    """Open what the target names; ImageError when it is no image, or has none for the platform."""
    match target.scheme:
        case "dir":
            return open_directory(target.path, limits)
        case "file":
            from lading.image.single_file import open_file  # its formats take time to import

            return open_file(target.path, limits, _notes(target))
        case "oci":
            return open_layout(Folder(target.path), target, platform, limits)
        case _:
            return _open_archive(target, platform, limits)


def _notes(target: Target) -> tuple[str, ...]:
    """Say so where nobody asked for a single file."""
    if target.given.startswith("file:"):
        return ()
    return ("neither an image nor a directory, so it was read as a single file (file:)",)


def _open_archive(target: Target, platform: Platform | None, limits: Limits) -> Opened:
    return open_stream(_opened(target), str(target.path), target, platform, limits)


def _opened(target: Target) -> IO[bytes]:
    try:
        return target.path.open("rb")
    except OSError as error:
        raise ImageError(f"{target.path}: {error.strerror}") from error


def open_stream(
    file: IO[bytes], where: str, target: Target, platform: Platform | None, limits: Limits
) -> Opened:
    """Open an image archive of either kind that `file` gives, packed or not; it may be a pipe."""
    archive = Archive(file, where, limits)
    try:
        has_layout, has_manifest = archive.has("index.json"), archive.has("manifest.json")
        if has_layout and target.scheme != "docker-archive":
            return open_layout(archive, target, platform, limits)
        if has_manifest and target.scheme != "oci-archive":
            return open_archive(archive, target, platform, limits)
    except BaseException:
        archive.close()
        raise
    archive.close()
    wanted = "index.json" if target.scheme == "oci-archive" else "manifest.json"
    raise ImageError(f"{where} is a tar archive but no image: it has no {wanted}")


def images_of(target: Target, limits: Limits) -> tuple[Target, ...]:
    """Return a target for every image that the target may mean, of all platforms."""
    match target.scheme:
        case "oci":
            return _by_digest(target, images_of_layout(Folder(target.path), target, limits))
        case "oci-archive" | "archive":
            with closing(Archive(_opened(target), str(target.path), limits)) as archive:
                if not archive.has("index.json"):
                    return (target,)
                return _by_digest(target, images_of_layout(archive, target, limits))
        case _:
            return (target,)


def _by_digest(target: Target, listed: Listed) -> tuple[Target, ...]:
    return tuple(
        target._replace(tag=None, digest=image.digest, notes=listed.notes)
        for image in listed.images
    )
