"""Versions of unknown schemes sort as most people would sort them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.generic import key

RISING = [
    "0-rc1", "0", "0.9", "1.0-dev", "1.0-alpha", "1.0-beta", "1.0~rc1", "1.0-rc2", "1.0", "1.0a",
    "1.0b", "1.0-patch1", "1.0.1", "1.0.10", "1.1", "1.10", "2", "2024-01-31",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_with_common_sense(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "1.0.0"), ("v1.2", "V1.2"), ("1.0-RC1", "1_rc.1"), ("1.02", "1.2")]
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "v", "latest", "release-1", "1 0", "1:0", "1/2", "1.é", "\u0663", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_starts_with_no_number_or_has_odd_characters(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
