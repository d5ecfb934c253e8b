"""Where bundles lie for others to fetch: a folder, a web server, or an artefact in a registry.

Each has a list of them, which says from which state to which a bundle leads. In a folder and on the
web it is `index.json`; in a registry it is the manifest itself, one layer for each bundle:
https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from lading.errors import AdvisoryError
from lading.net import Fetch

INDEX = "index.json"
SCHEMA = "lading.bundles/1"
ARTIFACT = "application/vnd.lading.advisories.v1"
LAYER = "application/vnd.lading.advisories.bundle.v1+zstd"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
EMPTY = b"{}"  # https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidance-for-an-empty-descriptor
_EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
_LARGEST = 4 << 20  # bytes of a list
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Offer(msgspec.Struct, rename={"from_": "from"}, kw_only=True, frozen=True):
    """A bundle that can be fetched."""

    file: str  # its name, without a folder
    kind: str  # "full" or "delta"
    from_: str | None = None  # the state that a delta starts from
    to: str
    size: int  # bytes
    digest: str  # sha256:<hex>


class Index(msgspec.Struct, rename={"schema_": "schema"}, kw_only=True, frozen=True):
    """What there is to fetch."""

    schema_: str = SCHEMA
    newest: str  # the state that the newest bundle leads to
    built: str | None = None  # RFC 3339 UTC
    bundles: list[Offer]


class Offering(Protocol):
    """A place with bundles; errors are AdvisoryError and NetworkError."""

    def index(self) -> Index | None:
        """Return the list, or None where there is none yet."""
        ...

    def fetch(self, offer: Offer, into: Path) -> None:
        """Copy a bundle, unverified."""
        ...


class Shelf(Offering, Protocol):
    """A place where bundles can be put."""

    def publish(self, index: Index, files: dict[str, Path]) -> None:
        """Put new bundles (by name) there, then the list in place of the old one."""
        ...


class Artefact(Protocol):
    """One tag of a repository."""

    def manifest(self) -> bytes | None: ...
    def blob(self, digest: str, into: Path) -> None: ...
    def push(self, blobs: dict[str, bytes | Path], manifest: bytes, media_type: str) -> None: ...


def decode_index(data: bytes, where: str) -> Index:
    """Return a list of bundles; AdvisoryError for what is none."""
    try:
        index = msgspec.json.decode(data, type=Index)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AdvisoryError(f"{where} is no list of advisory bundles: {error}") from error
    if index.schema_ != SCHEMA:
        raise AdvisoryError(f"{where} has another form than {SCHEMA}: {index.schema_[:40]!r}")
    odd = [
        one
        for one in index.bundles
        if not _NAME.fullmatch(one.file) or not _DIGEST.fullmatch(one.digest) or one.size < 0
    ]
    if odd:
        raise AdvisoryError(f"{where} offers a bundle that is none: {odd[0].file[:80]!r}")
    return index


def verify(file: Path, offer: Offer) -> None:
    """Raise AdvisoryError when a file is not the one that was offered."""
    with file.open("rb") as stream:
        found = "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
    if found != offer.digest:
        raise AdvisoryError(f"{offer.file}: its content is {found}, not {offer.digest}")


class FolderShelf:
    """A folder, to be served by any web server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def index(self) -> Index | None:
        path = self._folder / INDEX
        try:
            with path.open("rb") as file:
                data = file.read(_LARGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise AdvisoryError(f"{path}: {error.strerror}") from error
        return decode_index(data, str(path))

    def fetch(self, offer: Offer, into: Path) -> None:
        try:
            shutil.copyfile(self._folder / offer.file, into)
        except OSError as error:
            raise AdvisoryError(f"{self._folder / offer.file}: {error.strerror}") from error

    def publish(self, index: Index, files: dict[str, Path]) -> None:
        before = self.index()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, file in files.items():
                self._put(name, lambda part, file=file: shutil.copyfile(file, part))  # type: ignore[misc]  # bound now
            data = msgspec.json.format(msgspec.json.encode(index), indent=1)
            self._put(INDEX, lambda part: part.write_bytes(data))
            # What nobody lists any more goes one publication later: it may be on its way.
            kept = {one.file for one in (*index.bundles, *(before.bundles if before else ()))}
            for path in self._folder.glob("*.lading"):
                if path.name not in kept:
                    path.unlink()
        except OSError as error:
            raise AdvisoryError(f"{self._folder}: cannot be written: {error}") from error

    def _put(self, name: str, write: Callable[[Path], object]) -> None:
        part = self._folder / f".{name}.{os.getpid()}.part"
        try:
            write(part)
            part.replace(self._folder / name)
        finally:
            part.unlink(missing_ok=True)


class WebShelf:
    """A folder on a web server; `url` is that of the folder, or of its list."""

    def __init__(self, url: str, fetch: Fetch) -> None:
        self._base = url.removesuffix(INDEX).rstrip("/")
        self._fetch = fetch

    def index(self) -> Index:
        from io import BytesIO

        into = BytesIO()
        self._fetch(f"{self._base}/{INDEX}", into)
        return decode_index(into.getvalue()[: _LARGEST + 1], f"{self._base}/{INDEX}")

    def fetch(self, offer: Offer, into: Path) -> None:
        with into.open("wb") as file:
            self._fetch(f"{self._base}/{offer.file}", file)


class RegistryShelf:
    """An artefact in a registry: its manifest is the list."""

    def __init__(self, artefact: Artefact, where: str) -> None:
        self._artefact = artefact
        self._where = where

    def index(self) -> Index | None:
        data = self._artefact.manifest()
        return None if data is None else _from_manifest(data, self._where)

    def fetch(self, offer: Offer, into: Path) -> None:
        self._artefact.blob(offer.digest, into)

    def publish(self, index: Index, files: dict[str, Path]) -> None:
        digests = {one.file: one.digest for one in index.bundles}
        blobs: dict[str, bytes | Path] = {digests[name]: file for name, file in files.items()}
        blobs[_digest(EMPTY)] = EMPTY
        self._artefact.push(blobs, to_manifest(index), MANIFEST)


def to_manifest(index: Index) -> bytes:
    """Return the list as a manifest: the newest whole bundle first, then the deltas."""
    layers = [
        {
            "mediaType": LAYER,
            "digest": one.digest,
            "size": one.size,
            "annotations": {
                "io.lading.kind": one.kind,
                "io.lading.to": one.to,
                "org.opencontainers.image.title": one.file,
            }
            | ({"io.lading.from": one.from_} if one.from_ is not None else {}),
        }
        for one in index.bundles
    ]
    annotations = {"io.lading.newest": index.newest}
    if index.built is not None:
        annotations["org.opencontainers.image.created"] = index.built
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": ARTIFACT,
        "config": {"mediaType": _EMPTY_TYPE, "digest": _digest(EMPTY), "size": len(EMPTY)},
        "layers": layers,
        "annotations": annotations,
    }
    return msgspec.json.encode(manifest)


class _Layer(msgspec.Struct):
    digest: str
    size: int
    annotations: dict[str, str] = {}


class _Manifest(msgspec.Struct, rename="camel"):
    layers: list[_Layer]
    artifact_type: str = ""
    annotations: dict[str, str] = {}


def _from_manifest(data: bytes, where: str) -> Index:
    try:
        manifest = msgspec.json.decode(data, type=_Manifest)
        offers = [
            Offer(
                file=layer.annotations["org.opencontainers.image.title"],
                kind=layer.annotations["io.lading.kind"],
                from_=layer.annotations.get("io.lading.from"),
                to=layer.annotations["io.lading.to"],
                size=layer.size,
                digest=layer.digest,
            )
            for layer in manifest.layers
        ]
        index = Index(
            newest=manifest.annotations["io.lading.newest"],
            built=manifest.annotations.get("org.opencontainers.image.created"),
            bundles=offers,
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError) as error:
        raise AdvisoryError(f"{where} holds no advisory bundles: {error}") from error
    return decode_index(msgspec.json.encode(index), where)


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
