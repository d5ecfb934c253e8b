"""`lading man`: the manual page of all commands, from their parsers.

Format: https://man.openbsd.org/man.7
"""

import argparse
from collections.abc import Iterator

from lading import __version__
from lading.cli.grammar import Argument, Grammar, Option, grammar_of
from lading.cli.output import write

_EXITS = (
    ("0", "done; nothing breaches the policy"),
    ("1", "done; the policy is breached"),
    ("2", "wrong usage: an option, a policy file, an exception file"),
    ("3", "the target or the advisory database could not be read"),
    ("4", "done, but with problems, and --strict was given; 1 wins over 4"),
    ("130", "interrupted"),
)
_FILES = (
    ("lading.toml, $XDG_CONFIG_HOME/lading/lading.toml", "settings; the first that exists is read"),
    ("$XDG_DATA_HOME/lading", "the advisory database, and the base images that are known"),
    ("$XDG_CACHE_HOME/lading", "what can be rebuilt"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the page is one."""
    parser.epilog = "Read it with: lading man | man -l -"


def run(options: argparse.Namespace) -> int:
    """Write the page to standard output; its date is the clock's."""
    from lading.cli.main import COMMANDS, parser_for

    whole = grammar_of(parser_for([name for name, _ in COMMANDS]))
    write(page(whole, options.now().date().isoformat()), None)
    return 0


def page(whole: Grammar, date: str) -> str:
    """Return the manual page of the commands; `date` is YYYY-MM-DD."""
    lines = [
        f'.TH LADING 1 {date} "lading {__version__}"',
        ".SH NAME",
        r"lading \- find what is in a container image and what of it is known to be dangerous",
        ".SH SYNOPSIS",
        ".B lading",
        r"\fICOMMAND\fR [\fIOPTION\fR ...]",
        ".SH DESCRIPTION",
        _escaped(whole.text),
        ".SH COMMANDS",
    ]
    for each in whole.walk():
        if each is not whole and not each.actions:
            lines += _command(each)
    lines += [".SH FILES", *_table(_FILES), ".SH EXIT STATUS", *_table(_EXITS)]
    return "\n".join(lines) + "\n"


def synopsis(command: Grammar) -> str:
    """Return the command with its arguments, as a line of plain text."""
    return " ".join([command.name, *map(_placed, command.arguments)])


def spelled(option: Option) -> str:
    """Return the option as it is written, as plain text: `-q, --quiet`, `--format NAME`."""
    return ", ".join(option.flags) + (f" {option.value}" if option.value else "")


def _command(command: Grammar) -> Iterator[str]:
    yield f".SS {_escaped(synopsis(command))}"
    if command.text:
        yield _escaped(command.text[0].upper() + command.text[1:].rstrip(".") + ".")
    yield from _table((argument.name, argument.text) for argument in command.arguments)
    yield from _table((spelled(option), option.text) for option in command.options)
    if command.notes:
        yield ".PP"
        yield ".nf"
        yield from (
            _escaped(line) if line.strip() else "\\&" for line in command.notes.splitlines()
        )
        yield ".fi"


def _table(rows: "Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]") -> Iterator[str]:
    for name, text in rows:
        yield ".TP"
        yield rf"\fB{_escaped(name)}\fR"
        yield _escaped(" ".join(text.split())) or r"\&"


def _placed(argument: Argument) -> str:
    shown = "|".join(argument.choices) if 0 < len(argument.choices) < 5 else argument.name
    shown += "..." if argument.is_many else ""
    return shown if argument.is_needed else f"[{shown}]"


def _escaped(text: str) -> str:
    """Return text that roff shows as it is."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{plain}" if plain.startswith((".", "\\(aq")) else plain
