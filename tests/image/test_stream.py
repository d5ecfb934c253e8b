"""Blobs unpacked and hashed on both sides; nothing hangs, and no thread is left behind."""

import bz2
import gzip
import hashlib
import io
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
import zstandard

from lading.errors import DigestMismatch, ImageError, LadingError, LimitExceeded
from lading.image.limits import Limits
from lading.image.stream import CHUNK, Readable, Unpacking, is_packed

LIMITS = Limits()
Pack = Callable[[bytes], bytes]
NOISE = random.Random(3).randbytes(2_500_000)
TEXT = b"the same line again and again\n" * 100_000
SKIPPABLE = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"


@pytest.fixture(autouse=True)
def _no_thread_is_left_behind() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "unpack"] == []


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def an_unpacking(
    data: bytes | Readable,
    digest: str | None = None,
    diff_id: str | None = None,
    limits: Limits = LIMITS,
) -> Unpacking:
    raw = io.BytesIO(data) if isinstance(data, bytes) else data
    return Unpacking(raw, what="layer 3", digest=digest, diff_id=diff_id, limits=limits)


def finished(unpacking: Unpacking) -> tuple[str, str]:
    for _ in unpacking.chunks():
        pass
    return unpacking.finish()


def unpacked(data: bytes | Readable, limits: Limits = LIMITS) -> bytes:
    return b"".join(bytes(chunk) for chunk in an_unpacking(data, limits=limits).chunks())


FORMS = [
    pytest.param(NOISE, NOISE, id="plain"),
    pytest.param(gzip.compress(NOISE), NOISE, id="gzip"),
    pytest.param(gzip.compress(TEXT) + gzip.compress(b"more"), TEXT + b"more", id="gzip members"),
    pytest.param(gzip.compress(TEXT) + bytes(5000), TEXT, id="gzip, zeros behind"),
    pytest.param(zstandard.compress(NOISE), NOISE, id="zstd"),
    pytest.param(
        zstandard.compress(TEXT) + zstandard.compress(b"more"), TEXT + b"more", id="zstd frames"
    ),
    pytest.param(SKIPPABLE + zstandard.compress(TEXT), TEXT, id="zstd, skippable frame first"),
    pytest.param(zstandard.compress(TEXT) + SKIPPABLE, TEXT, id="zstd, skippable frame last"),
    pytest.param(zstandard.compress(b""), b"", id="zstd of nothing"),
    pytest.param(gzip.compress(b""), b"", id="gzip of nothing"),
    pytest.param(b"", b"", id="nothing"),
    pytest.param(b"\x1f", b"\x1f", id="one byte"),
    pytest.param(bz2.compress(b"x"), bz2.compress(b"x"), id="unknown compression stays packed"),
]


@pytest.mark.parametrize(("data", "content"), FORMS)
def test_every_form_is_unpacked_and_hashed_on_both_sides(data: bytes, content: bytes) -> None:
    unpacking = an_unpacking(data, sha256(data), sha256(content))

    assert b"".join(bytes(chunk) for chunk in unpacking.chunks()) == content
    assert unpacking.finish() == (sha256(data), sha256(content))


@pytest.mark.parametrize(("data", "content"), FORMS)
def test_chunks_have_whole_blocks_but_for_the_last(data: bytes, content: bytes) -> None:
    sizes = [len(chunk) for chunk in an_unpacking(data).chunks()]

    assert sum(sizes) == len(content)
    assert all(size % 512 == 0 for size in sizes[:-1])


def test_a_blob_may_be_named_by_its_sha512() -> None:
    data = gzip.compress(TEXT)
    digest = "sha512:" + hashlib.sha512(data).hexdigest()
    diff_id = "sha512:" + hashlib.sha512(TEXT).hexdigest()
    unpacking = an_unpacking(data, digest, diff_id)
    list(unpacking.chunks())

    assert unpacking.finish() == (digest, diff_id)


@pytest.mark.parametrize(
    ("digest", "diff_id", "what"),
    [
        pytest.param(sha256(b"else"), None, "layer 3: its content is sha256:", id="as stored"),
        pytest.param(None, sha256(b"else"), "layer 3, unpacked: its content is", id="unpacked"),
        pytest.param("sha512:" + "0" * 128, None, "not sha512:000", id="sha512"),
    ],
)
def test_a_blob_that_is_not_what_its_digest_says(
    digest: str | None, diff_id: str | None, what: str
) -> None:
    unpacking = an_unpacking(gzip.compress(TEXT), digest, diff_id)
    list(unpacking.chunks())

    with pytest.raises(DigestMismatch, match=what):
        unpacking.finish()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("content", [NOISE, TEXT], ids=["noise", "text"])
@pytest.mark.parametrize("cut", [1, 4, 8, 9, 40, 0.5])
def test_a_blob_cut_short_is_damaged(pack: Pack, content: bytes, cut: float) -> None:
    data = pack(content)
    length = len(data) - int(cut if cut >= 1 else len(data) * cut)

    with pytest.raises(ImageError, match="layer 3: its compressed data is damaged"):
        unpacked(data[:length])


