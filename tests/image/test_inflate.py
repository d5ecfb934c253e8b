"""Compressed stretches into what they unpack to."""

import bz2
import gzip
import lzma
import random
from collections.abc import Callable

import pytest
import zstandard

from builders import damaged
from image.tars import LIMITS
from lading.errors import ImageError, LimitExceeded
from lading.image.inflate import inflated
from lading.image.limits import Limits

TEXT = random.Random(3).randbytes(1_100_000)
Pack = Callable[[bytes], bytes]


def alone(data: bytes) -> bytes:
    return lzma.compress(data, format=lzma.FORMAT_ALONE, preset=0)


def xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


PACKS = [bytes, gzip.compress, bz2.compress, xz, zstandard.compress, alone]
packed = pytest.mark.parametrize("pack", PACKS, ids=["none", "gzip", "bzip2", "xz", "zstd", "lzma"])


def unpacked(data: bytes, limits: Limits = LIMITS) -> bytes:
    return b"".join(bytes(chunk) for chunk in inflated(memoryview(data), "x.deb", limits))


@packed
def test_the_form_is_told_by_the_first_bytes(pack: Pack) -> None:
    assert unpacked(pack(TEXT)) == TEXT


@packed
def test_streams_behind_one_another_are_one(pack: Pack) -> None:
    assert unpacked(pack(b"one") + pack(b"two")) == b"onetwo"


@pytest.mark.parametrize("pack", [gzip.compress, xz, bz2.compress])
def test_padding_behind_a_stream_is_passed_over(pack: Pack) -> None:
    assert unpacked(pack(b"one") + bytes(8) + pack(b"two")) == b"onetwo"


@pytest.mark.parametrize("pack", PACKS[1:])
def test_what_comes_before_a_cut_is_given_and_the_cut_is_told(pack: Pack) -> None:
    chunks = inflated(memoryview(pack(TEXT)[:-1000]), "x.deb", LIMITS)

    assert TEXT.startswith(bytes(next(chunks)))
    with pytest.raises(ImageError, match=r"x\.deb: its compressed data is damaged"):
        list(chunks)


def test_a_bomb_is_stopped_at_the_bound() -> None:
    with pytest.raises(LimitExceeded, match="times its size"):
        unpacked(xz(bytes(20 << 20)), Limits(ratio_from=8 << 20))


@packed
def test_damage_is_an_error_and_never_more(pack: Pack) -> None:
    for data in damaged(pack(TEXT[:3000]), times=60):
        try:
            unpacked(data)
        except ImageError:
            continue
