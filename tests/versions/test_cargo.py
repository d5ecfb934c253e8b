"""Rust versions sort as cargo sorts them."""

from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.cargo import key
from version_judges import disagreements, rust_judge, verdicts, version_pairs

RISING = [
    "0.0.0-0", "0.1.0-alpha.1", "0.1.0-alpha.10", "0.1.0-rc.1", "0.1.0", "0.1.1", "0.10.0", "1.0.0",
    "18446744073709551615.0.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_cargo(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("1.0.0+a", "1.0.0")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "18446744073709551616.0.0",
    "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_cargo_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "0.10.0-rc.3", "3.0.0-0.gat.0", "0.7.0-pre.2", "2.0.0-alpha.1", "0.2.99",
    "0.11.0+wasi-snapshot-preview1", "1.0.0-beta.11", "0.0.0", "1.0.0-x-y.4",
]  # fmt: skip
PIECES = [*"0129.-+vabz_", "00", "rc.1", "-0", ".0", "-alpha", "--", "+x", "18446744073709551616"]

JUDGE = r"""
use semver::Version;
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split('"').collect();
        let sign = match (Version::parse(words[1]), Version::parse(words[3])) {
            (Ok(one), Ok(other)) => match one.cmp_precedence(&other) {
                std::cmp::Ordering::Less => "<",
                std::cmp::Ordering::Equal => "=",
                std::cmp::Ordering::Greater => ">",
            },
            _ => "!",
        };
        println!("{sign}");
    }
}
"""


@pytest.mark.registry
@pytest.mark.timeout(300)
def test_agrees_with_cargos_own_crate(tmp_path: Path) -> None:
    judge = rust_judge(tmp_path, 'semver = "1"', JUDGE)

    pairs = version_pairs(SAMPLES, PIECES, count=4000)

    assert disagreements("cargo", pairs, verdicts([judge], pairs)) == []
