"""OCI image layouts, as a folder or in an archive.

Format: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from lading.errors import ImageError
from lading.image import manifest
from lading.image.blobs import Files, check_digest, read_blob, read_bounded
from lading.image.limits import Limits
from lading.image.manifest import Descriptor, Platform
from lading.image.source import BlobLayer, ForeignLayer, LayerSource, Opened
from lading.image.target import Target
from lading.model.image import Image, Layer

_MOST_IMAGES = 10_000  # in one layout, with the indexes that hold them
_DEEPEST = 16  # indexes in one another; two is the most that tools write


class Listed(NamedTuple):
    """The images that an index lists."""

    images: tuple[Descriptor, ...]  # those that are stored
    absent: tuple[Descriptor, ...]  # those that are not

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which images nobody can read."""
        return tuple(
            f"{item.label} is in the index, but not stored, so it was not read"
            for item in self.absent
        )


def open_layout(files: Files, target: Target, platform: Platform | None, limits: Limits) -> Opened:
    """Open the image that the target and the platform choose; ImageError when there is none."""
    return open_listed(files, _meant(files, target, limits), platform, limits)


def open_listed(
    files: Files, listed: tuple[Descriptor, ...], platform: Platform | None, limits: Limits
) -> Opened:
    """Open the one image of those listed, or inside them, that the platform chooses."""
    finder = _Finder(files, limits)
    images = finder.stored(listed)
    chosen = _choose(finder, images, platform, files.where)
    name = next((item.name for item in (chosen, *listed) if item.name is not None), None)
    others = tuple(item.label for item in (*images, *finder.absent) if item is not chosen)
    return replace(_open_image(files, chosen, name, limits), others=others)


def images_of_layout(files: Files, target: Target, limits: Limits) -> Listed:
    """Return every image that the target may mean, of all platforms."""
    return images_in(files, _meant(files, target, limits), limits)


def images_in(files: Files, listed: tuple[Descriptor, ...], limits: Limits) -> Listed:
    """Return the images listed and those inside listed indexes; ImageError when there is none."""
    finder = _Finder(files, limits)
    return Listed(finder.stored(listed), tuple(finder.absent))


def _meant(files: Files, target: Target, limits: Limits) -> tuple[Descriptor, ...]:
    what = f"{files.where}: index.json"
    with files.open("index.json") as file:
        index = manifest.document(read_bounded(file, what, limits.document), what)
    return _named(manifest.descriptors(index, "manifests", what), target, files.where)


def _named(listed: tuple[Descriptor, ...], target: Target, where: str) -> tuple[Descriptor, ...]:
    """Narrow the index to the tag or digest that was asked for."""
    listed = tuple(item for item in listed if item.is_image)
    if target.digest is not None:
        found = tuple(item for item in listed if item.digest == target.digest)
        # A digest may also be that of an image inside a listed index, or of an unlisted blob.
        return found or (
            Descriptor(
                digest=target.digest, media_type="", size=None, platform=None, annotations={}
            ),
        )
    if target.tag is not None:
        found = tuple(item for item in listed if item.is_called(target.tag))
        if not found:
            raise ImageError(f"{where} has no image {target.tag!r}; it has {_names(listed)}")
        return found
    names = {item.name for item in listed}
    if len(names) > 1:
        raise ImageError(
            f"{where} has several images: {_names(listed)}; add one as :TAG or @DIGEST"
        )
    if not listed:
        raise ImageError(f"{where} lists no image")
    return listed


def _names(listed: tuple[Descriptor, ...]) -> str:
    names = sorted(item.name or item.digest for item in listed)
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


