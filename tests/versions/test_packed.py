"""Packed keys sort as the keys do."""

import sqlite3
from contextlib import closing
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.errors import InvalidVersion, UsageError
from lading.versions import SCHEMES, key
from lading.versions.packed import after, pack, pack_key

VERSIONS = [
    "0", "1", "1.0", "1.0.0", "1.0~rc1", "1.0-1", "1.0-1~deb12u1", "1.0-1+b1", "1:0.9", "1.10",
    "1.2.3", "1.2.3-rc.1", "1.2.3-rc.10", "1.2.3-alpha", "1.2.3_p1", "1.2.3_rc2-r4", "1.2.3a",
    "1.2.3-r11", "1.0.2k", "1.0.2za", "1.0.dev1", "1.0.post300", "1.0a1+local.7", "2004d", "1!1.0",
    "v1.2.3", "1.2.3+incompatible", "0.0.0-20240101000000-abcdefabcdef", "20240101", "1.0.0.0.0.1",
    "11.0.2+9", "1.8.0_292-b10", "1.0.0.rc1", "1.x-dev", "1.0-beta2", "143", "144", "65535",
    "65536", "9007199254740991", "1.0^git1", "3.0.0-4.el9_2.1", "4:5.26.3-419.el8",
]  # fmt: skip


@pytest.mark.parametrize("scheme", sorted(set(SCHEMES) - {"maven"}))
def test_versions_sort_packed_as_they_do(scheme: str) -> None:
    readable = [text for text in VERSIONS if _packed(scheme, text) is not None]

    assert len(readable) > 3
    for one, other in combinations(readable, 2):
        left, right = key(scheme, one), key(scheme, other)
        here, there = _packed(scheme, one), _packed(scheme, other)
        assert here is not None
        assert there is not None
        assert (left < right, left == right) == (here < there, here == there), (one, other)
        assert (after(here) <= there) == (left < right)


def _packed(scheme: str, text: str) -> bytes | None:
    try:
        return pack(scheme, text)
    except InvalidVersion:
        return None


numbers = st.integers(-(2**120) + 1, 2**120 - 1)
texts = st.text(st.characters(), max_size=6)
rows = st.lists(st.tuples(numbers, texts), max_size=4).map(tuple)


@given(rows, rows)
def test_nested_keys_sort_packed_as_they_do(one: Any, other: Any) -> None:
    here, there = _bytes((one, 7)), _bytes((other, 7))

    assert (one < other, one == other) == (here < there, here == there)
    assert one == other or not here.startswith(there)


@given(st.tuples(numbers), st.tuples(numbers))
def test_the_database_puts_them_in_the_same_order(one: Any, other: Any) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        (is_below,) = database.execute("SELECT ? < ?", (_bytes(one), _bytes(other))).fetchone()

    assert bool(is_below) == (one < other)


def _bytes(value: object) -> bytes:
    packed = pack_key(value)
    assert packed is not None
    return packed


def test_a_scheme_that_compares_by_its_own_rule_has_no_bytes() -> None:
    assert pack("maven", "1.0") is None


def test_absurdly_long_numbers_have_no_bytes() -> None:
    assert pack("deb", "9" * 400) is None
    assert pack("deb", "9" * 30) is not None


def test_what_is_no_version_has_no_bytes_either() -> None:
    with pytest.raises(InvalidVersion):
        pack("deb", "")
    with pytest.raises(UsageError):
        pack("nothing", "1")
