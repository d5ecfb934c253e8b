"""Haskell versions sort as Cabal sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.hackage import key

RISING = [
    "0", "0.0", "0.1", "0.10", "1", "1.0", "1.0.0", "1.0.0.1", "1.2", "1.10", "20240101",
    "999999999",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_cabal(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("1.2.3", "1.2.3")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "01", "1.00", "1.", ".1", "1..2", "1.0-tag", "v1", "1234567890", "1 ", "1.é", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_cabal_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
