"""What zlib packed into a program, within a bound."""

import gzip
import zlib

import pytest

from lading.catalog.packed_text import unpacked
from lading.errors import CatalogError


def test_packed_bytes_come_back() -> None:
    assert unpacked(zlib.compress(b"text"), 100, "x") == b"text"
    assert unpacked(memoryview(gzip.compress(b"text")), 100, "x", wbits=31) == b"text"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the list is cut off"),
        (b"no zlib", "the list is damaged"),
        (zlib.compress(b"text")[:-3], "the list is cut off"),
        (zlib.compress(bytes(1 << 20)), "the list is too large"),
    ],
)
def test_what_cannot_be_unpacked_is_said(data: bytes, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        unpacked(data, 1000, "the list")
