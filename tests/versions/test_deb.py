"""Debian versions sort as dpkg sorts them."""

import subprocess
from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.deb import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "0~", "0", "0.9", "1.0~~", "1.0~~a", "1.0~", "1.0~rc1", "1.0", "1.0-0.1", "1.0-1", "1.0-1+b1",
    "1.0-1+deb12u1", "1.0-1+deb12u2", "1.0-10", "1.0a", "1.0é", "1.0+b1", "1.0-a-1", "1.0.1", "1.2",
    "1.10", "9"*4000, "1:0.1", "1:1-1", "2147483647:0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_dpkg(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("1.0", "0:1.0", id="no epoch is epoch zero"),
        pytest.param("1.0", "1.0-0", id="no revision is revision zero"),
        pytest.param("1.02", "1.2", id="zeros in front of a number"),
        pytest.param("1.", "1.0", id="a missing number is zero"),
        pytest.param(" 1.0\n", "1.0", id="spaces around it"),
        pytest.param("-0:1", "1", id="a signed epoch"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" ", "blank"),
        ("1.0 b", "space"),
        ("1.0\0", "space"),
        ("1:", "no upstream"),
        (":1", "epoch is no number"),
        ("a:1", "epoch is no number"),
        ("-1:1", "not within"),
        ("2147483648:1", "not within"),
        ("1.0-", "hyphen"),
        ("-1", "no upstream"),
        ("1" * 4097, "longer"),
    ],
)
def test_refuses_what_dpkg_refuses(text: str, reason: str) -> None:
    with pytest.raises(InvalidVersion, match=reason):
        key(text)


SAMPLES = [
    "1.0-1", "2.36-9+deb12u4", "1:2.66-4+deb12u1", "5.2.15-2+b2", "0.52.23-1+b1", "12.4+deb12u5",
    "3.0.11-1~deb12u2", "1.21.1+really1.20.0-4", "2:9.0.1378-2", "20230311", "0~20230101", "7.88.1",
    "1.1.1n-0+deb11u5", "1.18.0-6.1", "2.9.14+dfsg-1.3~deb12u1", "0.9.8-4lenny3", "1.2-3ubuntu0.1",
    "1.2-3.1build1", "4:10.4.0-5", "1.0~rc2+git20180405", "6.0.0~alpha~1-1",
]  # fmt: skip
PIECES = [*"0129.-+~:aZ_ @é", "00", "~~", "1:", "-0", "rc1", "+deb12u1", "99999999999999999999999"]

PERL = r"""
use strict; use warnings; use JSON::PP; use Dpkg::Version; use Encode;
$SIG{__WARN__} = sub { die @_ };
while (<STDIN>) {
    my ($one, $other) = map { encode("UTF-8", $_) } @{decode_json($_)};
    my $order = version_compare($one, $other);
    print $order < 0 ? "<" : $order > 0 ? ">" : "=", "\n";
}
"""


def _is_in_policy(text: str) -> bool:
    """Tell whether dpkg and its Perl library agree on `text`: the library refuses more."""
    allowed = all(c.isascii() and (c.isalnum() or c in ".-+~") for c in text)
    return allowed and text[:1].isdecimal() and text[-1] != "-"


def test_agrees_with_dpkgs_perl_library() -> None:
    perl = program("perl")
    pairs = version_pairs(SAMPLES, PIECES, accept=_is_in_policy)

    assert disagreements("deb", pairs, verdicts([perl, "-e", PERL], pairs)) == []


def _is_no_option(text: str) -> bool:
    return text[:1] not in {"", "-"}


@pytest.mark.slow  # one process a comparison
def test_agrees_with_dpkg_on_order_and_on_validity() -> None:
    dpkg = program("dpkg")
    pairs = version_pairs(SAMPLES, PIECES, accept=_is_no_option)

    assert disagreements("deb", pairs, [_dpkg(dpkg, *pair) for pair in pairs]) == []


def _dpkg(dpkg: str, one: str, other: str) -> str:
    for relation, sign in ("lt", "<"), ("gt", ">"):
        command = [dpkg, "--compare-versions", one, relation, other]
        code = subprocess.run(command, check=False, capture_output=True).returncode
        if code != 1:
            return sign if code == 0 else "!"
    return "="
