"""Gentoo versions sort as its package manager specification says."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.portage import key

RISING = [
    "0_alpha", "0", "1_alpha", "1_alpha1", "1_beta", "1_pre", "1_rc", "1_rc1_alpha", "1_rc1",
    "1_rc1_p", "1_rc2", "1", "1-r1", "1-r2", "1-r10", "1_p", "1_p-r1", "1_p0_p", "1_p1_rc1", "1_p1",
    "1a_rc1", "1a", "1b", "1.0", "1.001", "1.01", "1.011", "1.02", "1.1", "1.2", "1.10", "1.10a",
    "1.10.1", "2",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_as_specified(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "1-r0"), ("01", "1"), ("1.010", "1.01"), ("1.0", "1.00"), ("1_p", "1_p0")],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "a", ".1", "1.", "1..2", "1-1", "1-r", "1-r1-r2", "1_foo", "1_", "1ab", "1A", "1a1", "1 ",
    "1.é", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_gentoo_version(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
