"""`lading exceptions`, `lading policy`, and the options of a scan that decide."""

import json
from pathlib import Path

import pytest

from builders import a_finding, a_package, a_result
from cli.running import Ran, is_one_line, ran
from lading.findings.exceptions import read_exceptions
from lading.report import json as report_json

NOW = "2026-06-15T12:00:00Z"
SHOP = str(Path(__file__).parents[2] / "examples" / "shop")
SAID = ("--reason", "not reachable", "--author", "ops", "--until", "2026-06-20")
FILE = """\
# Ours, all of them.

# the first
[[exception]]
vulnerability = "CVE-2024-1"  # by id
reason = "a"
author = "ops"
until = 2026-06-01

# the second
[[exception]]
vulnerability = "CVE-2024-2"
package = "npm:x"
reason = \"\"\"
of
two lines\"\"\"
author = "ops"
until = 2027-01-01
"""

NESTED = """\
[[exception]]
vulnerability = "A"
author = "o"
until = 2027-01-01
reason = '''
[[exception]]
vulnerability = "B"
reason = "r"
author = "o"
until = 2027-01-01
#'''
"""  # an exception within a text of another


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def exceptions(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    return ran(capsys, "exceptions", *arguments, now=NOW)


def test_one_is_added_to_a_file_that_may_not_be_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scope = ("CVE-2024-1", "GHSA-a", "--package", "npm:it's", "--version", "<2", "--layer", "own")
    word = ("--justification", "component_not_present", "--impact", 'no "x"', "--until-fixed")

    added = exceptions(capsys, "add", *scope, *word, *SAID)
    numbered = exceptions(capsys, "add", "CVE-2024-3", "--layer", "3", *SAID)

    assert (added.code, numbered.code) == (0, 0)
    first, second = read_exceptions(Path("exceptions.toml").read_bytes(), "e")
    assert first.vulnerabilities == ("CVE-2024-1", "GHSA-a")
    assert (first.scope.layers, second.scope.layers) == (("own",), (3,))
    assert (first.impact, first.until_fixed) == ('no "x"', True)
    assert str(first.added) == "2026-06-15"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("CVE-2024-1", "--reason", "x", "--author", "y"), "has no until"),
        (("CVE-2024-1", *SAID, "--version", "1 2"), "no range of versions"),
        ((*SAID,), "names no vulnerability"),
        (("CVE-2024-1", *SAID, "--layer", "top"), "layer must be"),
    ],
)
def test_a_wrong_one_is_refused_and_the_file_stays(
    arguments: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("exceptions.toml").write_text(FILE)

    done = exceptions(capsys, "add", *arguments)

    assert done.code == 2
    assert is_one_line(done.err)
    assert reason in done.err
    assert Path("exceptions.toml").read_text() == FILE


def test_adding_and_removing_leaves_all_else_as_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("exceptions.toml").write_text(FILE)

    exceptions(capsys, "add", "CVE-2024-3", *SAID)
    done = exceptions(capsys, "remove", "cve-2024-3")

    assert done.code == 0
    assert Path("exceptions.toml").read_text().rstrip() == FILE.rstrip()


@pytest.mark.parametrize(
    ("arguments", "kept", "gone"),
    [
        (("CVE-2024-1",), "# the second", "# the first"),
        (("--expired",), "# the second", "# the first"),
        (("--package", "npm:x"), "# the first", "two lines"),
        (("--line", "11"), "# the first", "# the second"),
    ],
)
def test_one_is_removed_with_the_comment_above_it(
    arguments: tuple[str, ...], kept: str, gone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("e.toml").write_text(FILE)

    done = exceptions(capsys, "remove", *arguments, "--file", "e.toml")

    text = Path("e.toml").read_text()
    assert done.code == 0
    assert kept in text
    assert gone not in text
    assert text.startswith("# Ours, all of them.")


@pytest.mark.parametrize(
    ("text", "arguments", "reason"),
    [
        (FILE, (), "say which to remove"),
        (FILE, ("CVE-2024-9",), "no exception is what you named"),
        (FILE + FILE, ("CVE-2024-1",), "choose by --line"),
        (
            'exception = [{vulnerability = "A", reason = "b", author = "c", until = 2027-01-01}]',
            ("A",),
            "edit it by hand",
        ),
        ("x = 1", ("A",), "e.toml:1: unknown key"),
        (NESTED, ("A",), "cannot be edited without harm"),
    ],
)
def test_what_cannot_be_removed_is_said(
    text: str, arguments: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("e.toml").write_text(text)

    done = exceptions(capsys, "remove", *arguments, "--file", "e.toml")

    assert done.code == 2
    assert reason in done.err
    assert Path("e.toml").read_text() == text


def test_all_are_listed_with_how_long_they_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("exceptions.toml").write_text(FILE)
    exceptions(capsys, "add", "CVE-2024-3", *SAID)

    table = exceptions(capsys, "list").out.splitlines()
    listed = json.loads(exceptions(capsys, "list", "--format", "json").out)["exceptions"]

    assert [line.partition("  ")[0] for line in table] == ["expired", "in force", "5 days left"]
    assert [one["days_left"] for one in listed] == [None, 200, 5]


def test_an_empty_file_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    Path("e.toml").write_text("")

    assert exceptions(capsys, "list", "e.toml").out == "no exceptions\n"


def test_foreign_rules_are_written_as_exceptions_and_the_rest_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(".trivyignore").write_text("# known\nCVE-2024-1 exp:2027-01-01\nDS002\nCVE-2024-2\n")

    done = exceptions(capsys, "import", ".trivyignore", "--author", "ops")

    (found,) = read_exceptions(done.out.encode(), "out")
    assert (found.reason, found.author, str(found.until)) == ("known", "ops", "2027-01-01")
    assert ".trivyignore:4: left out, for it lacks --reason, --until" in done.err
    assert ".trivyignore:3: 'DS002' is no id of a vulnerability" in done.err


def test_foreign_rules_can_be_put_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".trivyignore").write_text("CVE-2024-7\n")
    Path("e.toml").write_text(FILE)

    done = exceptions(capsys, "import", ".trivyignore", "--into", "e.toml", *SAID)

    assert (done.code, done.out, done.err) == (0, "", "")
    assert len(read_exceptions(Path("e.toml").read_bytes(), "e")) == 3
    assert Path("e.toml").read_text().startswith(FILE)


def test_a_scan_never_reads_foreign_files_and_names_what_it_was_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(".trivyignore").write_text("CVE-2026-6100\n")
    Path("e.toml").write_text(FILE)
    Path("p.toml").write_text('[[rule]]\nname = "worst"\naction = "deny"\nseverity = "critical"\n')
    Path("v.json").write_text('{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{}]}')
    options = ("--exceptions", "e.toml", "--policy", "p.toml", "--vex", "v.json")

    done = ran(capsys, "scan", SHOP, *options, "--format", "json", now=NOW)

    result = json.loads(done.out)
    assert done.code == 1
    assert {one["rule"] for one in result["verdict"]["breaches"]} == {"worst"}
    assert [one["outcome"] for one in result["decisions"]] == ["expired", "unmatched", "unusable"]


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        ("--policy", "[[rule]]\n", "x:1: this rule has no action"),
        ("--exceptions", "[[exception]]\n", "x:1: this exception has no reason"),
        ("--vex", "{}", "neither OpenVEX nor CSAF"),
        ("--policy", None, "cannot read 'x': No such file"),
    ],
)
def test_a_wrong_file_ends_a_scan_before_it_begins(
    option: str, text: str | None, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        Path("x").write_text(text)

    done = ran(capsys, "scan", "dir:/nowhere", option, "x", now=NOW)

    assert done.code == 2
    assert is_one_line(done.err)
    assert reason in done.err


def test_an_exception_longer_than_the_policy_allows_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("e.toml").write_text(FILE)
    Path("p.toml").write_text("[exceptions]\nmax_days = 30\nannounce_days = 3\n")

    done = ran(
        capsys, "scan", "dir:/nowhere", "--exceptions", "e.toml", "--policy", "p.toml", now=NOW
    )

    assert done.code == 2
    assert "e.toml:11: until 2027-01-01 is 200 days ahead; the policy allows 30" in done.err


# ------------------------------------------------------------------ lading policy test


def test_a_policy_is_tried_on_saved_results(capsys: pytest.CaptureFixture[str]) -> None:
    bad = a_result(packages=(a_package(),), findings=(a_finding(),))
    Path("bad.json").write_text(report_json.render(bad))
    Path("good.json").write_text(report_json.render(a_result()))
    Path("p.toml").write_text(
        'evaluation = "all"\n[[rule]]\nname = "highs"\naction = "deny"\nseverity = "high"\n'
        '[[rule]]\naction = "warn"\non = "packages"\n'
    )

    both = ran(capsys, "policy", "test", "p.toml", "bad.json", "good.json", now=NOW)
    good = ran(capsys, "policy", "test", "p.toml", "good.json", now=NOW)
    listed = ran(capsys, "policy", "test", "p.toml", "bad.json", "--format", "json", now=NOW)

    assert (both.code, good.code, listed.code) == (1, 0, 1)
    assert both.out.splitlines()[:2] == [
        "bad.json: blocked, by 1, with 1 warnings",
        "  deny  highs: CVE-2024-1000 thing",
    ]
    assert both.out.splitlines()[-1] == "good.json: pass"
    (result,) = json.loads(listed.out)["results"]
    assert result["breaches"][0]["rule"] == "highs"
    assert result["pass"] is False
