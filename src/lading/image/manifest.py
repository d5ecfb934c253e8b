"""Index, manifest and configuration documents into values.

Formats: https://github.com/opencontainers/image-spec (index, manifest, config) and Docker's image
manifest version 2, schema 2, which has the same shape under other media types.
"""

import os
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from lading.errors import ImageError, UsageError
from lading.image.base import said_base
from lading.image.blobs import check_digest
from lading.model.image import BaseImage

_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1"
_TAG = "org.opencontainers.image.ref.name"
_FULL_NAME = "io.containerd.image.name"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where an image runs: `linux/arm64/v8`."""

    os: str
    architecture: str
    variant: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)

    def serves(self, wanted: "Platform") -> bool:
        """Say whether an image for this platform is what `wanted` asks for."""
        if (self.os, self.architecture) != (wanted.os, wanted.architecture):
            return False
        return wanted.variant is None or self.variant in (wanted.variant, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """A pointer to a document or a layer."""

    digest: str
    media_type: str
    size: int | None
    platform: Platform | None
    annotations: dict[str, str]
    urls: tuple[str, ...] = ()  # where else the content is

    @property
    def is_foreign(self) -> bool:
        """True for a layer that registries need not have: it is fetched from its `urls`."""
        return (
            bool(self.urls)
            or "nondistributable" in self.media_type
            or ("foreign" in self.media_type)
        )

    @property
    def is_manifest(self) -> bool:
        return self.media_type in _MANIFESTS

    @property
    def is_image(self) -> bool:
        """False for attestations and other documents that only accompany an image."""
        return "vnd.docker.reference.type" not in self.annotations and (
            self.platform is None or self.platform.os != "unknown"
        )

    @property
    def label(self) -> str:
        """What tells it from the other images of its index, for messages."""
        return str(self.platform) if self.platform is not None else self.digest

    def is_called(self, tag: str) -> bool:
        return tag in (self.annotations.get(_TAG), self.annotations.get(_FULL_NAME))

    @property
    def name(self) -> str | None:
        return self.annotations.get(_FULL_NAME) or self.annotations.get(_TAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What an image's configuration says that a scan uses."""

    platform: Platform | None
    created: str | None
    diff_ids: tuple[str, ...]
    history: tuple[str | None, ...]  # the instruction of each layer, lowest first
    base: BaseImage | None = None  # what it was built on, where that shows


def parse_platform(text: str) -> Platform:
    """Read os/arch[/variant]; UsageError when it is not that."""
    if re.fullmatch(r"[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?", text) is None:
        raise UsageError(
            f"{text!r} is no platform; write os/arch or os/arch/variant, such as linux/amd64"
        )
    os, architecture, *variant = text.split("/")
    return Platform(os=os, architecture=architecture, variant=variant[0] if variant else None)


def this_machine() -> Platform:
    """Return the Linux platform with this machine's processor."""
    name = os.uname().machine
    return Platform(os="linux", architecture=_ARCHITECTURES.get(name, name))


def document(data: bytes, what: str) -> dict[str, Any]:
    """Return the JSON object; ImageError when it is none."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImageError(f"{what} is no JSON document: {error}") from error
    if not isinstance(value, dict):
        raise ImageError(f"{what} is no JSON object")
    return value


def descriptors(value: dict[str, Any], member: str, what: str) -> tuple[Descriptor, ...]:
    """Return the descriptors listed under `member`; ImageError when they are malformed."""
    found = value.get(member)
    if not isinstance(found, list):
        media = str(value.get("mediaType", ""))
        if media.startswith(_SCHEMA_1) or value.get("schemaVersion") == 1:
            raise ImageError(
                f"{what} is a Docker schema 1 manifest, which nothing verifies; "
                "push the image again with a current client"
            )
        raise ImageError(f"{what} has no list of {member}")
    return tuple(descriptor(item, f"{what}, {member}[{i}]") for i, item in enumerate(found))


def descriptor(item: object, what: str) -> Descriptor:
    """Return one descriptor; ImageError when it has no digest."""
    if not isinstance(item, dict) or not isinstance(item.get("digest"), str):
        raise ImageError(f"{what} is no descriptor with a digest")
    size = item.get("size")
    annotations, urls = item.get("annotations"), item.get("urls")
    return Descriptor(
        digest=item["digest"],
        media_type=str(item.get("mediaType", "")),
        size=size if isinstance(size, int) and size >= 0 else None,
        platform=_platform(item.get("platform")),
        annotations={str(k): str(v) for k, v in annotations.items()}
        if isinstance(annotations, dict)
        else {},
        urls=tuple(url for url in urls if isinstance(url, str)) if isinstance(urls, list) else (),
    )


def _platform(value: object) -> Platform | None:
    if not isinstance(value, dict):
        return None
    os, architecture, variant = (value.get(k) for k in ("os", "architecture", "variant"))
    if not isinstance(os, str) or not isinstance(architecture, str) or not os or not architecture:
        return None
    return Platform(
        os=os,
        architecture=architecture,
        variant=variant if isinstance(variant, str) and variant else None,
    )


def config(data: bytes, what: str, annotations: object = None) -> Config:
    """Read an image configuration; ImageError when it does not list its layers by digest.

    `annotations` are those of the manifest, where there is one.
    """
    value = document(data, what)
    rootfs = value.get("rootfs")
    diff_ids = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    if not isinstance(diff_ids, list) or not all(isinstance(item, str) for item in diff_ids):
        raise ImageError(f"{what} is no image configuration: it has no rootfs.diff_ids")
    for diff_id in diff_ids:
        check_digest(diff_id)
    created = value.get("created")
    return Config(
        platform=_platform(value),
        created=created if isinstance(created, str) else None,
        diff_ids=tuple(diff_ids),
        history=_instructions(value.get("history"), len(diff_ids)),
        base=_base(value, annotations, len(diff_ids)),
    )


def _base(value: dict[str, Any], annotations: object, layers: int) -> BaseImage | None:
    running = value.get("config")
    labels = running.get("Labels") if isinstance(running, dict) else None
    told = annotations if isinstance(annotations, dict) else {}
    return said_base(told, labels, value.get("history"), layers)


def _instructions(history: object, layers: int) -> tuple[str | None, ...]:
    """Return the instruction of each layer; all None where the history does not fit the layers."""
    entries = history if isinstance(history, list) else []
    made = [e for e in entries if isinstance(e, dict) and not e.get("empty_layer")]
    if len(made) != layers:
        return (None,) * layers
    texts = (entry.get("created_by") for entry in made)
    return tuple(text if isinstance(text, str) and text else None for text in texts)
