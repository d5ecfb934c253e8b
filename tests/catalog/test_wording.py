"""What may be a name or a version."""

import pytest

from lading.catalog.wording import LONGEST, refuse, word, words


@pytest.mark.parametrize("value", ["", "  ", None, 5, ["a"], "a\nb", "a\x00", "\ud800", "x" * 600])
def test_what_cannot_be_shown_on_a_line_is_no_word(value: object) -> None:
    assert word(value) is None


@pytest.mark.parametrize(("value", "expected"), [
    (" a b ", "a b"),
    ("\u540d", "\u540d"),
    ("x" * LONGEST, "x" * LONGEST),
])  # fmt: skip
def test_a_word_is_kept_as_written_but_for_blanks_around_it(value: str, expected: str) -> None:
    assert word(value) == expected


def test_of_several_only_the_fit_are_kept_once_each() -> None:
    assert words(["a", "", 5, "b", "a"]) == ("a", "b")
    assert words({"a": 1, "b": 2}) == ("a", "b")
    assert words("ab") == words(None) == ()


def test_a_refusal_says_what_was_found() -> None:
    assert str(refuse("/f", "name", None)) == "/f: its name is missing"
    assert str(refuse("/f", "name", "a\nb")) == "/f: its name 'a\\nb' is none"
    assert len(str(refuse("/f", "name", "x" * 1000))) < 100
