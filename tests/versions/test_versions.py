"""Every scheme is an order, refuses what it cannot read, and can be asked by name."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lading.errors import InvalidVersion, UsageError
from lading.versions import SCHEMES, compare, key

FEW = settings(max_examples=30)  # each looks at up to 144 pairs
EVERY_SCHEME = pytest.mark.parametrize("scheme", sorted(SCHEMES))

_NUMBER = st.integers(0, 30).map(str)
_WORD = st.sampled_from(
    ["a", "b", "rc", "alpha", "beta", "pre", "dev", "p", "r", "x", "git", "final"]
)
_MARK = st.sampled_from(
    [".", "-", "_", "~", "^", "+", ":", "!", "v", "go", "-r", "_rc", "-alpha.", ""]
)
_PLAIN = st.lists(_NUMBER, min_size=1, max_size=4).map(".".join)
_PIECED = st.lists(st.one_of(_NUMBER, _MARK, _WORD), min_size=1, max_size=6).map("".join)
_TEXT = st.one_of(_PLAIN, st.builds(str.__add__, _PLAIN, _PIECED), _PIECED)


def _read(scheme: str, texts: list[str]) -> list[str]:
    """Return the texts that are versions of the scheme."""
    read = []
    for text in texts:
        try:
            SCHEMES[scheme](text)
        except InvalidVersion:
            continue
        read.append(text)
    return read


@EVERY_SCHEME
@given(text=st.one_of(st.text(max_size=30), _TEXT))
def test_any_text_is_a_version_or_invalid(scheme: str, text: str) -> None:
    for read in _read(scheme, [text]):
        assert SCHEMES[scheme](read) == SCHEMES[scheme](text)
        assert hash(SCHEMES[scheme](read)) == hash(SCHEMES[scheme](text))


@EVERY_SCHEME
@FEW
@given(texts=st.lists(_TEXT, max_size=12))
def test_two_versions_compare_one_way_only(scheme: str, texts: list[str]) -> None:
    for one in _read(scheme, texts):
        for other in _read(scheme, texts):
            assert compare(scheme, one, other) == -compare(scheme, other, one)


@EVERY_SCHEME
@FEW
@given(texts=st.lists(_TEXT, max_size=12))
def test_equal_versions_have_equal_hashes(scheme: str, texts: list[str]) -> None:
    for one in _read(scheme, texts):
        for other in _read(scheme, texts):
            if compare(scheme, one, other) == 0:
                assert hash(key(scheme, one)) == hash(key(scheme, other))


@pytest.mark.parametrize("scheme", sorted(set(SCHEMES) - {"maven"}))  # see test_maven: circles
@FEW
@given(texts=st.lists(_TEXT, max_size=12))
def test_a_sorted_list_rises_from_each_to_each(scheme: str, texts: list[str]) -> None:
    ladder = sorted(_read(scheme, texts), key=lambda text: key(scheme, text))

    for place, lower in enumerate(ladder):
        for higher in ladder[place:]:
            assert compare(scheme, lower, higher) <= 0


@EVERY_SCHEME
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1" * 4096, id="digits"),
        pytest.param("1." * 2048, id="dots"),
        pytest.param("1-" * 2048, id="hyphens"),
        pytest.param("1a" * 2048, id="letters"),
        pytest.param("1.0-" + "a" * 4092, id="one word"),
        pytest.param("1.0-" + "~" * 4092, id="tildes"),
        pytest.param("1.0-alpha" + "1" * 4000 + "!", id="digits and an odd end"),
        pytest.param("1" * 240 + ".1.1" + "1" * 12 + "!", id="short, with an odd end"),
        pytest.param("1" * 4096 + "!" * 4096, id="too long"),
    ],
)
def test_absurd_versions_take_no_time(scheme: str, text: str) -> None:
    for one, other in (text, text), (text, "1.0.0"), (text, text[:-1]):
        try:
            assert compare(scheme, one, other) == -compare(scheme, other, one)
        except InvalidVersion:
            continue


def test_compares_by_the_scheme_that_is_named() -> None:
    assert compare("deb", "1.0~rc1", "1.0") == -1
    assert compare("deb", "1.0", "1.0-0") == 0
    assert compare("pep440", "1.0", "1.0rc1") == 1


def test_an_unknown_scheme_names_those_that_are_known() -> None:
    with pytest.raises(UsageError, match=r"no version scheme 'debian'; known: .*deb.*rpm"):
        compare("debian", "1", "2")


@EVERY_SCHEME
def test_the_error_says_which_version_of_which_scheme(scheme: str) -> None:
    with pytest.raises(InvalidVersion, match=f"'' is no {scheme} version: it is empty"):
        compare(scheme, "", "")


@EVERY_SCHEME
def test_every_scheme_is_documented(scheme: str) -> None:
    recipe = Path(__file__).parents[2] / "docs" / "adding" / "version-scheme.md"

    assert f"\n| `{scheme}` | " in recipe.read_text(encoding="utf-8")


def test_there_are_as_many_schemes_as_names() -> None:
    assert len(SCHEMES) == len(set(SCHEMES))
    assert "debian" not in SCHEMES
