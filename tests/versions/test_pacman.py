"""Arch Linux versions sort as pacman sorts them."""

import ctypes.util
import sys
from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.pacman import key
from version_judges import disagreements, is_read_as, verdicts, version_pairs

RISING = [
    "1.0alpha", "1.0b", "1.0rc1", "1.0", "1.0-1", "1.0-1.1", "1.0-2", "1.0-10", "1.0.a", "1.0.1",
    "1.0.10", "1.0..a", "1.1", "1:0.1", "2:0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_pacman(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0-1", "0:1.0-1"), (":1.0-1", "1.0-1"), ("1.01", "1.1"), ("1.0_1", "1.0.1")],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "1.0 1", "1.0é", "a:1", "1.0.", "1.0-", "-1", "1.0.-1", "1:", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_cannot_be_placed(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3-1", "1:4.3.2-2", "20230801-1", "2.38.r16.gabc123-1", "6.4.arch1-2", "1.0rc1-1",
    "5.15.10_1-3", "0.9.8zh-1", "3:12.0b2-1", "1.0.0.r3.g1a2b3c-2", "7.9p1-1", "2023c-1",
]  # fmt: skip
PIECES = [*"0129.-_+abz", "1:", "00", "rc", ".r1", "..", "-1", "99999999999999999999"]

JUDGE = """
import ctypes, json, sys
alpm = ctypes.CDLL("libalpm.so.13")
alpm.alpm_pkg_vercmp.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
for line in sys.stdin:
    order = alpm.alpm_pkg_vercmp(*(text.encode() for text in json.loads(line)))
    print("<" if order < 0 else ">" if order > 0 else "=")
"""


def test_agrees_with_pacman() -> None:
    if ctypes.util.find_library("alpm") is None:
        pytest.skip("the judge needs libalpm, which is not installed")
    pairs = [
        pair
        for pair in version_pairs(SAMPLES, PIECES, count=5000, accept=is_read_as("pacman"))
        if ("-" in pair[0]) is ("-" in pair[1])  # no order, to pacman, when one has no release
    ]

    assert len(pairs) >= 2000
    assert disagreements("pacman", pairs, verdicts([sys.executable, "-c", JUDGE], pairs)) == []
