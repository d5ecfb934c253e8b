"""Parsers as values, and complaints that point to the help that helps."""

import argparse

import pytest

from cli.running import ran
from lading.cli.grammar import Argument, Option, grammar_of


def test_a_parser_is_told_by_its_options_arguments_and_actions() -> None:
    parser = argparse.ArgumentParser(prog="x", add_help=False, description="Does.", epilog="End.")
    parser.add_argument("-f", "--file", metavar="FILE", help="100 %% of it")
    parser.add_argument("--secret", help=argparse.SUPPRESS)
    actions = parser.add_subparsers(dest="action")
    one = actions.add_parser("one", add_help=False, help="the first")
    one.add_argument("paths", nargs="+", metavar="PATH")
    one.add_argument("mode", nargs="?", choices=("a", "b"))

    whole = grammar_of(parser)

    assert (whole.name, whole.text, whole.notes) == ("x", "Does.", "End.")
    assert whole.options == (
        Option(flags=("-f", "--file"), value="FILE", choices=(), text="100 % of it"),
    )
    assert whole.options[0].is_file
    assert [(each.name, each.text) for each in whole.walk()] == [
        ("x", "Does."),
        ("x one", "the first"),
    ]
    paths, mode = whole.actions[0].arguments
    assert paths == Argument(name="PATH", choices=(), is_many=True, is_needed=True, text="")
    assert paths.is_file
    assert (mode.choices, mode.is_needed, mode.is_file) == (("a", "b"), False, False)


@pytest.mark.parametrize(
    ("given", "help"),
    [
        (("scan", "x", "--nope"), "lading scan"),
        (("advisories", "update", "--nope"), "lading advisories update"),
        (("base", "add", "x", "y"), "lading base add"),
        (("--nope",), "lading"),
        (("scam", "x"), "lading"),
    ],
)
def test_an_unknown_word_points_to_the_help_of_its_command(
    given: tuple[str, ...], help: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ran(capsys, *given, now="")

    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert answer.err.startswith(f"{help}: ")
    assert answer.err.endswith(f"; see {help} --help\n")
