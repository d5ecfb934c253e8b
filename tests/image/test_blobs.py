"""Blobs by digest in a folder, and archives that are packed."""

import gzip
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from image.tars import a_tar
from lading.errors import DigestMismatch, ImageError, LimitExceeded
from lading.image.blobs import Archive, Folder, check_digest, read_blob, read_bounded
from lading.image.limits import Limits


def test_a_digest_is_a_path_below_blobs() -> None:
    assert check_digest("sha256:" + "a" * 64) == "blobs/sha256/" + "a" * 64
    assert check_digest("sha512:" + "0" * 128) == "blobs/sha512/" + "0" * 128


@pytest.mark.parametrize(
    "digest",
    [
        "",
        "sha256",
        "sha256:" + "a" * 63,
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 64 + "\n",
        "sha1:" + "a" * 40,
        "sha256:../../../etc/passwd",
        "x" * 100_000,
    ],
)
def test_what_is_no_digest_is_no_path(digest: str) -> None:
    with pytest.raises(ImageError, match="is no sha256 or sha512 digest") as caught:
        check_digest(digest)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_small_blob_is_verified(tmp_path: Path, algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"content").hexdigest()
    (tmp_path / "blobs" / algorithm).mkdir(parents=True)
    path = tmp_path / "blobs" / algorithm / digest
    path.write_bytes(b"content")

    assert read_blob(Folder(tmp_path), f"{algorithm}:{digest}", "manifest", Limits()) == b"content"
    path.write_bytes(b"other")
    with pytest.raises(DigestMismatch, match="manifest: its content is"):
        read_blob(Folder(tmp_path), f"{algorithm}:{digest}", "manifest", Limits())


def test_documents_are_read_up_to_a_bound() -> None:
    class Raw(io.RawIOBase):
        def __init__(self, size: int) -> None:
            self.left = size

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # enough here
            got = min(len(buffer), self.left, 7)
            self.left -= got
            return got

    assert len(read_bounded(Raw(100), "it", 100)) == 100
    with pytest.raises(LimitExceeded, match="it: more than 100 bytes"):
        read_bounded(Raw(101), "it", 100)


def test_a_disk_that_fails_is_no_traceback() -> None:
    class Failing(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(ImageError, match="it cannot be read: Input/output error"):
        read_bounded(Failing(), "it", 100)


TAR = a_tar(("big", b"0" * 3_000_000), ("last", b"1"))
PACKS = pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])


def an_opened(tmp_path: Path, data: bytes, limits: Limits | None = None) -> Archive:
    (tmp_path / "a.tar").write_bytes(data)
    return Archive((tmp_path / "a.tar").open("rb"), "a.tar", limits or Limits())


@PACKS
def test_a_packed_archive_is_opened_like_a_plain_one(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    archive = an_opened(tmp_path, pack(TAR))

    with archive.open("last") as file:
        assert file.read() == b"1"
    archive.close()


@PACKS
@pytest.mark.parametrize("keep", [0.4, 0.999])
def test_a_packed_archive_that_is_cut_short(
    tmp_path: Path, pack: Callable[[bytes], bytes], keep: float
) -> None:
    data = pack(TAR)

    with pytest.raises(ImageError, match=r"a\.tar: its compressed data is damaged"):
        an_opened(tmp_path, data[: int(len(data) * keep)])


@PACKS
def test_a_packed_archive_has_bounds(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(LimitExceeded, match=r"a\.tar: more than 2000000 bytes unpacked"):
        an_opened(tmp_path, pack(TAR), Limits(layer_bytes=2_000_000))
    with pytest.raises(LimitExceeded, match=r"a\.tar: unpacks to more than 50 times its size"):
        an_opened(tmp_path, pack(TAR), Limits(ratio=50, ratio_from=2_000_000))


def test_zstd_that_starts_with_a_skippable_frame_is_packed_too(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    archive = an_opened(tmp_path, skippable + zstandard.compress(TAR))

    assert archive.has("last")
    archive.close()
