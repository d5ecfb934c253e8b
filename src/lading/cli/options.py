"""Options that several commands share: the view, and where each format goes."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from lading.cli.output import write
from lading.errors import UsageError
from lading.model.finding import Severity
from lading.model.result import Result
from lading.report import FORMATS, render
from lading.report.view import COLUMNS, Grouping, Sort, Template, View

_PIPED = 100  # columns, where no terminal says
_TERMINAL = 80  # columns, where a terminal does not say

_SCREENS = 2  # of findings on a terminal, without --all
_HEIGHT = 24  # lines, where a terminal does not say
_BELOW = 16  # lines of totals and coverage
_FEW = 20  # lines, on however small a terminal

_DEFAULT = next(iter(FORMATS))
_TEMPLATE = "template"
_LONGEST = 1 << 20  # bytes of a template


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One format and the file it goes to; None is standard output."""

    format: str  # a key of FORMATS
    path: str | None = None


def add_view_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what changes how a result looks, and never what it says: read them with `view_from`."""
    group = parser.add_argument_group("view", "never change the verdict or the JSON")
    group.add_argument(
        "--severity", choices=list(map(str, Severity)), help="list findings this severe, and worse"
    )
    group.add_argument("--fixable", action="store_true", help="list only findings that have a fix")
    group.add_argument(
        "--sort", choices=list(map(str, Sort)), default=str(Sort.SEVERITY), help="what comes first"
    )
    group.add_argument(
        "--group-by",
        choices=list(map(str, Grouping)),
        default=str(Grouping.PACKAGE),
        help="what findings stand below",
    )
    group.add_argument(
        "--columns",
        type=_columns,
        default=(),
        metavar="LIST",
        help=f"which to show, separated by commas: {', '.join(COLUMNS)}",
    )
    group.add_argument(
        "--all",
        action="store_true",
        help="list every finding; else a terminal gets the worst, of two screens, and a count",
    )
    add_color_argument(group)


def add_color_argument(group: argparse._ArgumentGroup) -> None:
    """Add `--color` alone: read it with `plain_view`."""
    group.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="auto: on a terminal, unless NO_COLOR is set",
    )


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--format` and `--output`, which come in pairs: read them with `outputs_from`."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "--format",
        action="append",
        dest="outputs",
        type=_format,
        metavar="NAME",
        help=f"how to write it, may be repeated: {', '.join(FORMATS)} (default: {_DEFAULT})",
    )
    group.add_argument(
        "--output",
        action="append",
        dest="outputs",
        metavar="FILE",
        help="where the --format before it goes, whole or not at all (default: standard output)",
    )
    group.add_argument(
        "--template", metavar="FILE", help="for --format template: what to write (Jinja2)"
    )


def outputs_from(options: argparse.Namespace) -> tuple[Output, ...]:
    """Return what to write where, at least one.

    Raises UsageError for an --output that belongs to no --format, for two formats in one place, and
    for a format that cannot hold several results.
    """
    given: Sequence[Output | str] = options.outputs or ()
    if given and not isinstance(given[0], Output):
        if len(given) > 1:
            raise UsageError(
                f"--output {given[0]} has no --format before it; name its format first"
            )
        given = (Output(format=_DEFAULT), *given)
    outputs: list[Output] = []
    for item in given or (Output(format=_DEFAULT),):
        if isinstance(item, Output):
            outputs.append(item)
        elif outputs[-1].path is not None:
            raise UsageError(f"--output {item} is the second for one --format; repeat the --format")
        else:
            outputs[-1] = replace(outputs[-1], path=None if item == "-" else item)
    if (options.template is None) == any(one.format == _TEMPLATE for one in outputs):
        raise UsageError("--format template and --template FILE go together; give both")
    if getattr(options, "all_platforms", False):
        _check_several(outputs)
    return _apart(tuple(outputs))


def view_from(
    options: argparse.Namespace, stream: TextIO | None, *, environ: Mapping[str, str] = os.environ
) -> View:
    """Return the view asked for, fitted to `stream`; None stands for a file.

    `options.now` is the clock.
    """
    terminal = stream is not None and stream.isatty()
    return View(
        now=options.now(),
        width=_width(stream, environ, terminal=terminal),
        color=_color(options.color, environ, terminal=terminal),
        severity=Severity(options.severity) if options.severity else None,
        fixable=options.fixable,
        sort=Sort(options.sort),
        group_by=Grouping(options.group_by),
        columns=options.columns,
        most=None if options.all or not terminal else _most(stream, environ),
        template=_template(options.template),
    )


def plain_view(
    options: argparse.Namespace, stream: TextIO | None, *, environ: Mapping[str, str] = os.environ
) -> View:
    """Return a view that leaves nothing out, for commands without view options."""
    terminal = stream is not None and stream.isatty()
    return View(
        now=options.now(),
        width=_width(stream, environ, terminal=terminal),
        color=_color(options.color, environ, terminal=terminal),
    )


def write_results(results: Sequence[Result], options: argparse.Namespace) -> None:
    """Write the one result as asked, or with --all-platforms the JSON of all."""
    if not options.all_platforms:
        write_reports(results[0], options)
        return
    from lading.report.json import render_all

    for output in outputs_from(options):
        write(render_all(results), output.path)


def write_reports(result: Result, options: argparse.Namespace) -> None:
    """Write the result as asked; when a format fails, nothing is written."""
    outputs = outputs_from(options)
    texts = [
        render(result, view_from(options, None if output.path else sys.stdout), output.format)
        for output in outputs
    ]
    for text, output in zip(texts, outputs, strict=True):
        write(text, output.path)


def _template(path: str | None) -> Template | None:
    """Return the file's name and text; UsageError for what cannot be read, or is no text."""
    if path is None:
        return None
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            raise UsageError(f"the template {path!r} is larger than {_LONGEST:,} bytes")
        return Template(name=Path(path).name, text=data.decode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot read the template {path!r}: {reason}") from error


def _check_several(outputs: Sequence[Output]) -> None:
    for output in outputs:
        if output.format != "json":
            raise UsageError(
                f"--all-platforms gives several results, which {output.format} cannot hold; "
                "add --format json"
            )


def _apart(outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    places = Counter(output.path for output in outputs)
    for place, number in places.items():
        if number > 1:
            where = "standard output" if place is None else place
            raise UsageError(
                f"{number} formats for {where}: give each --format but one its own --output"
            )
    return outputs


def _format(text: str) -> Output:
    if text not in FORMATS:
        raise argparse.ArgumentTypeError(
            f"there is no format {text!r}; choose from {', '.join(FORMATS)}"
        )
    return Output(format=text)


def _columns(text: str) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in text.split(","))
    for column in columns:
        if column not in COLUMNS:
            raise argparse.ArgumentTypeError(
                f"there is no column {column!r}; choose from {', '.join(COLUMNS)}"
            )
    return columns


def _color(choice: str, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Decide on colour; an empty NO_COLOR does not count (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def _most(stream: TextIO | None, environ: Mapping[str, str]) -> int:
    """Return the lines of findings that stand on about two screens, with what is below them."""
    said = environ.get("LINES", "")
    height = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0
    if not height and stream is not None:
        try:
            height = os.get_terminal_size(stream.fileno()).lines
        except (OSError, ValueError):
            height = 0
    return max(_SCREENS * (height or _HEIGHT) - _BELOW, _FEW)


def _width(stream: TextIO | None, environ: Mapping[str, str], *, terminal: bool) -> int:
    if stream is None:
        return _PIPED
    said = environ.get("COLUMNS", "")
    if said.isascii() and said.isdecimal() and 0 < len(said) < 6 and int(said):
        return int(said)
    if not terminal:
        return _PIPED
    try:
        return os.get_terminal_size(stream.fileno()).columns or _TERMINAL
    except (OSError, ValueError):
        return _TERMINAL
