"""An image in a registry, opened without fetching its layers: each is read when it is asked for.

Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
A tag is resolved once; everything behind it is asked for by digest, and verified.
"""

import hashlib
import io
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from lading.errors import DigestMismatch, ImageError, UsageError
from lading.image import manifest
from lading.image.limits import Limits
from lading.image.manifest import Descriptor, Platform
from lading.image.oci import Listed, images_in, open_listed
from lading.image.source import Opened
from lading.net import NetworkError, is_loopback
from lading.net.transport import Response, shown
from lading.sources.blob import BlobReader, Kept
from lading.sources.distribution import Absent, Endpoint, Repository
from lading.sources.door import Door
from lading.sources.reference import DEFAULT_API_HOST, DEFAULT_HOST, Reference

if TYPE_CHECKING:
    from typing_extensions import Buffer

_T = TypeVar("_T")
_DIGEST_HEADER = "Docker-Content-Digest"


def open_registry(
    reference: Reference, platform: Platform | None, limits: Limits, door: Door
) -> Opened:
    """Open the image for the platform.

    Raise UsageError when offline, NetworkError when it cannot be had, ImageError when it is none.
    """
    image = RegistryImage(reference, limits, door)
    opened = open_listed(image, (image.root(),), platform, limits)
    return replace(opened, image=replace(opened.image, reference=str(reference)))


def images_in_registry(reference: Reference, limits: Limits, door: Door) -> Listed:
    """Return the images of all platforms behind the reference; errors as `open_registry`."""
    image = RegistryImage(reference, limits, door)
    listed = images_in(image, (image.root(),), limits)
    there = tuple(item for item in listed.images if image.has_manifest(item.digest))
    if not there:
        raise ImageError(f"{reference}: the registry has none of the images that it lists")
    return Listed(there, (*listed.absent, *(one for one in listed.images if one not in there)))


def endpoints(host: str, door: Door) -> tuple[Endpoint, ...]:
    """Return where to ask for a registry's images: its mirrors in order, then itself."""
    mirrors = tuple(
        Endpoint(host=address.partition("://")[2], base=address)
        for address in door.mirrors.get(host, ())
    )
    api = DEFAULT_API_HOST if host == DEFAULT_HOST else host
    bare = re.sub(r":\d+$", "", host).strip("[]")
    plain_too = is_loopback(bare) or bool({host, bare} & door.insecure)
    plain = f"http://{api}" if plain_too else None
    return (*mirrors, Endpoint(host=host, base=f"https://{api}", plain=plain))


