"""PHP versions sort as Composer sorts them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.composer import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "0", "1.0-dev", "1.0-alpha-dev", "1.0-alpha", "1.0-alpha1", "1.0-a2", "1.0-beta", "1.0-b2",
    "1.0-RC1", "1.0-rc1.1", "1.0-RC10", "1.0", "1.0-p1", "1.0-pl2", "1.0.1", "1.1", "1.10",
    "1.x-dev", "2.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_composer(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0.0"),
        ("v1.2", "1.2.0"),
        ("1.0b2", "1.0.0-BETA.2"),
        ("1.0-stable", "1"),
        ("1.0+build", "1.0"),
        ("1.0-rc-dev", "1.0RC.dev"),
        ("2.1.*-dev", "2.1.x-DEV"),
        ("2012.01.02", "2012.1.2"),
        (" 1.0\n", "1.0"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", " ", "dev-main", "main", "latest", "1.0.0.0.0", "1.0-foo", "1..0", "1.0 beta", "1.x", "1.é",
    "\u0663", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_has_no_place_in_composers_order(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "v2.0.1", "1.0.0-alpha1", "2.3.2-p2", "3.0.0-beta.4", "4.0.0-RC10", "5.4.6.1",
    "1.0.x-dev", "2.x-dev", "20230101", "2023-01-02", "2010.01.02", "1.0-patch3", "1.0.0-stable",
    "1.0.0-rc.1-dev", "1.0+build.5", "2023-01-02-beta1", "201903.0-p2",
]  # fmt: skip
PIECES = [*"0129.-_+vabpx", "00", "-dev", "-beta", "RC", ".x-dev", "-1", "alpha", "pl", "2023"]

JUDGE = """
require "/usr/share/php/Composer/Semver/autoload.php";
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
    try {
        [$one, $other] = array_map([$parser, "normalize"], json_decode($line));
        if (str_starts_with($one, "dev-") || str_starts_with($other, "dev-")) {
            echo "!\\n";
            continue;
        }
        echo ["<", "=", ">"][version_compare($one, $other) + 1], "\\n";
    } catch (UnexpectedValueException $error) {
        echo "!\\n";
    }
}
"""


_DATE = r"v?[0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3})%s(?=[._-]?(?:[a-z+]|$))"
_OLD, _NEW = (re.compile(_DATE % times, re.IGNORECASE) for times in ("?", "{0,2}"))


def _is_no_new_date(text: str) -> bool:
    """Tell whether Debian's Composer can be asked: later ones read dates with one number more."""
    return bool(text) and (_NEW.match(text) is None or _OLD.match(text) is not None)


def test_agrees_with_composer() -> None:
    php = program("php")
    if not Path("/usr/share/php/Composer/Semver/autoload.php").is_file():
        pytest.skip("the judge needs Debian's php-composer-semver, which is not installed")

    pairs = version_pairs(SAMPLES, PIECES, count=5000, accept=_is_no_new_date)

    assert disagreements("composer", pairs, verdicts([php, "-r", JUDGE], pairs)) == []
