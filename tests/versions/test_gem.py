"""Ruby versions sort as RubyGems sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.gem import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "0.a", "0", "0.0.1", "1.a.0.b", "1.a.0.0.b", "1.a", "1.a.0.1", "1.a.1", "1.b", "1.0.pre",
    "1.0.rc1", "1.0.rc2", "1.0.rc10", "1", "1.0.0.1", "1.0.1", "1.1.a", "1.1", "1.10", "2",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_rubygems(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0"),
        ("1.0-2", "1.0.pre.2"),
        ("1.0.a.0", "1.a"),
        ("1.0.rc1", "1.0.rc.1"),
        (" 1\n", "1"),
        ("01", "1"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", " ", "a", ".1", "1.", "1..2", "1_2", "1-", "1.0+x", "1 2", "1.é", "\u0663", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_rubygems_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "2.2.8.1", "0.119.0.beta1", "6.1.0.rc2", "5.0.0.beta1.1", "3.0.0.beta.3", "7.0.0-rc3",
    "2.1.0.pre1", "4.0.0-beta.2", "1.0.0.rc1.1", "3.2.0.2.0.1", "1.13.0-x86_64-linux", "0",
    "1.0.a.0.0.b", "1.0.0.alpha.0.1",
]  # fmt: skip
PIECES = [*"0129.-abzP", "00", ".0", ".0.0", ".rc", "-1", ".pre.1", "99999999999999999999"]

JUDGE = """
require "json"
STDIN.each_line do |line|
  begin
    one, other = JSON.parse(line).map { |text| Gem::Version.new(text) }
    puts "=><"[one <=> other]
  rescue ArgumentError
    puts "!"
  end
end
"""


def test_agrees_with_rubygems() -> None:
    ruby = program("ruby")

    pairs = version_pairs(SAMPLES, PIECES, count=4000)

    assert disagreements("gem", pairs, verdicts([ruby, "-e", JUDGE], pairs)) == []
