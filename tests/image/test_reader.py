"""Blocks and content out of chunks, wherever the chunks end."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.tars import Collector, a_file, pax, walked
from lading.errors import ImageError
from lading.image.entry import LayerFiles
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.reader import TarReader


def over(*parts: bytes) -> TarReader:
    return TarReader(iter([memoryview(part) for part in parts]), "layer 7")


def test_a_block_may_lie_across_chunks() -> None:
    reader = over(b"a" * 500, b"", b"b" * 5, b"c" * 7)

    assert reader.block() == b"a" * 500 + b"b" * 5 + b"c" * 7
    assert reader.block() == b""


def test_peeking_sees_the_same_bytes_wherever_the_chunk_ends() -> None:
    reader = over(b"ab", b"cd", b"ef" * 300)

    assert reader.peek(5) == b"abcde"
    assert bytes(reader.take(6)) == b"abcdef"


def test_at_the_end_there_is_less_to_see() -> None:
    assert over(b"ab").peek(5) == b"ab"
    assert over().peek(5) == b""


def test_the_last_padding_may_be_missing() -> None:
    for reader in (over(b"x" * 100), over(b"x" * 60, b"x" * 40)):
        reader.skip(100)
        assert reader.block() == b""
    assert bytes(over(b"x" * 60, b"x" * 40).take(100)) == b"x" * 100


@pytest.mark.parametrize("missing", [1, 99])
def test_content_that_ends_early_names_the_layer(missing: int) -> None:
    with pytest.raises(ImageError, match=r"layer 7 is cut short.*in the middle of a file"):
        over(b"x" * (100 - missing)).skip(100)
    with pytest.raises(ImageError, match=r"layer 7 is cut short.*in the middle of a file"):
        over(b"x" * (100 - missing)).take(100)
    with pytest.raises(ImageError, match=r"layer 7 is cut short.*in the middle of a header"):
        over(b"x" * (512 - missing)).block()


def test_sizes_beyond_all_memory_end_with_the_archive() -> None:
    with pytest.raises(ImageError):
        over(b"x" * 4096).skip(1 << 90)


LAYER = (
    a_file(b"etc/one", b"first")
    + a_file(b"usr/bin/tool", b"\x7fELF" + b"t" * 1000)
    + pax(path="long/" + "n" * 200)
    + a_file(b"short", b"named by its PAX header")
    + a_file(b"last", b"e" * 512)
    + bytes(1024)
    + b"behind the end"
)


@given(st.lists(st.integers(0, len(LAYER)), max_size=12))
def test_where_chunks_end_changes_nothing(cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), len(LAYER)]
    files, visitor = LayerFiles(), Collector("/etc/one", "/last", "/long/" + "n" * 200)

    def chunks() -> Iterator[memoryview]:
        for start, end in pairwise(bounds):
            part = bytearray(LAYER[start:end])
            yield memoryview(part)
            part[:] = bytes(len(part))  # a chunk is valid until the next one is asked for

    read_layer(chunks(), visitor, what="layer 0", limits=Limits(), files=files)

    whole = Collector("/etc/one", "/last", "/long/" + "n" * 200)
    assert files == walked(LAYER, whole)
    assert (visitor.seen, visitor.heads) == (whole.seen, whole.heads)
