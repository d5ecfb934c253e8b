"""Alpine versions sort as apk sorts them."""

from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.apk import key
from version_judges import disagreements, is_read_as, rust_judge, verdicts, version_pairs

RISING = [
    "0_alpha", "0", "1.0_alpha", "1.0_alpha1", "1.0_alpha2", "1.0_beta", "1.0_pre", "1.0_rc1_p1",
    "1.0_rc2", "1.0", "1.0-r0", "1.0-r1", "1.0-r10", "1.0~1a", "1.0~1a-r1", "1.0_cvs", "1.0_svn",
    "1.0_git", "1.0_git20200101", "1.0_hg", "1.0_p", "1.0_p1_rc1", "1.0_p1", "1.0_p1-r1", "1.0_p2",
    "1.0a_rc1", "1.0a", "1.0b", "1.0.1", "1.00", "1.01", "1.011", "1.02", "1.1", "1.2", "1.10",
    "1."+"9"*4000, "2",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_apk(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


def test_zeros_in_front_count_in_every_number_but_the_first() -> None:
    assert key("01.2") == key("1.2")
    assert key("1.02") < key("1.2")


REFUSED = [
    "", "a", ".1", "1.", "1..2", "1.0-1", "1.0-r", "1.0-r1-r2", "1.0_foo", "1.0_", "1.0ab", "1.0A",
    "1.0a1", "1.0_rc.1", "1.0~", "1.0~xyz", "1.0-r1~ab", " 1.0", "1.0\n", "1.0é", "\u0663",
    "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_apk_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.4-r2", "3.1.4-r5", "1.36.1-r15", "0.12.7a-r0", "20230506-r0", "8.5.0-r0", "1.0_rc1-r0",
    "2.12.7_git20230101-r0", "1.1.1w-r1", "9.18.24_p1-r2", "0_git20220101-r1", "1.0.0_alpha2-r3",
    "5.005.03-r1", "2.10.01", "1.2.3~abc123-r4", "1.0.0_beta_pre1", "23.07.1-r0", "1.06_p2",
]  # fmt: skip
PIECES = [*"01239.-_abz~", "00", "01", "_rc", "_p", "_git1", "_alpha", "-r1", "~ab12", ".0", ".05"]

JUDGE = r"""
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split('"').collect();
        println!("{}", match apk_version::compare_apk_versions(words[1], words[3]).unwrap() {
            std::cmp::Ordering::Less => "<",
            std::cmp::Ordering::Equal => "=",
            std::cmp::Ordering::Greater => ">",
        });
    }
}
"""


@pytest.mark.registry
@pytest.mark.timeout(300)
def test_agrees_with_apks_own_code(tmp_path: Path) -> None:
    judge = rust_judge(tmp_path, 'apk-version = "=0.1.0"', JUDGE)
    pairs = version_pairs(SAMPLES, PIECES, accept=is_read_as("apk"))

    assert disagreements("apk", pairs, verdicts([judge], pairs)) == []
