"""Dart versions sort as pub sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.pub import key

RISING = [
    "0.0.0-0", "0.1.0-alpha", "1.0.0-dev.1", "1.0.0-dev.2", "1.0.0-dev.10", "1.0.0-dev.10.a",
    "1.0.0-rc", "1.0.0-rc+1", "1.0.0", "1.0.0+0", "1.0.0+1", "1.0.0+1.1", "1.0.0+10", "1.0.0+a",
    "1.0.1", "1.10.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_pub(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("01.02.03", "1.2.3"), ("1.0.0-01", "1.0.0-1")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "1", "1.2", "v1.2.3", "1.2.3-", "1.2.3+", "1.2.3.4", " 1.2.3", "any", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_pub_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
