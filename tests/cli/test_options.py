import argparse
import io
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from lading.cli.options import (
    Output,
    add_output_arguments,
    add_view_arguments,
    outputs_from,
    view_from,
)
from lading.errors import UsageError
from lading.model.finding import Severity
from lading.report.view import Grouping, Sort, View

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_view_arguments(parser)
    add_output_arguments(parser)
    options = parser.parse_args(arguments)
    options.now = lambda: NOW
    return options


def view(
    *arguments: str, stream: io.StringIO | None = None, environ: Mapping[str, str] | None = None
) -> View:
    return view_from(parsed(*arguments), stream, environ=environ or {})


@pytest.mark.parametrize(
    ("arguments", "outputs"),
    [
        pytest.param([], [Output(format="table")], id="the default"),
        pytest.param(["--format", "json"], [Output(format="json")], id="one format"),
        pytest.param(["--output", "r"], [Output(format="table", path="r")], id="one file"),
        pytest.param(
            ["--format", "json", "--output", "r", "--format", "table"],
            [Output(format="json", path="r"), Output(format="table")],
            id="a file belongs to the format before it",
        ),
        pytest.param(
            ["--format", "table", "--format", "json", "--output", "r"],
            [Output(format="table"), Output(format="json", path="r")],
            id="and not to the one before that",
        ),
        pytest.param(
            ["--format", "json", "--output", "-"], [Output(format="json")], id="standard output"
        ),
    ],
)
def test_each_output_belongs_to_the_format_before_it(
    arguments: list[str], outputs: list[Output]
) -> None:
    assert list(outputs_from(parsed(*arguments))) == outputs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["--output", "r", "--format", "json"], "no --format before it", id="wrong way round"
        ),
        pytest.param(
            ["--format", "json", "--output", "a", "--output", "b"], "the second", id="two files"
        ),
        pytest.param(
            ["--format", "json", "--format", "table"],
            "2 formats for standard output",
            id="mixed up",
        ),
        pytest.param(
            ["--format", "json", "--output", "r", "--format", "table", "--output", "r"],
            "2 formats for r",
            id="one over the other",
        ),
    ],
)
def test_outputs_that_get_in_each_others_way_are_wrong_usage(
    arguments: list[str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        outputs_from(parsed(*arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "pdf"], "there is no format 'pdf'; choose from table, json"),
        (["--columns", "id,colour"], "there is no column 'colour'"),
        (["--severity", "awful"], "invalid choice"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(arguments: list[str], message: str) -> None:
    with pytest.raises(argparse.ArgumentError, match=message):
        parsed(*arguments)


def test_without_options_everything_is_shown_worst_first_by_package() -> None:
    assert view() == View(now=NOW)


def test_options_say_what_is_shown_and_how() -> None:
    asked = view(
        "--severity", "high", "--fixable", "--sort", "id", "--group-by", "none",
        "--columns", "id, path", "--color", "always",
    )  # fmt: skip

    assert asked == View(
        now=NOW,
        severity=Severity.HIGH,
        fixable=True,
        sort=Sort.ID,
        group_by=Grouping.NONE,
        columns=("id", "path"),
        color=True,
    )


@pytest.mark.parametrize(
    ("choice", "stream", "environ", "coloured"),
    [
        pytest.param("auto", Terminal(), {"TERM": "xterm"}, True, id="a terminal"),
        pytest.param("auto", Terminal(), {"TERM": "dumb"}, False, id="a dumb terminal"),
        pytest.param("auto", Terminal(), {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param("auto", Terminal(), {"NO_COLOR": ""}, True, id="empty NO_COLOR"),
        pytest.param("auto", io.StringIO(), {}, False, id="a pipe"),
        pytest.param("auto", None, {}, False, id="a file"),
        pytest.param("always", None, {"NO_COLOR": "1"}, True, id="always"),
        pytest.param("never", Terminal(), {}, False, id="never"),
    ],
)
def test_colours_are_for_terminals_unless_asked(
    choice: str, stream: io.StringIO | None, environ: Mapping[str, str], *, coloured: bool
) -> None:
    assert view("--color", choice, stream=stream, environ=environ).color is coloured


@pytest.mark.parametrize(
    ("stream", "environ", "columns"),
    [
        pytest.param(io.StringIO(), {}, 100, id="a pipe"),
        pytest.param(io.StringIO(), {"COLUMNS": "132"}, 132, id="a pipe, and COLUMNS"),
        pytest.param(Terminal(), {"COLUMNS": "60"}, 60, id="a terminal, and COLUMNS"),
        pytest.param(Terminal(), {}, 80, id="a terminal that does not say"),
        pytest.param(io.StringIO(), {"COLUMNS": "0"}, 100, id="no columns"),
        pytest.param(io.StringIO(), {"COLUMNS": "wide"}, 100, id="no number"),
        pytest.param(io.StringIO(), {"COLUMNS": "9" * 5000}, 100, id="no terminal so wide"),
        pytest.param(None, {"COLUMNS": "132"}, 100, id="a file is the same from anywhere"),
    ],
)
def test_the_width_is_that_of_what_is_written_to(
    stream: io.StringIO | None, environ: Mapping[str, str], columns: int
) -> None:
    assert view(stream=stream, environ=environ).width == columns


@pytest.mark.parametrize(
    ("arguments", "stream", "environ", "most"),
    [
        pytest.param([], Terminal(), {"LINES": "40"}, 64, id="two screens of a terminal"),
        pytest.param([], Terminal(), {"LINES": "4"}, 20, id="a small terminal"),
        pytest.param([], Terminal(), {}, 32, id="a terminal that does not say"),
        pytest.param(["--all"], Terminal(), {"LINES": "40"}, None, id="all of them"),
        pytest.param([], io.StringIO(), {"LINES": "40"}, None, id="piped"),
        pytest.param([], None, {"LINES": "40"}, None, id="a file"),
    ],
)
def test_only_a_terminal_gets_a_short_list(
    arguments: list[str], stream: io.StringIO | None, environ: dict[str, str], most: int | None
) -> None:
    assert view(*arguments, stream=stream, environ=environ).most == most
