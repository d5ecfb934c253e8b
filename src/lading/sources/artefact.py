"""An artefact in a registry: a manifest and blobs that are no image, fetched and pushed.

Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
"""

import hashlib
from pathlib import Path

from lading.errors import DigestMismatch, UsageError
from lading.net import NetworkError
from lading.sources.distribution import Absent, Repository
from lading.sources.door import Door
from lading.sources.reference import Reference
from lading.sources.registry import endpoints

_LARGEST_MANIFEST = 4 << 20  # bytes
_PART = 1 << 20


class RegistryArtefact:
    """One tag of a repository; pushes go to the registry itself, never to a mirror of it."""

    def __init__(self, reference: Reference, door: Door, *, is_pushed: bool = False) -> None:
        if door.offline:
            raise UsageError(f"{reference}: --offline forbids asking a registry")
        self._reference = reference
        *_, origin = endpoints(reference.host, door)
        self._repository = Repository(
            origin,
            reference.repository,
            door.transport,
            door.account,
            sleep=door.sleep,
            actions="pull,push" if is_pushed else "pull",
        )

    def manifest(self) -> bytes | None:
        """Return the manifest behind the reference; None where there is none yet."""
        try:
            data, _ = self._repository.manifest(self._reference.version, _LARGEST_MANIFEST)
        except Absent as error:
            if error.is_refused:
                raise
            return None
        digest = self._reference.digest
        if digest is not None and digest.startswith("sha256:") and _digest(data) != digest:
            raise DigestMismatch(str(self._reference), expected=digest, found=_digest(data))
        return data

    def blob(self, digest: str, into: Path) -> None:
        """Copy a blob, unverified, and go on where an answer is cut."""
        size = 0
        with into.open("wb") as file:
            for _ in range(4):
                answer = self._repository.blob(digest, size)
                if answer.status == 200 and size:
                    file.seek(0)
                    file.truncate()
                    size = 0
                try:
                    with answer.body as body:
                        while part := body.read(_PART):
                            file.write(part)
                            size += len(part)
                except NetworkError as error:
                    cut = error
                    continue
                return
        raise cut

    def push(self, blobs: dict[str, bytes | Path], manifest: bytes, media_type: str) -> None:
        """Put the blobs that the registry lacks, then the manifest behind the tag."""
        if self._reference.digest is not None:
            raise UsageError(f"{self._reference}: name a tag to push to, not a digest")
        for digest, content in blobs.items():
            if not self._repository.has_blob(digest):
                self._repository.push_blob(digest, content)
        self._repository.push_manifest(self._reference.version, manifest, media_type)


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
