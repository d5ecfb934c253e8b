"""Images that containerd stores, from its files: metadata in a Bolt database, content by digest.

Layout: https://github.com/containerd/containerd/blob/main/docs/content-flow.md; in the metadata
`v1/NAMESPACE/images/NAME/target` has the digest of the image's index or manifest. Needs the right
to read containerd's folder; containerd need not run.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from lading.errors import ImageError, UsageError
from lading.image.blobs import Folder
from lading.image.limits import Limits
from lading.image.manifest import Descriptor, Platform
from lading.image.oci import Listed, images_in, open_listed
from lading.image.source import Opened
from lading.sources.bolt import Bucket, read
from lading.sources.door import Door, EngineSilent
from lading.sources.engine import Engine, NotStored
from lading.sources.reference import parse_reference

_DATABASE = "io.containerd.metadata.v1.bolt/meta.db"
_CONTENT = "io.containerd.content.v1.content"
_MOST_NAMED = 20  # images in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    namespace: str
    name: str
    digest: str


def open_image(reference: str, platform: Platform | None, limits: Limits, door: Door) -> Opened:
    """See `Engine.open`."""
    root, stored = _find(reference, door)
    files = _Content(root / _CONTENT)
    listed: tuple[Descriptor, ...] = (_descriptor(stored),)
    name, _, digest = reference.rpartition("@")
    if name and digest != stored.digest and reference != stored.name:
        inner = images_in(files, listed, limits).images
        listed = tuple(item for item in inner if item.digest == digest)
        if not listed:
            raise NotStored(f"containerd: {stored.name} has no image {digest}")
    opened = open_listed(files, listed, platform, limits)
    return replace(opened, image=replace(opened.image, reference=stored.name))


def images_in_containerd(reference: str, limits: Limits, door: Door) -> Listed:
    """Return the images of all platforms that are stored; errors as `open_image`."""
    try:
        root, stored = _find(reference, door)
    except EngineSilent as silent:
        raise ImageError(f"containerd:{reference}: {silent}") from silent
    return images_in(_Content(root / _CONTENT), (_descriptor(stored),), limits)


class _Content(Folder):
    """The content store: it holds what was pulled, which is less than an index lists."""

    def open(self, name: str) -> io.RawIOBase:
        if not self.has(name):
            raise ImageError(
                f"{self.where}: {name} is not stored: containerd keeps the platforms that were "
                "pulled, and may drop layers once they are unpacked; read the image from its "
                "registry instead"
            )
        return super().open(name)


def _descriptor(stored: _Stored) -> Descriptor:
    return Descriptor(digest=stored.digest, media_type="", size=None, platform=None, annotations={})


def _find(reference: str, door: Door) -> tuple[Path, _Stored]:
    root = door.containerd_root
    database = root / _DATABASE if root is not None else None
    try:
        if root is None or database is None or not database.is_file():
            raise EngineSilent(f"containerd is not here (no metadata at {database})")
        with database.open("rb"):
            pass
    except OSError as error:
        raise EngineSilent(f"containerd cannot be read: {database}: {error.strerror}") from error
    stored = read(database, lambda top: tuple(_images(top)))
    names = _names(reference)
    found = [
        one
        for namespace in door.containerd_namespaces
        for one in stored
        if one.namespace == namespace and (one.name in names or one.digest in names)
    ]
    if not found:
        have = sorted({one.name for one in stored})[:_MOST_NAMED]
        raise NotStored(
            f"containerd: {reference} is in none of its namespaces "
            f"{', '.join(door.containerd_namespaces)}; it has {', '.join(have) or 'no images'}"
        )
    # The same reference to the letter comes before the index that may hold the image.
    return root, min(found, key=lambda one: reference not in (one.name, one.digest))


def _names(reference: str) -> frozenset[str]:
    """Return what containerd may call the image: full references, or what the user typed.

    With a digest, the image may also be one of the index that goes by the name alone.
    """
    names = {reference}
    for text in (reference, reference.partition("@")[0]):
        names.add(text)
        with suppress(UsageError):
            names.add(str(parse_reference(text)))
    return frozenset(names - {""})


def _images(top: Bucket) -> Iterator[_Stored]:
    version = top.bucket(b"v1")
    if version is None:
        raise ImageError("containerd's metadata are of a version that Lading does not know")
    for namespace, content in version.items():
        images = content.bucket(b"images") if isinstance(content, Bucket) else None
        for name, image in images.items() if images is not None else ():
            digest = image.bucket(b"target") if isinstance(image, Bucket) else None
            value = digest.get(b"digest") if digest is not None else None
            if isinstance(value, bytes):
                yield _Stored(
                    namespace=namespace.decode("utf-8", "replace"),
                    name=name.decode("utf-8", "replace"),
                    digest=value.decode("utf-8", "replace"),
                )


CONTAINERD = Engine(name="containerd", open=open_image)
