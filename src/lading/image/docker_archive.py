"""Archives that `docker save` writes.

Format: https://github.com/moby/docker-image-spec
In the archive: manifest.json, configurations, and layers as tar files.
"""

import hashlib
import re
from functools import partial
from typing import Any

import msgspec

from lading.errors import DigestMismatch, ImageError
from lading.image import manifest
from lading.image.blobs import Archive, read_bounded
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import BlobLayer, Opened
from lading.image.target import Target
from lading.model.image import Image, Layer

_DIGEST_NAME = re.compile(r"(?:^|/)([0-9a-f]{64})(?:\.json)?$")  # Docker names it by its content


def open_archive(
    archive: Archive, target: Target, platform: Platform | None, limits: Limits
) -> Opened:
    """Open the image that the target's tag chooses; ImageError when there is none."""
    where = archive.where
    entry, reference = _choose(_entries(archive, limits), target, where)
    data = _configuration(archive, _text(entry, "Config", where), limits)
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
    image = Image(
        reference=reference,
        digest=None,
        config_digest="sha256:" + hashlib.sha256(data).hexdigest(),
        platform=str(config.platform) if config.platform else None,
        created=config.created,
        os=None,
        base=config.base,
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


def _configuration(archive: Archive, name: str, limits: Limits) -> bytes:
    what = f"{archive.where}: the configuration"
    with archive.open(name) as file:
        data = read_bounded(file, what, limits.document)
    promised = _DIGEST_NAME.search(name)
    found = hashlib.sha256(data).hexdigest()
    if promised is not None and promised[1] != found:
        raise DigestMismatch(what, expected=f"sha256:{promised[1]}", found=f"sha256:{found}")
    return data


def _choose(
    entries: list[dict[str, Any]], target: Target, where: str
) -> tuple[dict[str, Any], str | None]:
    """Return the entry that is meant, and the tag that it is called by."""
    if not entries:
        raise ImageError(f"{where} lists no image")
    tags = sorted(tag for entry in entries for tag in _tags(entry))
    if target.tag is not None:
        for entry in entries:
            for tag in _tags(entry):
                if _same(tag, target.tag):
                    return entry, tag
        raise ImageError(
            f"{where} has no image {target.tag!r}; it has {', '.join(tags) or 'no named one'}"
        )
    if len(entries) > 1:
        raise ImageError(
            f"{where} has several images: {', '.join(tags) or len(entries)}; add one as :NAME:TAG"
        )
    return entries[0], next(iter(_tags(entries[0])), None)


def _tags(entry: dict[str, Any]) -> list[str]:
    tags = entry.get("RepoTags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _same(tag: str, wanted: str) -> bool:
    tag, wanted = _short(tag), _short(wanted)
    return wanted in (tag, tag.rpartition(":")[2]) or tag == f"{wanted}:latest"


def _short(tag: str) -> str:
    """Return the name as Docker shows it; other tools write it out."""
    return tag.removeprefix("docker.io/").removeprefix("library/")


def _text(entry: dict[str, Any], member: str, where: str) -> str:
    value = entry.get(member)
    if not isinstance(value, str):
        raise ImageError(f"{where}: manifest.json has no {member}")
    return value