class RegistryImage:
    """The manifests and blobs of one repository as the files of a layout."""

    def __init__(self, reference: Reference, limits: Limits, door: Door) -> None:
        if door.offline:
            raise UsageError(
                f"{reference}: --offline forbids asking a registry; "
                "save the image as an archive where there is a network, and scan that"
            )
        self.where = reference.name
        self._reference = reference
        self._limits = limits
        self._door = door
        self._repositories = tuple(
            Repository(
                endpoint, reference.repository, door.transport, door.account, sleep=door.sleep
            )
            for endpoint in endpoints(reference.host, door)
        )
        self._documents: dict[str, bytes] = {}  # manifests by digest, as they came
        self._manifests: set[str] = set()  # digests that a registry files under manifests
        self._sizes: dict[str, int] = {}
        self._foreign: dict[str, tuple[str, ...]] = {}  # digest → https addresses
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def root(self) -> Descriptor:
        """Resolve the reference to an index or a manifest."""
        version = self._reference.version
        data, headers = self._first(lambda place: place.manifest(version, self._limits.document))
        digest = self._reference.digest or "sha256:" + hashlib.sha256(data).hexdigest()
        promised = headers.get(_DIGEST_HEADER, "")
        # One that is not sha256 cannot be compared; what is behind the tag is named by its own.
        if promised.startswith("sha256:") and digest.startswith("sha256:") and promised != digest:
            raise DigestMismatch(f"{self._reference}", expected=promised, found=digest)
        self._note(digest, data)
        return Descriptor(
            digest=digest,
            media_type=headers.get_content_type(),
            size=len(data),
            platform=None,
            annotations={},
        )

    def has(self, name: str) -> bool:
        """Say whether the blob can be had; a layer that is listed is taken to be there."""
        digest = _digest(name)
        if digest not in self._foreign or self._foreign[digest]:
            return True
        return any(place.has_blob(digest) for place in self._repositories)

    def has_manifest(self, digest: str) -> bool:
        """Ask for the manifest; NetworkError when it may be there, but cannot be had."""
        try:
            self.open(f"blobs/{digest.replace(':', '/')}").close()
        except Absent:
            return False
        return True

    def open(self, name: str) -> io.RawIOBase:
        """Return the bytes of `blobs/ALGORITHM/HEX`, as they come; NetworkError when they do not.

        While a blob is open, opening it again reads what came the first time.
        """
        digest = _digest(name)
        if digest in self._manifests and digest not in self._documents:
            data, _ = self._first(lambda place: place.manifest(digest, self._limits.document))
            self._note(digest, data)
        if digest in self._documents:
            return _Bytes(self._documents[digest])
        with self._lock:
            kept = self._kept.get(digest)
            again = kept.again() if kept is not None else None
        if again is not None:
            return again
        reader = BlobReader(
            partial(self._fetch, digest),
            what=f"{self.where}: {digest}",
            size=self._sizes.get(digest),
            sleep=self._door.sleep,
        )
        kept = Kept(reader, partial(self._forget, digest))
        with self._lock:
            self._kept.setdefault(digest, kept)
        return kept

    def close(self) -> None:
        """Hold nothing open: whoever opened a blob closes it."""

    def _forget(self, digest: str, kept: Kept) -> None:
        with self._lock:
            if self._kept.get(digest) is kept:
                del self._kept[digest]

    def _fetch(self, digest: str, at: int) -> Response:
        """Ask for a blob from a position on: the registry, then a foreign layer's own addresses."""
        try:
            return self._first(lambda place: place.blob(digest, at))
        except NetworkError as error:
            reason = error
        for url in self._foreign.get(digest, ()):
            try:
                return _fetch_foreign(self._door, url, at)
            except NetworkError as error:
                reason = error
        raise reason

    def _first(self, ask: Callable[[Repository], _T]) -> _T:
        """Return what the first mirror or registry gives; the registry's own error otherwise."""
        *mirrors, origin = self._repositories
        for place in mirrors:
            try:
                return ask(place)
            except NetworkError:
                continue
        return ask(origin)

    def _note(self, digest: str, data: bytes) -> None:
        """Remember a manifest, and what it says of the documents and blobs behind it."""
        self._documents[digest] = data
        try:
            value = manifest.document(data, digest)
            listed = [(m, value.get(m)) for m in ("manifests", "layers")]
            found = {m: manifest.descriptors(value, m, digest) for m, v in listed if v is not None}
        except ImageError:
            return  # whoever reads the document says what is wrong with it
        self._manifests.update(item.digest for item in found.get("manifests", ()))
        for item in found.get("layers", ()):
            if item.size is not None:
                self._sizes[item.digest] = item.size
            if item.is_foreign:
                self._foreign[item.digest] = tuple(u for u in item.urls if u.startswith("https://"))


def _fetch_foreign(door: Door, url: str, at: int) -> Response:
    answer = door.transport.request("GET", url, {"Range": f"bytes={at}-"} if at else {})
    if answer.status not in (200, 206):
        answer.body.close()
        raise NetworkError(f"{shown(url)}: HTTP {answer.status}")
    return answer


def _digest(name: str) -> str:
    """Return the digest of `blobs/ALGORITHM/HEX`."""
    return name.removeprefix("blobs/").replace("/", ":")


class _Bytes(io.RawIOBase):
    """Bytes as an open file."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        return self._data.readinto(buffer)
