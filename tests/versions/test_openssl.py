"""OpenSSL's letters are patch releases."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.openssl import key

RISING = [
    "0.9.7m", "0.9.8", "0.9.8z", "0.9.8za", "0.9.8zh", "1.0.2-dev", "1.0.2-beta1", "1.0.2-beta2",
    "1.0.2", "1.0.2a", "1.0.2k-dev", "1.0.2k", "1.0.2u", "1.1.0-pre1", "1.1.0", "1.1.1", "1.1.1w",
    "3.0.0-alpha1", "3.0.0-alpha17", "3.0.0-beta1", "3.0.0", "3.0.2", "3.0.11", "3.2.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_by_age(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("1.0.2k-fips", "1.0.2k"), ("3.1.4+quic", "3.1.4")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "1.0", "1.0.2K", "1.0.2ab", "1.0.2-foo", "v3.0.1", "OpenSSL 1.0.2k", "1.0.é", "3.0.1 ",
    "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_openssl_version(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)
