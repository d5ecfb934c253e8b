"""Where zstd streams are whole, however their bytes arrive."""

import random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from lading.image.frames import Frames

TEXT = b"".join(b"line %d of some text\n" % number for number in range(20_000))
NOISE = random.Random(1).randbytes(300_000)
SKIPPABLE = b"\x5a\x2a\x4d\x18" + (7).to_bytes(4, "little") + b"skipped"


def is_whole(data: bytes, step: int = 1 << 20) -> bool:
    frames = Frames()
    for at in range(0, len(data), step):
        frames.feed(memoryview(data)[at : at + step])
    return frames.is_whole


@pytest.mark.parametrize(
    "content",
    [b"", b"x", bytes(400_000), TEXT, NOISE],
    ids=["nothing", "byte", "zeros", "text", "noise"],
)
@pytest.mark.parametrize("checksum", [True, False])
@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize("level", [-5, 3, 12])
def test_a_frame_is_whole_with_its_last_byte_only(
    content: bytes, checksum: bool, sized: bool, level: int
) -> None:
    compressor = zstandard.ZstdCompressor(
        level=level, write_checksum=checksum, write_content_size=sized
    )
    data = compressor.compress(content)

    assert is_whole(data)
    for length in {1, 3, 4, 5, len(data) // 2, len(data) - 4, len(data) - 1} - {0, len(data)}:
        assert not is_whole(data[:length]), length


def test_a_frame_without_its_size_is_followed() -> None:
    maker = zstandard.ZstdCompressor().compressobj()
    data = maker.compress(NOISE) + maker.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) + maker.flush()

    assert is_whole(data)
    assert not is_whole(data[:-1])


def test_frames_follow_one_another() -> None:
    one = zstandard.compress(TEXT)

    assert is_whole(SKIPPABLE + one + SKIPPABLE + one)
    assert not is_whole(one + SKIPPABLE[:-1])
    assert not is_whole(one + one[:2])


def test_what_is_no_frame_is_never_whole() -> None:
    assert not is_whole(zstandard.compress(TEXT) + b"garbage" * 1000)
    assert is_whole(b"")


@given(st.integers(1, 300))
def test_how_the_bytes_arrive_changes_nothing(step: int) -> None:
    data = SKIPPABLE + zstandard.compress(TEXT[:5000]) + zstandard.compress(NOISE[:1000])

    assert is_whole(data, step)
    assert not is_whole(data[:-1], step)
