"""npm versions sort as node-semver sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.npm import key
from version_judges import disagreements, program, semver_of_npm, verdicts, version_pairs

RISING = [
    "0.0.0-0", "0.0.0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1",
    "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
    "1.0.1", "1.2.0", "1.10.0", "9007199254740991.0.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_by_precedence(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("loose", "strict"),
    [
        ("v1.2.3", "1.2.3"),
        ("= v1.2.3", "1.2.3"),
        (" 1.2.3\t", "1.2.3"),
        ("01.02.03", "1.2.3"),
        ("1.2.3beta", "1.2.3-beta"),
        ("1.2.3-01", "1.2.3-1"),
        ("1.2.3+build.5", "1.2.3"),
    ],
)
def test_reads_what_loose_mode_reads(loose: str, strict: str) -> None:
    assert key(loose) == key(strict)


REFUSED = [
    "", " ", "1", "1.2", "1.2.x", "latest", "1.2.3.4", "1.2.3+", "1.2.3-a..b", "1.2.3 b",
    "9007199254740992.0.0", "1.2.3-é", "\u0663.1.0", "1.2.3-"+"a"*251, "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_npm_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "4.17.21", "0.0.1-security", "v2.0.0", "7.0.0-beta.15", "5.0.0-rc.0",
    "1.0.0-alpha.1+x", "18.3.0-canary-9cdf8a99e-20231018", "0.0.0-experimental-6ff1733e6-20230225",
    "3.0.0-next.2", "1.0.0-0.3.7", "1.0.0-x-y-z.4", "10.0.0-pre", "=1.2.3", "1.2.3beta", "1.2.3-01",
    "2.0.0+build.1",
]  # fmt: skip
PIECES = [*"0129.-+v= abz_", "00", "rc.1", "-0", ".0", "-alpha", "--", "beta", "9007199254740991"]

JUDGE = """
const semver = require(process.argv[1]);
const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n");
console.log(lines.map(line => {
    const [one, other] = JSON.parse(line).map(text => semver.parse(text, {loose: true}));
    if (one === null || other === null) return "!";
    return "=><".at(one.compare(other));
}).join("\\n"));
"""


def test_agrees_with_npms_own_semver() -> None:
    node, semver = program("node"), semver_of_npm()

    pairs = version_pairs(SAMPLES, PIECES)

    assert disagreements("npm", pairs, verdicts([node, "-e", JUDGE, semver], pairs)) == []
