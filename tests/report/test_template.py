import pytest

from builders import a_result
from lading.errors import UsageError
from lading.model.result import Result
from lading.report.template import is_markup, render
from lading.report.view import Template, View
from report.hostile import HOSTILE
from report.sample import NOW, SCAN


def written(text: str, *, name: str = "list.txt", result: Result = SCAN) -> str:
    return render(result, View(now=NOW, template=Template(name=name, text=text)))


def test_it_sees_the_result_and_its_packages_by_id() -> None:
    text = (
        "{% for one in result.findings if one.severity == 'critical' %}\n"
        "{{ one.id }} in {{ packages[one.package].name }}\n"
        "{% endfor %}"
    )

    assert written(text).splitlines() == [
        "CVE-2021-44228 in org.apache.logging.log4j:log4j-core",
        "MAL-2022-1 in colors",
        "CVE-2021-35042 in Django",
    ]


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("a.html", True),
        ("a.HTML.j2", True),
        ("a.xml.jinja", True),
        ("a.md", False),
        ("html", False),
    ],
)
def test_values_are_escaped_where_the_file_is_markup(name: str, markup: bool) -> None:
    text = written("{{ packages['npm/0'].name }}", name=name, result=HOSTILE)

    assert is_markup(name) is markup
    assert ("<script>" in text) is not markup


def test_no_value_holds_what_a_terminal_acts_on() -> None:
    text = written("{% for one in result.packages %}{{ one.name }}{% endfor %}", result=HOSTILE)

    assert not any(char in text for char in "\x1b\x07\r\t\u202e\u200b\u2028")


def test_filters_defuse_formulas_and_markup() -> None:
    assert written("{{ '=1'|inert }} {{ '**b**'|code }}") == "'=1 `**b**`\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("ok\n{% for %}", "t.txt:2: ", id="wrong syntax"),
        pytest.param("ok\n{{ nothing }}", "t.txt:2: .*'nothing' is undefined", id="unknown name"),
        pytest.param("{{ result.nothing }}", "nothing", id="unknown member"),
        pytest.param("{{ 1 / 0 }}", "division by zero", id="wrong arithmetic"),
        pytest.param("{{ result + 1 }}", "unsupported operand", id="wrong types"),
        pytest.param("{% include '/etc/passwd' %}", "no loader", id="another file"),
        pytest.param("{{ ''.__class__.__mro__ }}", "unsafe", id="a way out of the values"),
        pytest.param("{{ result.packages.append(1) }}", "unsafe", id="a change"),
        pytest.param("{{ 'a' * 99999999 }}", "too large", id="a large text"),
        pytest.param("{{ 9 ** 99999999 }}", "too large", id="a large number"),
        pytest.param(
            "{% for a in range(9999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "more than 20,000,000 steps",
            id="a long loop",
        ),
    ],
)
def test_what_fails_is_wrong_usage(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        written(text, name="t.txt")


def test_too_much_text_is_wrong_usage() -> None:
    line = "x" * 1000
    text = f"{{% for a in range(70000) %}}{line}{{% endfor %}}"

    with pytest.raises(UsageError, match="writes more than"):
        written(text, result=a_result())
