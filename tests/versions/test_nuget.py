"""NuGet versions sort as NuGet sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.nuget import key

RISING = [
    "0", "0.0.0.1", "1.0.0--1", "1.0.0-1", "1.0.0-2", "1.0.0-20240101", "1.0.0-20240101000000",
    "1.0.0-Alpha", "1.0.0-alpha.1", "1.0.0-BETA", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0-rc2", "1.0.0",
    "1.0.0.1", "1.0.1", "1.10", "2147483647",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_nuget(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0.0"),
        ("1.0-ALPHA", "1.0.0-alpha"),
        ("1.0.0+a", "1.0.0+b"),
        ("01.002", "1.2"),
        (" 1.0\n", "1.0"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", " ", "v1", "1.0.0.0.0", "1..0", "1.0-", "1.0+", "1.0-a..b", "1.0-é", "2147483648", "1.*",
    "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_nuget_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
