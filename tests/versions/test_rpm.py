"""RPM versions sort as rpm sorts two packages."""

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.rpm import key
from version_judges import disagreements, is_read_as, verdicts, version_pairs

RISING = [
    "1.0~~", "1.0~rc1", "1.0~rc1^git1", "1.0~rc2", "1.0", "1.0-~1", "1.0-", "1.0-1.el8",
    "1.0-1.el9", "1.0-1.el9_0.1", "1.0-10.el8", "1.0^", "1.0^git1", "1.0^git2", "1.0a", "1.0b",
    "1.0.1", "1.1", "1.10", "1."+"9"*4000, "1:0.1",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_rpm(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("1.0-1", "0:1.0-1", id="no epoch is epoch zero"),
        pytest.param(":1.0-1", "0:1.0-1", id="an empty epoch is zero"),
        pytest.param("1.0", "1_0", id="separators do not count"),
        pytest.param("1.0", "1.0.", id="nor one at the end"),
        pytest.param("1.0", "1.00", id="zeros in front of a number"),
        pytest.param("1.0a1", "1.0.a.1", id="letters and digits part by themselves"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_missing_release_is_below_every_release_so_that_the_order_is_one() -> None:
    assert key("1.0") < key("1.0-0") < key("1.0-1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("1.0 1", "space"),
        ("1.0é", "outside ASCII"),
        ("(none):1.0", "epoch"),
        ("a:1.0", "epoch"),
        ("~", "neither letter nor digit"),
        ("1:-1", "neither letter nor digit"),
        ("1" * 4097, "longer"),
    ],
)
def test_refuses_what_is_no_rpm_version(text: str, reason: str) -> None:
    with pytest.raises(InvalidVersion, match=reason):
        key(text)


SAMPLES = [
    "1.0-1", "0:4.4.20-4.el8_6", "1:1.1.1k-12.el8_9", "2.28-236.el8_9.12", "5.14.0-362.8.1.el9_3",
    "1.0~rc1-1.fc39", "20230731-1.git94f0e2c.el9", "0.17.0^20230101git1234-3", "8.0p1-19.el8_9.2",
    "2:8.0.1763-19.el8_6.4", "9.16.23-14.el9_3.1", "239-78.el8", "1.2.3-150000.3.9.1", "3.6.8-1",
    "1.34.1+really1.33-2.mga9", "0.9.8e-40.el5_11", "2022e-1.el7", "1.10.0_p1-r2",
]  # fmt: skip
PIECES = [*"0129.-+~^aZ_%{}", "00", "~~", "^^", ".el8", "rc1", "git", "99999999999999999999999"]

JUDGE = """
import json, sys, rpm
for line in sys.stdin:
    one, other = map(rpm.ver, json.loads(line))
    print("<" if one < other else ">" if one > other else "=")
"""


def test_agrees_with_rpm() -> None:
    python = Path("/usr/bin/python3")  # rpm's module is there or nowhere
    asked = subprocess.run([python, "-c", "import rpm; rpm.ver"], check=False, capture_output=True)
    if asked.returncode:
        pytest.skip("the judge needs python3-rpm 4.17 or later, which is not installed")

    pairs = version_pairs(SAMPLES, PIECES, accept=is_read_as("rpm"))

    assert disagreements("rpm", pairs, verdicts([python, "-c", JUDGE], pairs)) == []
