"""Bitnami's versions sort by revision, not by pre-release."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.bitnami import key

RISING = [
    "0.9.0", "1.0.0-alpha", "1.0.0-rc1", "1.0.0-rc2", "1.0.0", "1.0.0-1", "1.0.0-2", "1.0.0-2.el8",
    "1.0.0-2-g1234", "1.0.0-10", "1.0.1-rc1", "1.0.1", "1.10.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_by_revision(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0"),
        ("1.0", "1.0.0"),
        ("1.0.0", "1.0.0-0"),
        ("1.0.0+x", "1.0.0"),
        ("2018.08.18", "2018.8.18"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "v1", "1.0.0.0", "1.0.0-", "1.0.0_1", "nightly.2026-03-10.0", "1.0.é", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_bitnami_version(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
