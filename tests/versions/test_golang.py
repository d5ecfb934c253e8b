"""Go versions sort as Go sorts them, modules and toolchains alike."""

from itertools import pairwise
from pathlib import Path

import pytest

from lading.errors import InvalidVersion
from lading.versions.golang import key
from version_judges import (
    built_or_skipped,
    disagreements,
    is_read_as,
    program,
    verdicts,
    version_pairs,
)

RISING = [
    "v0.0.0-20190101000000-abcdefabcdef", "v0.0.0-20210101000000-abcdefabcdef", "v0.0.0",
    "v0.1.0-rc.1", "v0.1.0-rc.1.0.20210101000000-abcdefabcdef", "v0.1.0-rc.2", "v0.1.0",
    "v0.1.1-0.20210101000000-abcdefabcdef", "v0.1.1", "v0.10.0", "v1", "v1.0.1",
    "v2.0.0+incompatible",
]  # fmt: skip
TOOLCHAINS = [
    "go1", "go1.4.3", "go1.8.5rc4", "go1.8.5rc5", "go1.8.5", "go1.20", "go1.20.1", "1.21.0-0",
    "go1.21beta1", "go1.21rc2", "go1.21rc10", "go1.21.0", "go1.21.3", "go1.100",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), [*pairwise(RISING), *pairwise(TOOLCHAINS)])
def test_sorts_like_go(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("v1.2.3", "1.2.3", id="the v may be missing"),
        pytest.param("v1.2", "v1.2.0", id="a missing number is zero"),
        pytest.param("v2.0.0+incompatible", "v2.0.0", id="build metadata does not count"),
        pytest.param("go1.21", "1.21.0", id="the first release of a toolchain"),
        pytest.param("1.21rc1", "go1.21rc1", id="the toolchain without its name"),
        pytest.param("go1.21.3-bigcorp", "go1.21.3", id="a vendor's mark"),
        pytest.param("go1.21.3 X:boringcrypto", "go1.21.3", id="an experiment's mark"),
        pytest.param("go1.16.15b7", "go1.16.15", id="the mark of BoringCrypto"),
        pytest.param("1.16.15b7", "go1.16.15", id="the same without the name"),
        pytest.param("go1.21rc1", "v1.21.0-rc.1", id="as the vulnerability database writes it"),
    ],
)
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "(devel)", "devel go1.22-abc", "v", "go", "v01.2.3", "v1.2-rc1", "v1.2.3-", "v1.2.3-01",
    "v1.2.3-a..b", "v1.2.3+", "v1.2.3.4", "vv1", "v1.21rc1", "go1.21x", " v1", "v1.2.3-é",
    "v\u0663", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_go_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "v1.2.3", "v0.17.0", "v0.0.0-20220314234659-1baeb1ce4c0b", "v2.0.0+incompatible", "v1.0.0-rc.1",
    "v28.2.0-rc.1+incompatible", "v0.4.1-0.20230131160137-e7d7f63158de", "v1.5.0-alpha.0.1", "v3",
    "v1.2", "v4.5.0-beta-2", "v0.0.0", "v1.2.3-0", "v1.0.0-x.7.z.92",
]  # fmt: skip
PIECES = [*"0129.-+vaz", "00", "-rc.1", "-0", ".0", "+dirty", "-alpha", "99999999999999999999999"]
GO_SAMPLES = [
    "go1.21.3", "go1.21rc2", "go1.20", "go1.20.1", "go1.22.0", "go1.4beta1", "go1.19rc1",
    "go1.18beta2", "go1", "go1.20.14-fips", "go1.22rc1-x",
]  # fmt: skip
GO_PIECES = [*"012.", "rc1", "beta2", "go", "1.20", "-x", "99999999999999999999"]

MODULES = r"""
package main

import ("bufio"; "encoding/json"; "fmt"; "os"; "golang.org/x/mod/semver")

func main() {
    lines := bufio.NewScanner(os.Stdin)
    for lines.Scan() {
        var pair []string
        json.Unmarshal(lines.Bytes(), &pair)
        if !semver.IsValid(pair[0]) || !semver.IsValid(pair[1]) { fmt.Println("!"); continue }
        fmt.Println(string("<=>"[semver.Compare(pair[0], pair[1])+1]))
    }
}
"""
TOOLCHAIN = MODULES.replace("golang.org/x/mod/semver", "go/version").replace("semver.", "version.")


@pytest.mark.registry
@pytest.mark.timeout(300)
def test_agrees_with_go_on_modules(tmp_path: Path) -> None:
    go = program("go")
    (tmp_path / "main.go").write_text(MODULES)
    built_or_skipped([go, "mod", "init", "judge"], tmp_path)
    built_or_skipped([go, "get", "golang.org/x/mod@v0.20.0"], tmp_path)
    built_or_skipped([go, "build", "-o", "judge", "."], tmp_path)

    pairs = version_pairs(SAMPLES, PIECES, accept=lambda text: text.startswith("v"))  # Go insists

    assert disagreements("go", pairs, verdicts([tmp_path / "judge"], pairs)) == []


@pytest.mark.slow
def test_agrees_with_go_on_toolchains(tmp_path: Path) -> None:
    go = program("go")
    (tmp_path / "main.go").write_text(TOOLCHAIN)
    built_or_skipped([go, "mod", "init", "judge"], tmp_path)
    built_or_skipped([go, "build", "-o", "judge", "."], tmp_path)
    pairs = version_pairs(GO_SAMPLES, GO_PIECES, accept=_is_toolchain)

    assert disagreements("go", pairs, verdicts([tmp_path / "judge"], pairs)) == []


def _is_toolchain(text: str) -> bool:
    """Tell whether Lading reads `text` as a release, and Go does not read it as a language.

    To Go, a language version (go1.21) is before every release, and there are no pre-releases of
    patches, nor of 1.21 and later with other words than it has used.
    """
    numbers = text.removeprefix("go").partition("-")[0].split(".")
    is_language = len(numbers) == 2 and numbers[1].isdecimal() and int(numbers[1]) >= 21
    is_patch = len(numbers) == 3 and not numbers[2].isdecimal()
    return text.startswith("go") and not is_language and not is_patch and is_read_as("go")(text)
