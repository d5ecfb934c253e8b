"""Archives that `docker save` writes.

Format: https://github.com/moby/docker-image-spec
In the archive: manifest.json, configurations, and layers as tar files.
"""

import hashlib
from functools import partial
from typing import Any

import msgspec

from lading.errors import ImageError
from lading.image import manifest
from lading.image.blobs import Archive, read_bounded
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import BlobLayer, Opened
from lading.image.target import Target
from lading.model.image import Image, Layer


def open_archive(
    archive: Archive, target: Target, platform: Platform | None, limits: Limits
) -> Opened:
    """Open the image that the target's tag chooses; ImageError when there is none."""
    entry = _choose(_entries(archive, limits), target, archive.where)
    where = archive.where
    with archive.open(_text(entry, "Config", where)) as file:
        data = read_bounded(file, f"{where}: the configuration", limits.document)
    config = manifest.config(data, f"{where}: the configuration")
    names = entry.get("Layers")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ImageError(f"{where}: manifest.json lists no layers")
    if len(names) != len(config.diff_ids):
        raise ImageError(
            f"{where}: manifest.json has {len(names)} layers, its configuration "
            f"{len(config.diff_ids)}"
        )
    if len(names) > limits.layers:
        raise ImageError(f"{where}: {len(names)} layers, more than {limits.layers}")
    if platform is not None and not (config.platform and config.platform.serves(platform)):
        raise ImageError(f"{where} has no image for {platform}; it has {config.platform}")
    layers = tuple(
        Layer(index=i, digest=None, diff_id=diff_id, size=None, created_by=made)
        for i, (diff_id, made) in enumerate(zip(config.diff_ids, config.history, strict=True))
    )
    for layer, name in zip(layers, names, strict=True):
        if not archive.has(name):
            raise ImageError(f"{where}: layer {layer.index} ({name}) is not there")
    tags = entry.get("RepoTags")
    image = Image(
        reference=target.tag or (str(tags[0]) if isinstance(tags, list) and tags else None),
        digest=None,
        config_digest="sha256:" + hashlib.sha256(data).hexdigest(),
        platform=str(config.platform) if config.platform else None,
        created=config.created,
        os=None,
        base=None,
        layers=layers,
    )
    return Opened(
        image=image,
        layers=tuple(
            BlobLayer(layer, partial(archive.open, name), limits)
            for layer, name in zip(layers, names, strict=True)
        ),
        is_layered=True,
        notes=(),
        close=archive.close,
    )


def _entries(archive: Archive, limits: Limits) -> list[dict[str, Any]]:
    with archive.open("manifest.json") as file:
        data = read_bounded(file, f"{archive.where}: manifest.json", limits.document)
    try:
        return msgspec.json.decode(data, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImageError(f"{archive.where}: manifest.json is no list of images: {error}") from error


def _choose(entries: list[dict[str, Any]], target: Target, where: str) -> dict[str, Any]:
    if not entries:
        raise ImageError(f"{where} lists no image")
    tags = sorted(str(tag) for entry in entries for tag in entry.get("RepoTags") or [])
    if target.tag is not None:
        for entry in entries:
            if any(_same(str(tag), target.tag) for tag in entry.get("RepoTags") or []):
                return entry
        raise ImageError(
            f"{where} has no image {target.tag!r}; it has {', '.join(tags) or 'no named one'}"
        )
    if len(entries) > 1:
        raise ImageError(
            f"{where} has several images: {', '.join(tags) or len(entries)}; add one as :NAME:TAG"
        )
    return entries[0]


def _same(tag: str, wanted: str) -> bool:
    return wanted in (tag, tag.rpartition(":")[2]) or tag == f"{wanted}:latest"


def _text(entry: dict[str, Any], member: str, where: str) -> str:
    value = entry.get(member)
    if not isinstance(value, str):
        raise ImageError(f"{where}: manifest.json has no {member}")
    return value
