"""Semantic versions sort by precedence."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.semver import key
from version_judges import disagreements, program, semver_of_npm, verdicts, version_pairs

RISING = [
    "0.0.0-0", "0.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_by_precedence(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("1.0.0+a", "1.0.0+b"), ("v1.0.0", "1.0.0")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "v", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3-a..b",
    "vv1.2.3", "1.2.3-é", "\u0663.1.0", " 1.2.3", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_the_specification_does_not_know(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "v2.0.0", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x-y-z.4",
    "1.0.0-beta+exp.sha.5114f85", "10.20.30", "1.1.2-prerelease+meta", "1.0.0-alpha-a.b-c",
    "2.0.0+build.1848", "1.2.3----R-S.12.9.1--.12",
]  # fmt: skip
PIECES = [*"0129.-+vabz_", "00", "rc.1", "-0", ".0", "-alpha", "--", "+x"]

JUDGE = """
const semver = require(process.argv[1]);
const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n");
console.log(lines.map(line => {
    const [one, other] = JSON.parse(line).map(text => semver.parse(text));
    if (one === null || other === null) return "!";
    return "=><".at(one.compare(other));
}).join("\\n"));
"""


def test_agrees_with_npms_semver_when_that_is_strict() -> None:
    node, semver = program("node"), semver_of_npm()

    pairs = version_pairs(SAMPLES, PIECES, count=4000)

    assert disagreements("semver", pairs, verdicts([node, "-e", JUDGE, semver], pairs)) == []
