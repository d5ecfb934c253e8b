#!/usr/bin/env python3
"""The parsers of all commands into `docs/commands.md`; with --check, fail where it is not that."""

import sys
from collections.abc import Iterator
from pathlib import Path

from lading.cli.grammar import Grammar, grammar_of
from lading.cli.main import COMMANDS, parser_for
from lading.cli.man import spelled, synopsis

_PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
_HEAD = """\
# Every command and option

What `--help` says, on one page; `lading man` is the same for `man`.
[The command line](cli.md) tells what scripts may rely on.
`scripts/write_commands.py` writes this page from the program, and a test holds it to it.
"""


def page(whole: Grammar) -> str:
    """Return the page in Markdown."""
    lines = [_HEAD]
    for each in whole.walk():
        if not each.actions:
            lines += _command(each)
    return "\n".join(lines)


def _command(command: Grammar) -> Iterator[str]:
    yield f"## `{synopsis(command)}`\n"
    if command.text:
        yield f"{command.text[0].upper()}{command.text[1:].rstrip('.')}.\n"
    yield "| option | what it does |\n|---|---|"
    for argument in command.arguments:
        yield f"| `{argument.name}` | {_cell(argument.text)} |"
    for option in command.options:
        yield f"| `{_cell(spelled(option))}` | {_cell(option.text)} |"
    yield ""


def _cell(text: str) -> str:
    """Return text that is one cell: a bar would begin another, an angle bracket a tag."""
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")


def main() -> int:
    text = page(grammar_of(parser_for([name for name, _ in COMMANDS])))
    if sys.argv[1:] == ["--check"]:
        if _PAGE.read_text(encoding="utf-8") != text:
            print(f"{_PAGE.name} is not what the program says; run scripts/write_commands.py")
            return 1
        return 0
    _PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
