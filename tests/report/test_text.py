import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.report.text import encodable, plain, shorten, width

ANY = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("libc6 2.36-9", "libc6 2.36-9", id="ordinary"),
        pytest.param("naïve 包 é", "naïve 包 é", id="letters of any script"),
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="escape sequence"),
        pytest.param("a\nb\tc\rd\x00", r"a\x0ab\x09c\x0dd\x00", id="C0 controls"),
        pytest.param("\x7f\x85\x9b", r"\x7f\x85\x9b", id="DEL and C1"),
        pytest.param("\u202egpj.exe\u2066", r"\u202egpj.exe\u2066", id="bidirectional controls"),
        pytest.param("a\u2028b\u2029c", r"a\u2028b\u2029c", id="line separators"),
        pytest.param("re\u200bquests\ufeff", r"re\u200bquests\ufeff", id="characters of no width"),
        pytest.param("\udcff\udc80", r"\xff\x80", id="bytes that were no UTF-8"),
        pytest.param("\ud800", r"\ud800", id="lone surrogate"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag characters"),
    ],
)
def test_what_a_terminal_acts_on_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(ANY)
def test_plain_text_stays_as_it_is_when_made_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(ANY)
def test_plain_text_is_one_line_that_every_file_can_hold(text: str) -> None:
    shown = plain(text)

    assert len(shown.splitlines()) <= 1
    assert shown.encode().decode() == shown


@given(ANY)
def test_encodable_text_looks_the_same_when_shown(text: str) -> None:
    assert plain(encodable(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("abc", 3, id="ascii"),
        pytest.param("宽字", 4, id="wide"),
        pytest.param("\uff21\uff22", 4, id="full-width"),
        pytest.param("e\u0301", 1, id="combining mark"),
        pytest.param("ñ…", 2, id="narrow beyond ascii"),
    ],
)
def test_text_is_as_wide_as_a_terminal_shows_it(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        pytest.param("/usr/lib/python3", 16, "/usr/lib/python3", id="it fits"),
        pytest.param("/usr/lib/python3", 11, "/usr/…thon3", id="both ends stay"),
        pytest.param("宽字宽字宽字", 7, "宽…字", id="no half of a wide character"),
        pytest.param("abc", 1, "…", id="hardly any room"),
        pytest.param("abc", 0, "", id="no room"),
    ],
)
def test_text_is_shortened_in_its_middle(text: str, room: int, shown: str) -> None:
    assert shorten(text, room) == shown


@given(ANY, st.integers(-1, 40))
def test_shortened_text_fits(text: str, room: int) -> None:
    assert width(shorten(plain(text), room)) <= max(room, 0)
