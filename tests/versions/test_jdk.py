"""Java runtimes sort as Java sorts them, the old ones included."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.jdk import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "1.4.2_19", "7u80", "1.8.0", "1.8.0_20-ea-b05", "1.8.0_20", "1.8.0_392-b07", "8u392-b08",
    "9-ea", "9-internal", "9", "9.0.1", "11.0.9-1", "11.0.9-ea+5", "11.0.9-ea+11", "11.0.9",
    "11.0.9+1", "11.0.9+11", "11.0.9.1", "11.0.10", "17", "21.0.1",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_java(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.8.0_392-b08", "8.0.392+8"),
        ("8u392-b08", "1.8.0_392-b08"),
        ("8u5", "8.0.5"),
        ("1.8", "8"),
        ("1.8.0.392.b08", "8u392b08"),
        ("17.0.0", "17"),
        ("17.0.9+9-LTS", "17.0.9+9-Ubuntu-1"),
        ("21+-x", "21"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "0", "017", "v17", "17.", "17..1", "17.01", "17+", "17+08", "17-", "17_1", "17.é", "8u",
    "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_java_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "17.0.9+9", "11.0.20", "21", "17.0.9+9-LTS", "21.0.1+12-29", "9-ea", "18-internal+0-adhoc",
    "11.0.16.1+1", "25-ea+5-x", "19.0.2", "22-ea", "17.0.8+7-Ubuntu-1", "11-b12+3", "23-1+2",
]  # fmt: skip
PIECES = [*"129.+-ab", ".1", "+1", "-ea", "-1", ".0.1", "+-x", "-LTS", "100"]

JUDGE = r"""
import java.io.*;

class Judge {
    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] words = line.split("\"");
            try {
                Runtime.Version one = Runtime.Version.parse(words[1]);
                int order = one.compareToIgnoreOptional(Runtime.Version.parse(words[3]));
                System.out.println(order < 0 ? "<" : order > 0 ? ">" : "=");
            } catch (IllegalArgumentException error) {
                System.out.println("!");
            }
        }
    }
}
"""


def _is_of_java_9_or_later(text: str) -> bool:
    """Tell whether Java can be asked: it knows neither the old forms nor zeros at the end."""
    numbers = re.split(r"[+-]", text)[0].split(".")
    return text[:1].isdecimal() and numbers[0] != "1" and numbers[-1].strip("0") != ""


@pytest.mark.slow
def test_agrees_with_java(tmp_path: Path) -> None:
    java = program("java")
    source = tmp_path / "Judge.java"
    source.write_text(JUDGE)

    pairs = version_pairs(SAMPLES, PIECES, count=3000, accept=_is_of_java_9_or_later)

    assert disagreements("jdk", pairs, verdicts([java, source], pairs)) == []
