"""What an image says of the image it was built on, or what a user knows of it, into a BaseImage.

Annotations and labels: https://github.com/opencontainers/image-spec/blob/main/annotations.md
(`org.opencontainers.image.base.name` and `.digest`); chain ids:
https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid

In this order: a known base whose layers, by their chain id, are the lowest of the image; what the
manifest's annotations or the labels name; the history, where a `CMD` or `ENTRYPOINT` stands below
further layers, which is how images that others build on end. A base that names itself says nothing
of how many layers it has: the history may.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lading.model.image import BaseImage, Image

_NAME = "org.opencontainers.image.base.name"
_DIGEST = "org.opencontainers.image.base.digest"
_LAST_WORDS = re.compile(r"(?:/bin/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT)\b")
_LONGEST = 512  # characters of a name that anybody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBase:
    """An image that others are built on, known by its layers."""

    name: str
    digest: str | None  # of its manifest
    chain: str  # the chain id of all its layers
    layers: int


def chain_ids(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the chain id of every layer: the layer with all that is below it."""
    if not all(diff_ids):
        return ()  # a layer that does not say its digest is nobody's base
    chain: list[str] = []
    for diff_id in diff_ids:
        if chain:
            both = f"{chain[-1]} {diff_id}".encode()
            chain.append(f"sha256:{hashlib.sha256(both).hexdigest()}")
        else:
            chain.append(diff_id)
    return tuple(chain)


def said_base(
    annotations: Mapping[str, object], labels: object, history: object, layers: int
) -> BaseImage | None:
    """Return the base that the image's documents name or show; None where they do neither."""
    below = _below(history, layers)
    for words, evidence in ((annotations, "annotation"), (labels, "label")):
        if not isinstance(words, Mapping):
            continue
        name, digest = _text(words.get(_NAME)), _text(words.get(_DIGEST))
        if name or digest:
            return BaseImage(name=name, digest=digest, layers=below, evidence=evidence)
    if below is None:
        return None
    return BaseImage(name=None, digest=None, layers=below, evidence="history")


def known_base(image: Image, known: Iterable[KnownBase]) -> BaseImage | None:
    """Return the highest known base of the image; an image is no base of itself."""
    chain = chain_ids([layer.diff_id for layer in image.layers])
    places = {id: at + 1 for at, id in enumerate(chain[:-1])}
    found = [one for one in known if places.get(one.chain) == one.layers]
    best = max(found, key=lambda one: (one.layers, one.name), default=None)
    if best is None:
        return None
    return BaseImage(name=best.name, digest=best.digest, layers=best.layers, evidence="known")


def _below(history: object, layers: int) -> int | None:
    """Return how many layers lie below the last CMD or ENTRYPOINT that more layers follow."""
    entries = history if isinstance(history, list) else []
    found, below = None, 0
    for entry in entries:
        if not isinstance(entry, dict):
            return None
        text = entry.get("created_by")
        if not entry.get("empty_layer"):
            below += 1
        elif isinstance(text, str) and _LAST_WORDS.match(text) and 0 < below < layers:
            found = below
    return found if below == layers else None


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip()[:_LONGEST]
