import re

from markdown_it import MarkdownIt

from builders import a_result
from lading.report.markdown import LONGEST, block, code, render
from lading.report.view import View
from report.golden import assert_golden
from report.hostile import HOSTILE, NAMES, a_large_result
from report.sample import INVENTORY, NOW, SCAN

VIEW = View(now=NOW)
GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def test_the_whole_comment() -> None:
    assert_golden("comment.md", render(SCAN, VIEW))


def test_an_inventory_says_that_nobody_looked() -> None:
    assert "nobody looked for vulnerabilities" in render(INVENTORY, VIEW)


def test_nothing_found_still_says_what_was_not_covered() -> None:
    text = render(a_result(), VIEW)

    assert "**0 findings**" in text
    assert "This does not mean that nothing is wrong: no packages were found." in text


def test_ten_thousand_findings_fit_into_a_comment_and_the_rest_is_counted() -> None:
    text = render(a_large_result(), VIEW)

    assert len(text) <= LONGEST
    left = re.search(r"(\d[\d,]*) more packages have no room here", text)
    folded = re.search(r"<summary>(\d+) more packages", text)
    assert left
    assert folded
    assert int(left[1].replace(",", "")) + int(folded[1]) + 10 == 2_000


def test_hostile_names_stay_in_code() -> None:
    text = render(HOSTILE, VIEW)

    html = GITHUB.render(text)
    outside = re.sub(r"<code[^>]*>.*?</code>", "", html, flags=re.DOTALL)
    for word in ("alert", "evil", "@admin", "#1", "javascript", "onerror", "SUM"):
        assert word not in outside
    assert not any(char in text for char in "\x1b\x07\u202e\u200b\u2028")
    assert html.count("<tr>") == text.count("\n| ")


def test_a_code_span_shows_its_text_and_nothing_more() -> None:
    for name in (*NAMES, "`", "``", " a ", "a`"):
        html = GITHUB.render(f"x {code(name, 10_000)} y")

        assert html.startswith("<p>x <code>") or not name
        assert html.endswith("</code> y</p>\n")


def test_no_line_ends_its_block() -> None:
    html = GITHUB.render(block(["```", "````x", "<b>"]) + "\n\nafter")

    assert html.count("<pre>") == 1
    assert html.endswith("</code></pre>\n<p>after</p>\n")