@pytest.mark.parametrize("head", [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", SKIPPABLE[:7]])
def test_a_magic_number_alone_is_damaged(head: bytes) -> None:
    with pytest.raises(ImageError, match="layer 3: its compressed data is damaged"):
        unpacked(head)


@pytest.mark.parametrize("garbage", [b"garbage", b"garbage!" * 100_000], ids=["little", "much"])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_garbage_behind_the_end_is_damage(pack: Pack, garbage: bytes) -> None:
    with pytest.raises(ImageError, match="layer 3: its compressed data is damaged"):
        unpacked(pack(TEXT) + garbage)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_random_damage_ends_in_an_error_or_other_bytes(pack: Pack) -> None:
    chance = random.Random(5)
    data = pack(NOISE[:200_000] + TEXT[:200_000])
    for _ in range(60):
        changed = bytearray(data)
        for _ in range(3):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        unpacking = an_unpacking(bytes(changed), sha256(data))
        with pytest.raises(LadingError):
            finished(unpacking)


class Failing:
    """A blob whose disk fails after some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readinto(self, buffer: memoryview, /) -> int:
        if got := self._data.readinto(buffer):
            return got
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b", NOISE, gzip.compress(NOISE)[:-20]], ids=range(4)
)
def test_a_reader_that_fails_says_why(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"layer 3: cannot be read: .*Input/output error"):
        unpacked(Failing(data))


class Foreign:
    def readinto(self, buffer: memoryview, /) -> int:
        raise LimitExceeded("the registry's own words")


def test_an_error_of_ours_is_passed_on_as_it_is() -> None:
    with pytest.raises(LimitExceeded, match=r"^the registry's own words$"):
        unpacked(Foreign())


class Dribbling:
    """A blob that comes in small pieces, as from a network."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readinto(self, buffer: memoryview, /) -> int:
        return self._data.readinto(buffer[:1000])


@pytest.mark.parametrize(
    "data", [TEXT, gzip.compress(TEXT), zstandard.compress(TEXT)], ids=["plain", "gzip", "zstd"]
)
def test_small_pieces_make_whole_chunks(data: bytes) -> None:
    sizes = [len(chunk) for chunk in an_unpacking(Dribbling(data)).chunks()]

    whole, rest = divmod(len(TEXT), CHUNK)
    assert sizes == [CHUNK] * whole + [rest]


# Bombs


@pytest.mark.parametrize(
    "data",
    [bytes(30_000_000), gzip.compress(bytes(30_000_000)), zstandard.compress(bytes(1 << 25))],
    ids=["plain", "gzip", "zstd"],
)
def test_a_blob_that_unpacks_to_too_much_is_cut_off(data: bytes) -> None:
    chunks = an_unpacking(data, limits=replace(LIMITS, layer_bytes=4 * CHUNK + 1)).chunks()

    assert [len(next(chunks)) for _ in range(4)] == [CHUNK] * 4
    with pytest.raises(LimitExceeded, match=f"layer 3: more than {4 * CHUNK + 1} bytes unpacked"):
        next(chunks)


@pytest.mark.parametrize(
    "data",
    [gzip.compress(bytes(30_000_000)), zstandard.compress(bytes(1 << 25))],
    ids=["gzip", "zstd"],
)
def test_a_blob_that_unpacks_to_many_times_its_size_is_cut_off(data: bytes) -> None:
    limits = replace(LIMITS, ratio=20, ratio_from=3_000_000)

    with pytest.raises(LimitExceeded, match="layer 3: unpacks to more than 20 times its size"):
        unpacked(data, limits)


def test_the_ratio_is_not_judged_of_small_blobs() -> None:
    limits = replace(LIMITS, ratio=20, ratio_from=3_000_000)

    assert len(unpacked(gzip.compress(bytes(2_900_000)), limits)) == 2_900_000


def test_a_frame_that_wants_too_much_memory_is_refused() -> None:
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3]) + b"\x01\x00\x00"
    with pytest.raises(ImageError, match="layer 3: its compressed data is damaged"):
        unpacked(frame)


# Stopping


@pytest.mark.parametrize(
    "data",
    [NOISE * 8, gzip.compress(NOISE * 8, 1), gzip.compress(TEXT * 20)],
    ids=["plain", "gzip", "small gzip"],
)
@pytest.mark.parametrize("taken", [0, 1, 3])
def test_the_consumer_may_stop_at_any_time(data: bytes, taken: int) -> None:
    with closing(an_unpacking(data).chunks()) as chunks:
        for _ in range(taken):
            next(chunks)


def test_the_consumer_may_fail_at_any_time() -> None:
    with pytest.raises(ZeroDivisionError), closing(an_unpacking(NOISE * 8).chunks()) as chunks:
        raise ZeroDivisionError(next(chunks))


def test_what_is_packed_is_told_by_its_first_bytes() -> None:
    assert is_packed(gzip.compress(b"x")[:4])
    assert is_packed(zstandard.compress(b"x")[:4])
    assert is_packed(SKIPPABLE[:4])
    assert not is_packed(b"")
    assert not is_packed(b"\x1f")
    assert not is_packed(b"ustar")
