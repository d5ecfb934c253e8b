from lading.report.layout import Cell, Cut, Page, Style, sentence, stops

PAGE = Page(width=40, color=False)


def test_cells_stand_at_their_stops() -> None:
    assert PAGE.lines([Cell("a"), Cell("b")], stops=(0, 10)) == ["a         b"]


def test_a_cell_longer_than_its_column_pushes_the_next_on() -> None:
    assert PAGE.lines([Cell("abcdef"), Cell("b")], stops=(0, 3)) == ["abcdef  b"]


def test_an_empty_cell_takes_no_room() -> None:
    assert PAGE.lines([Cell("a"), Cell(""), Cell("c")]) == ["a  c"]


def test_no_cells_make_no_line() -> None:
    assert PAGE.lines([Cell("")]) == []


def test_a_cell_that_may_be_cut_readily_takes_what_is_left_of_the_line() -> None:
    cells = [Cell("x" * 18), Cell("/a/long/path/to/a/file", cut=Cut.READILY)]

    assert PAGE.lines(cells) == ["x" * 18 + "  /a/long/p…/to/a/file"]


def test_a_cell_that_would_be_cut_to_very_little_starts_a_line() -> None:
    cells = [Cell("x" * 30), Cell("/a/long/path/to/a/file", cut=Cut.READILY)]

    assert PAGE.lines(cells) == ["x" * 30, "    /a/long/path/to/a/file"]


def test_a_name_is_cut_only_where_a_whole_line_is_too_short() -> None:
    cells = [Cell("xyz"), Cell("y" * 36, cut=Cut.ALONE), Cell("z" * 37, cut=Cut.ALONE)]

    lines = PAGE.lines(cells)

    assert lines == ["xyz", "    " + "y" * 36, "    " + "z" * 17 + "…" + "z" * 18]


def test_a_version_is_never_cut() -> None:
    assert PAGE.lines([Cell("x"), Cell("9" * 50)]) == ["x", "    " + "9" * 50]


def test_parts_go_on_lines_of_their_own_where_one_is_too_short() -> None:
    cells = [Cell("x"), Cell("fixed in", "1" * 30 + ",", "2" * 30)]

    assert PAGE.lines(cells) == ["x", "    fixed in", "    " + "1" * 30 + ",", "    " + "2" * 30]


def test_colours_take_no_room() -> None:
    page = Page(width=40, color=True)

    assert page.lines([Cell("ab", style=Style.BAD), Cell("c")], stops=(0, 4)) == [
        "\x1b[31mab\x1b[0m  c"
    ]


def test_a_page_narrower_than_forty_columns_counts_as_forty() -> None:
    assert Page(width=1, color=False).lines(sentence("one two")) == ["one two"]


def test_a_sentence_is_wrapped_between_words() -> None:
    lines = PAGE.lines(sentence("word " * 10))

    assert lines == ["word word word word word word word word", "    word word"]


def test_a_stop_leaves_room_for_its_column_but_not_for_one_long_cell() -> None:
    rows = [[Cell("ab"), Cell(""), Cell("x")], [Cell("a" * 99), Cell(""), Cell("x")]]

    assert stops(rows, indent=2, widest=10) == (2, 14, 14)
