"""`lading`: finds the subcommand, parses, calls it, and turns errors into a line and an exit code.

Only the chosen subcommand is imported, so that `--version` and `--help` answer at once.
"""

import argparse
import gc
import os
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol, TextIO, cast

from lading import __version__
from lading.cli.common import add_common_arguments
from lading.errors import LadingError, UsageError

COMMANDS: tuple[tuple[str, str], ...] = (
    ("scan", "an image in, findings out: inventory, matching, verdict"),
    ("packages", "the inventory alone: what is in an image"),
    ("explain", "why a vulnerability is, or is not, reported for an image"),
    ("diff", "what appeared, went away or changed between two targets or saved results"),
    ("report", "a saved result in another format, without the image"),
    ("advisories", "the advisory database: status, update, import, export, show, add"),
    ("exceptions", "what is not acted upon, by whom, why, until when: list, add, remove, import"),
    ("base", "the images that others are built on: add, list, remove"),
    ("policy", "what a policy would have blocked, from saved results"),
    ("schema", "the JSON Schema of a result, of several, or of a comparison"),
    ("doctor", "what works here and what does not: database, cache, engines, accounts, space"),
    ("completions", "the script that completes commands in bash, zsh or fish"),
    ("man", "the manual page, for man -l or a file lading.1"),
    ("versions", "compare or sort versions by an ecosystem's own rules"),
)

_INTERRUPTED = 130
# Threads that inflate and hash need the interpreter for moments only; with the default of 5 ms they
# wait for those that parse. Measured: 5 % less time for a whole image.
_SWITCH = 0.0001  # seconds
# An image becomes some hundred thousand values that stay: to look for cycles among them at every
# 700 new ones, the default, costs another 5 %.
_OBJECTS = 100_000
_UNWRITABLE = 3


class Command(Protocol):
    """What every module of a subcommand has."""

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


def entry() -> NoReturn:
    """Run with the process's arguments and exit with the code of `docs/cli.md`."""
    _open_streams()
    sys.setswitchinterval(_SWITCH)
    gc.set_threshold(_OBJECTS)
    arguments = sys.argv[1:]
    try:
        try:
            code = _version() if arguments == ["--version"] else main(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`lading … | head`): nothing is wrong, and nothing more can be said.
        _silence(sys.stdout)
        code = 0
    except OSError as error:
        print(f"lading: {error.filename or 'standard output'}: {error.strerror}", file=sys.stderr)
        _silence(sys.stdout)
        code = _UNWRITABLE
    except KeyboardInterrupt:
        print("lading: interrupted", file=sys.stderr, flush=True)
        os._exit(_INTERRUPTED)  # the interpreter would wait for threads that wait for a server
    gc.freeze()  # the collector need not look at all once more on the way out
    sys.exit(code)


def _version() -> int:
    print(f"lading {__version__}")
    return 0


def _open_streams() -> None:
    """Put something in the place of a stream that the caller has closed (`lading … >&-`)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _silence(stream: TextIO) -> None:
    """Let what is left in the buffer go nowhere, so that closing does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main(arguments: Sequence[str]) -> int:
    """Return the exit code; usage errors of argparse exit with 2 by themselves."""
    chosen = next((text for text in arguments if not text.startswith("-")), None)
    parser = parser_for([chosen] if chosen is not None else [])
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        from lading.cli.grammar import innermost

        innermost(parser, options).error(f"unrecognized arguments: {' '.join(unknown)}")
    if options.command is None:
        parser.print_help()
        return 0
    try:
        _common(options)
        return _command(options.command).run(options)
    except LadingError as error:
        from lading.report.text import plain

        print(f"lading: {plain(str(error))}", file=sys.stderr)
        return error.exit_code


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line that says where help is."""

    def error(self, message: str) -> NoReturn:
        from lading.report.text import plain

        self.exit(2, f"{self.prog}: {plain(message)}; see {self.prog} --help\n")


def parser_for(commands: Collection[str]) -> argparse.ArgumentParser:
    """Return the parser, which knows the options of these commands and the names of all."""
    parser = _Parser(
        prog="lading",
        description="What is in a container image, what in it is known to be dangerous, and what "
        "nobody can see in it.",
        epilog="Exit codes: 0 nothing breaches the policy, 1 something does, 2 wrong usage, "
        "3 the target or the advisories cannot be read, 4 problems with --strict, 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"lading {__version__}")
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in COMMANDS:
        command = parsers.add_parser(
            name, help=text, description=_sentence(text), allow_abbrev=False
        )
        if name in commands:
            _command(name).arguments(command)
            add_common_arguments(command)
    return parser


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _command(name: str) -> Command:
    return cast("Command", import_module(f"lading.cli.{name}"))


def _common(options: argparse.Namespace) -> None:
    """Give every command its settings and its clock."""
    from dataclasses import replace

    from lading.config import load

    settings = load(options.config, os.environ, Path.cwd())
    if options.cache == "":
        raise UsageError("--cache names no directory; leave it out, or say --no-cache")
    if options.cache is not None:
        settings = replace(settings, cache_dir=Path(options.cache))
    if options.offline:
        settings = replace(settings, offline=True)
    moment = _moment(options.now) if options.now is not None else None
    options.settings = settings
    options.now = (lambda: moment) if moment is not None else (lambda: datetime.now(UTC))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # OverflowError: past the year 9999 in UTC
        raise UsageError(
            f"--now: {text!r} is no RFC 3339 time such as 2026-01-31T12:00:00Z"
        ) from error
