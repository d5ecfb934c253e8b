"""Python versions sort as pip sorts them."""

import subprocess
import sys
from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions import compare
from lading.versions.pep440 import key
from version_judges import disagreements, is_read_as, verdicts, version_pairs

RISING = [
    "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1.post1.dev2", "1.0a1.post1", "1.0a2", "1.0a12",
    "1.0b1", "1.0rc1", "1.0", "1.0+a", "1.0+a.1", "1.0+b", "1.0+1", "1.0+1.1", "1.0.post1.dev1",
    "1.0.post1", "1.0.post10", "1.0.1", "1.1.dev0", "1.1", "1.10", "1!0",
]  # fmt: skip
LEGACY_RISING = [
    "1.0.0-dev-1x", "1a1!", "1.0--beta_1", "1.0.0-final-x", "2004d", "2004e", "2012-01-01",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), [*pairwise(RISING), *pairwise(LEGACY_RISING)])
def test_sorts_like_pip(lower: str, higher: str) -> None:
    assert compare("pep440", lower, higher) == -1


@pytest.mark.parametrize("text", ["1.0", "1.0.0", "v1", " 1\n", "0!1.0.0.0", "01.0"])
def test_zeros_and_decoration_do_not_count(text: str) -> None:
    assert key(text) == key("1")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.0-ALPHA.1", "1.0a1"),
        ("1.0beta", "1.0b0"),
        ("1.0_preview-3", "1.0rc3"),
        ("1.0c1", "1.0rc1"),
        ("1.0pre1", "1.0rc1"),
        ("1.0-1", "1.0.post1"),
        ("1.0-r4", "1.0.post4"),
        ("1.0rev", "1.0.post0"),
        ("1.0DEV", "1.0.dev0"),
        ("1.0+Ubuntu-1_2", "1.0+ubuntu.1.2"),
    ],
)
def test_reads_the_spellings_of_the_specification(written: str, meant: str) -> None:
    assert key(written) == key(meant)


@pytest.mark.parametrize("old", ["2004d", "1.0-beta-x", "9999-unknown", "1.0+", "1.0.post1.x"])
def test_old_versions_are_below_all_others(old: str) -> None:
    assert compare("pep440", old, "0.dev0") == -1


@pytest.mark.parametrize("text", ["", " ", "latest", "dev", "1 0", "1.0é", "\u0663.1", "1" * 4097])
def test_refuses_text_with_nothing_of_a_version(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.0", "2.31.0", "1.26.18", "41.0.7", "2023.7.22", "1.0rc1", "1.0.0b2", "0.9.dev20230101",
    "2.0.post1", "1!2.0", "1.11.0+cu118", "3.0.0a1.dev2", "1.0.post1.dev3", "4.0.0-beta.2", "0.0.0",
    "1.0+local.7", "22.3.1", "2.0.0.dev0+g1234abc", "1.0-1", "5.0.0c1",
]  # fmt: skip
PIECES = [*"0129.-_+!vabcr", "00", "rc", ".dev", ".post", "alpha", "preview", "rev", "9" * 25]
LEGACY_SAMPLES = [
    "2004d", "1.0-beta-x", "0.4.0-final-2", "3.2.pl0", "1.13++", "5.5.kw", "1996.07.12a",
    "0.2.0p1-x", "0.pre1_x", "2.0dev-r123x", "1.0.0-0-x", "2009.01.01-snapshot", "0.9.9z",
    "1.3.0_-rc",
]  # fmt: skip
LEGACY_PIECES = [*"0129.-_abcxz!", "00", ".0", "-rc", "dev", "pre", "final", "--", "123456789"]

MODERN = """
import json, sys
from packaging.version import Version
for line in sys.stdin:
    try:
        one, other = map(Version, json.loads(line))
        print("<" if one < other else ">" if one > other else "=")
    except ValueError:
        print("!")
"""
LEGACY = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pip._vendor.packaging.version import LegacyVersion
for line in sys.stdin:
    one, other = map(LegacyVersion, json.loads(line))
    print("<" if one < other else ">" if one > other else "=")
"""


def test_agrees_with_packaging() -> None:
    pairs = version_pairs(SAMPLES, PIECES, accept=_is_modern)

    assert disagreements("pep440", pairs, verdicts([sys.executable, "-c", MODERN], pairs)) == []


def test_what_packaging_refuses_is_old_or_refused() -> None:
    texts = sorted({text for pair in version_pairs(SAMPLES, PIECES) for text in pair})
    signs = verdicts([sys.executable, "-c", MODERN], [(text, text) for text in texts])
    refused = [text for text, sign in zip(texts, signs, strict=True) if sign == "!"]

    assert refused
    assert [text for text in refused if _is_modern(text)] == []


def test_old_versions_sort_as_setuptools_sorted_them() -> None:
    probe = subprocess.run(
        [sys.executable, "-c", LEGACY], input=b"", check=False, capture_output=True
    )
    if probe.returncode:
        pytest.skip("the judge needs a pip before 24.1, which still knew old versions")
    pairs = version_pairs(LEGACY_SAMPLES, LEGACY_PIECES, accept=_is_legacy)

    assert disagreements("pep440", pairs, verdicts([sys.executable, "-c", LEGACY], pairs)) == []


def _is_modern(text: str) -> bool:
    return is_read_as("pep440")(text) and compare("pep440", text, "0.dev0") >= 0


def _is_legacy(text: str) -> bool:
    return is_read_as("pep440")(text) and compare("pep440", text, "0.dev0") < 0
