"""Maven versions compare as Maven compares them."""

from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.maven import key
from version_judges import disagreements, is_read_as, program, verdicts, version_pairs

RISING = [
    "1-alpha", "1-alpha2snapshot", "1-alpha2", "1-alpha-123", "1-beta-2", "1-beta123", "1-m2",
    "1-m11", "1-rc", "1-cr2", "1-rc123", "1-SNAPSHOT", "1", "1-sp", "1-sp2", "1-sp123", "1-abc",
    "1-def", "1-pom-1", "1-1-snapshot", "1-1", "1-2", "1-123",
]  # fmt: skip
NUMBERS = [
    "0.9", "1.0-alpha-1", "1.0", "1.0.1", "1.1", "1.9", "1.10", "2.0.1.Beta", "2.0.1.Final",
    "2.0.1-jre", "2.0.1.1", "2.1", "20", "20040616", "9"*30, "9"*4000,
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), [*pairwise(RISING), *pairwise(NUMBERS)])
def test_sorts_like_maven(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


PLAIN_ONE = [
    "1", "1.0", "1.0.0", "1-0", "1.", "1-", "1-ga", "1.0.0.Final", "1-RELEASE", "1.0-final", "01",
    "1--", "1-.0", "1.ga.0",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN_ONE)
def test_zeros_and_words_for_release_do_not_count(text: str) -> None:
    assert key(text) == key("1")
    assert hash(key(text)) == hash(key("1"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1a1", "1-alpha-1"),
        ("1b2", "1-beta-2"),
        ("1m3", "1-milestone-3"),
        ("1cr4", "1-rc4"),
        ("1X1", "1-x-1"),
        ("1.0.0x", "1-x"),
        ("0.0", "0"),
        ("1.x", "1-x"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert hash(key(one)) == hash(key(other))


def test_is_as_circular_as_maven_for_a_contrived_version() -> None:
    assert key("1.sp.1") > key("1") > key("1-alpha") > key("1.sp.1")


def test_a_thousand_nested_lists_are_no_danger() -> None:
    deep = "1-" * 2000

    assert key(deep + "1") < key(deep + "2")
    assert key(deep + "0") != key("1")


def test_a_key_equals_nothing_but_keys() -> None:
    assert key("1") != 1


@pytest.mark.parametrize("text", ["", "1 0", "${project.version}", "1.0-é", "٣", "1" * 4097])
def test_refuses_what_cannot_be_a_version(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "2.17.1", "5.3.30", "31.1-jre", "31.1-android", "4.1.94.Final", "1.0.0.RELEASE",
    "2.0-rc1", "1.0-alpha-1", "3.0.0-M5", "2.3.0-beta2", "9.4.51.v20230217", "1.0-SNAPSHOT",
    "20231013", "1.1.1-GA", "2.4.0-b180830.0359", "3.2.1.SP2", "1.4.200-cr.3", "1.78.1",
    "2.2.0-jre8", "r09", "1.0-20230101.1-2",
]  # fmt: skip
PIECES = [
    *"0129.-abmxz",
    "00",
    "rc",
    "-sp",
    ".ga",
    "alpha",
    "-1",
    ".0",
    "SNAPSHOT",
    "final",
    "9" * 25,
]

JUDGE = r"""
import java.io.*;
import org.apache.maven.artifact.versioning.ComparableVersion;

class Judge {
    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] words = line.split("\"");
            int order = new ComparableVersion(words[1]).compareTo(new ComparableVersion(words[3]));
            System.out.println(order < 0 ? "<" : order > 0 ? ">" : "=");
        }
    }
}
"""


@pytest.mark.slow
def test_agrees_with_maven(tmp_path: Path) -> None:
    java = program("java")
    jar = Path("/usr/share/maven/lib/maven-artifact-3.x.jar")
    if not jar.is_file():
        pytest.skip("the judge needs Debian's maven, which is not installed")
    source = tmp_path / "Judge.java"
    source.write_text(JUDGE)

    pairs = version_pairs(SAMPLES, PIECES, count=4000, accept=is_read_as("maven"))

    assert disagreements("maven", pairs, verdicts([java, "-cp", jar, source], pairs)) == []
