"""An opened image: what it says of itself, and layers that can be read."""

import io
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from lading.errors import ImageError, LimitExceeded, UnreadableError
from lading.image.entry import LayerFiles, Visitor
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.stream import Unpacking
from lading.model.image import Image, Layer
from lading.model.problem import Problem, Stage


class LayerSource(Protocol):
    """A layer, or a whole directory, that can be walked."""

    key: str | None  # what its content is known by, for caches; None: it can change

    def read(self, visitor: Visitor) -> LayerFiles: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A target ready to be read; `close` when done."""

    image: Image
    layers: tuple[LayerSource, ...]
    is_layered: bool  # False: a directory, whose packages have no layer
    notes: tuple[str, ...]
    close: Callable[[], None]
    kind: str = "image"  # what the target is: image, directory, file
    others: tuple[str, ...] = ()  # platforms or digests that were not chosen of the same index


class BlobLayer:
    """A layer stored as a blob, verified while it is read."""

    def __init__(self, layer: Layer, open: Callable[[], io.RawIOBase], limits: Limits) -> None:
        self._layer = layer
        self._open = open
        self._limits = limits
        self.key: str | None = f"{layer.digest or ''} {layer.diff_id}"

    def read(self, visitor: Visitor) -> LayerFiles:
        """Walk the layer; ImageError when it is damaged or is not what its digests say."""
        what = f"layer {self._layer.index}"
        files = LayerFiles()
        with self._open() as raw:
            unpacking = self._unpacking(raw)
            try:
                with closing(unpacking.chunks()) as chunks:
                    read_layer(
                        chunks,
                        visitor,
                        what=what,
                        limits=self._limits,
                        again=self._again,
                        files=files,
                    )
            except LimitExceeded as error:
                files.is_cut = True
                files.problems.append(_cut(str(error), self._layer))
                return files
            unpacking.finish()
        return files

    def _again(self) -> Generator[memoryview, None, None]:
        with self._open() as raw:
            unpacking = self._unpacking(raw)
            yield from unpacking.chunks()
            unpacking.finish()

    def _unpacking(self, raw: io.RawIOBase) -> Unpacking:
        return Unpacking(
            raw,
            what=f"layer {self._layer.index}",
            digest=self._layer.digest,
            diff_id=self._layer.diff_id or None,
            limits=self._limits,
        )


class ForeignLayer:
    """A layer that need not be where the image is; without it the rest is still worth reading."""

    def __init__(self, layer: Layer, stored: BlobLayer | None) -> None:
        self._layer = layer
        self._stored = stored  # None: known to be nowhere
        self.key: str | None = f"{layer.digest or ''} {layer.diff_id}"

    def read(self, visitor: Visitor) -> LayerFiles:
        """Walk the layer, or say in a Problem that it cannot be had; ImageError when damaged."""
        reason = "a foreign layer that is not stored with the image, and has no https address"
        if self._stored is not None:
            try:
                return self._stored.read(visitor)
            except ImageError:
                raise
            except UnreadableError as error:
                reason = f"a foreign layer that cannot be fetched: {error}"
        problem = Problem(
            stage=Stage.IMAGE,
            path=self._layer.digest or self._layer.diff_id,
            reason=reason,
            effect=f"what layer {self._layer.index} holds is missing",
        )
        return LayerFiles(problems=[problem], is_cut=True)


def _cut(reason: str, layer: Layer) -> Problem:
    return Problem(
        stage=Stage.IMAGE,
        path=layer.digest or layer.diff_id,
        reason=reason,
        effect=f"the rest of layer {layer.index} was not read, and its digest not verified",
    )
