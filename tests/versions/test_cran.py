"""R versions sort as R sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.cran import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "0", "0.9", "1", "1.0-1", "1.0-2", "1.0.10", "1.1", "1.10", "2024.1.1",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_r(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"), [("1.0-1", "1.0.1"), ("1.01", "1.1"), ("0.01.0", "0.1-0")]
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "a", "1.", ".1", "1..2", "1.0a", "1.0_1", "v1", "1.2147483648", " 1", "1.é", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_r_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "0.9-27", "1.0-12.1", "3.4.4", "2023.10-1", "7.3-60", "1.8.2", "0.0.0.9000", "4.3.1",
    "1.98-1.12",
]  # fmt: skip
PIECES = [*"0129.-a_", "00", ".0", "-1"]

JUDGE = """
lines <- strsplit(readLines(file("stdin")), "\\"")
one <- numeric_version(vapply(lines, `[`, "", 2), strict = FALSE)
other <- numeric_version(vapply(lines, `[`, "", 4), strict = FALSE)
sign <- ifelse(one < other, "<", ifelse(one > other, ">", "="))
writeLines(ifelse(is.na(one) | is.na(other), "!", sign))
"""


def test_agrees_with_r() -> None:
    rscript = program("Rscript")

    pairs = version_pairs(SAMPLES, PIECES, count=3000, accept=lambda text: len(text) < 10)

    assert disagreements("cran", pairs, verdicts([rscript, "-e", JUDGE], pairs)) == []