class _Finder:
    """Follows indexes down to the images in them."""

    def __init__(self, files: Files, limits: Limits) -> None:
        self._files = files
        self._limits = limits
        self._seen: set[str] = set()
        self.absent: list[Descriptor] = []  # listed, but not stored

    def stored(self, listed: tuple[Descriptor, ...]) -> tuple[Descriptor, ...]:
        """Return the images that are listed, directly or in an index, and there.

        An index may list platforms whose images were left out when it was copied.
        """
        found = tuple(self._images(listed))
        if not found and self.absent:
            raise ImageError(
                f"{self._files.where}: manifest {self.absent[0].digest} is not there; "
                "copy the image again"
            )
        if not found:
            raise ImageError(f"{self._files.where} lists no image")
        return found

    def _images(self, listed: tuple[Descriptor, ...], depth: int = 0) -> Iterator[Descriptor]:
        """Yield the images of the descriptors, and those in the indexes among them."""
        if depth > _DEEPEST:
            raise ImageError(f"{self._files.where}: indexes nested more than {_DEEPEST} deep")
        for item in listed:
            if not item.is_image or item.digest in self._seen:
                continue
            self._seen.add(item.digest)
            if len(self._seen) > _MOST_IMAGES:
                raise ImageError(f"{self._files.where}: too many images in nested indexes")
            if not self._files.has(check_digest(item.digest)):
                self.absent.append(item)
                continue
            if item.platform is not None and item.is_manifest:
                yield item
                continue
            value = self.document(item, "manifest")
            if "manifests" in value:
                what = f"{self._files.where}: {item.digest}"
                inner = manifest.descriptors(value, "manifests", what)
                yield from self._images(inner, depth + 1)
            else:
                yield item

    def document(self, item: Descriptor, what: str) -> dict[str, object]:
        data = read_blob(self._files, item.digest, f"{what} {item.digest}", self._limits)
        return manifest.document(data, f"{self._files.where}: {what} {item.digest}")

    def platform(self, item: Descriptor) -> Platform | None:
        if item.platform is not None:
            return item.platform
        try:
            return _config(self._files, self.document(item, "manifest"), self._limits)[1].platform
        except ImageError:
            return None  # a document that is no runnable image; opening it says what is wrong


def _choose(
    finder: _Finder, images: tuple[Descriptor, ...], platform: Platform | None, where: str
) -> Descriptor:
    if platform is None and len(images) == 1:
        return images[0]
    platforms = [finder.platform(item) for item in images]
    wanted = platform or manifest.this_machine()
    for item, found in zip(images, platforms, strict=True):
        if found is not None and found.serves(wanted):
            return item
    known = sorted({str(found) for found in platforms if found is not None})
    have = ", ".join(known) or "none that says its platform"
    absent = sorted({str(item.platform) for item in finder.absent if item.platform is not None})
    left_out = f" (and lists {', '.join(absent)}, which are not stored)" if absent else ""
    raise ImageError(
        f"{where} has no image for {wanted}; it has {have}{left_out}; choose with --platform"
    )


def _config(
    files: Files, value: dict[str, object], limits: Limits
) -> tuple[Descriptor, manifest.Config]:
    pointer = manifest.descriptor(value.get("config"), f"{files.where}: the manifest's config")
    data = read_blob(files, pointer.digest, f"config {pointer.digest}", limits)
    return pointer, manifest.config(
        data, f"{files.where}: config {pointer.digest}", value.get("annotations")
    )


def _open_image(files: Files, chosen: Descriptor, name: str | None, limits: Limits) -> Opened:
    value = _Finder(files, limits).document(chosen, "manifest")
    blobs = manifest.descriptors(value, "layers", f"{files.where}: manifest {chosen.digest}")
    pointer, config = _config(files, value, limits)
    if len(blobs) != len(config.diff_ids):
        raise ImageError(
            f"{files.where}: the manifest has {len(blobs)} layers, its configuration "
            f"{len(config.diff_ids)}"
        )
    if len(blobs) > limits.layers:
        raise ImageError(f"{files.where}: {len(blobs)} layers, more than {limits.layers}")
    layers = tuple(
        Layer(index=i, digest=blob.digest, diff_id=diff_id, size=blob.size, created_by=made)
        for i, (blob, diff_id, made) in enumerate(
            zip(blobs, config.diff_ids, config.history, strict=True)
        )
    )
    sources: list[LayerSource] = []
    for layer, blob in zip(layers, blobs, strict=True):
        path = check_digest(blob.digest)
        stored = BlobLayer(layer, partial(files.open, path), limits)
        if blob.is_foreign:
            sources.append(ForeignLayer(layer, stored if files.has(path) else None))
        elif files.has(path):
            sources.append(stored)
        else:
            raise ImageError(
                f"{files.where}: layer {layer.index} ({layer.digest}) is not there; "
                "copy the image again, with all its layers"
            )
    image = Image(
        reference=name,
        digest=chosen.digest,
        config_digest=pointer.digest,
        platform=str(chosen.platform or config.platform or "") or None,
        created=config.created,
        os=None,
        base=config.base,
        layers=layers,
    )
    return Opened(
        image=image,
        layers=tuple(sources),
        is_layered=True,
        notes=(),
        close=files.close,
    )
