"""`lading completions SHELL`: a script that completes commands, options and their values.

All is in the script: to complete starts no Lading. Rules of the shells:
https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html,
https://zsh.sourceforge.io/Doc/Release/Completion-System.html and
https://fishshell.com/docs/current/cmds/complete.html.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator

from lading.cli.grammar import Grammar, Option, grammar_of
from lading.cli.output import write


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=sorted(SCRIPTS), help="whose script to write")


def run(options: argparse.Namespace) -> int:
    """Write the script to standard output."""
    from lading.cli.main import COMMANDS, parser_for

    whole = grammar_of(parser_for([name for name, _ in COMMANDS]))
    write(SCRIPTS[options.shell](tuple(whole.walk())), None)
    return 0


def bash(commands: tuple[Grammar, ...]) -> str:
    """Return the script for `source`, or a file in /usr/share/bash-completion/completions."""
    lines = [
        "_lading() {",
        '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
        "    local at=lading known= files= i",
        "    for ((i = 1; i < COMP_CWORD; i++)); do",
        '        case "$at ${COMP_WORDS[i]}" in',
        f'            {_names(commands)}) at="$at ${{COMP_WORDS[i]}}" ;;',
        "        esac",
        "    done",
        '    case "$at $before" in',
    ]
    for name, choices in _values(commands):
        reply = f'$(compgen -W {_quoted(" ".join(choices))} -- "$word")'
        lines.append(f"        {name}) COMPREPLY=({reply}); return ;;")
    lines += [
        f"        {_of(commands, _is_path)})",
        '            mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;',
        f"        {_of(commands, _is_free)}) COMPREPLY=(); return ;;",
        "    esac",
        '    case "$at" in',
    ]
    for each in commands:
        options = " ".join(_long(each))
        words = " ".join(_words(each))
        lines += [
            f"        {_quoted(each.name)})",
            f'            if [[ "$word" == -* ]]; then known={_quoted(options)}',
            f"            else known={_quoted(words)}; files={'yes' if _takes_files(each) else ''}",
            "            fi ;;",
        ]
    lines += [
        "    esac",
        '    COMPREPLY=($(compgen -W "$known" -- "$word"))',
        '    if [[ -n "$files" ]]; then',
        '        while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$word")',
        "    fi",
        "}",
        "complete -o filenames -F _lading lading",
    ]
    return "\n".join(lines) + "\n"


def zsh(commands: tuple[Grammar, ...]) -> str:
    """Return the script for a file `_lading` in $fpath, or for `source` after compinit."""
    lines = [
        "#compdef lading",
        "_lading() {",
        "    local at=lading word failed=1",
        "    local -a known",
        "    for word in ${words[2,CURRENT-1]}; do",
        '        case "$at $word" in',
        f'            ({_names(commands)}) at="$at $word" ;;',
        "        esac",
        "    done",
        '    case "$at ${words[CURRENT-1]}" in',
    ]
    for name, choices in _values(commands):
        lines.append(f"        ({name}) compadd -- {' '.join(map(_quoted, choices))}; return ;;")
    lines += [
        f"        ({_of(commands, _is_path)}) _files; return ;;",
        f"        ({_of(commands, _is_free)}) return ;;",
        "    esac",
        '    case "$at" in',
    ]
    for each in commands:
        options = [f"{flag}:{_short(option.text)}" for flag, option in _flags(each)]
        words = [f"{action.name.split()[-1]}:{_short(action.text)}" for action in each.actions]
        words += [word for argument in each.arguments for word in argument.choices]
        lines += [
            f"        ({_quoted(each.name)})",
            f"            if [[ $PREFIX == -* ]]; then known=({' '.join(map(_quoted, options))})",
            f"            else known=({' '.join(map(_quoted, words))})",
            *(["                _files && failed=0"] if _takes_files(each) else []),
            "            fi ;;",
        ]
    lines += [
        "    esac",
        "    (( $#known )) && _describe 'lading' known && failed=0",
        "    return failed",
        "}",
        'if [[ "${funcstack[1]}" == _lading ]]; then _lading "$@"; else compdef _lading lading; fi',
    ]
    return "\n".join(lines) + "\n"


def fish(commands: tuple[Grammar, ...]) -> str:
    """Return the script for ~/.config/fish/completions/lading.fish."""
    names = " ".join(_quoted(each.name) for each in commands[1:])
    lines = [
        "function __lading_at",
        "    set -l at lading",
        "    for word in (commandline -opc)[2..-1]",
        '        if contains -- "$at $word" ' + names,
        '            set at "$at $word"',
        "        end",
        "    end",
        '    test "$at" = "$argv"',
        "end",
        "complete -c lading -f",
    ]
    for each in commands:
        here = f"complete -c lading -n {_quoted('__lading_at ' + each.name)}"
        lines += [
            f"{here} -a {action.name.split()[-1]} -d {_quoted(_short(action.text))}"
            for action in each.actions
        ]
        for argument in each.arguments:
            if argument.choices:
                lines.append(f"{here} -a {_quoted(' '.join(argument.choices))}")
            elif argument.is_file:
                lines.append(f"{here} -F")
        lines += [
            f"{here} {_fish_option(option)} -d {_quoted(_short(option.text))}"
            for option in each.options
        ]
    return "\n".join(lines) + "\n"


SCRIPTS: dict[str, Callable[[tuple[Grammar, ...]], str]] = {"bash": bash, "fish": fish, "zsh": zsh}


def _fish_option(option: Option) -> str:
    flags = (
        f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags
    )
    value = ""
    if option.choices:
        value = f" -x -a {_quoted(' '.join(option.choices))}"
    elif option.value is not None:
        value = " -r -F" if option.is_file else " -x"
    return " ".join(flags) + value


def _names(commands: Iterable[Grammar]) -> str:
    return "|".join(_quoted(each.name) for each in commands if " " in each.name)


def _values(commands: Iterable[Grammar]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the pattern of each option that has so many values, and the values."""
    for each in commands:
        for flag, option in _flags(each):
            if option.choices:
                yield _quoted(f"{each.name} {flag}"), option.choices


def _of(commands: Iterable[Grammar], chosen: Callable[[Option], bool]) -> str:
    """Return the pattern of the options that are chosen; one that fits nothing for none."""
    found = [
        _quoted(f"{each.name} {flag}")
        for each in commands
        for flag, option in _flags(each)
        if chosen(option)
    ]
    return "|".join(found) or "''"


def _is_path(option: Option) -> bool:
    return option.is_file


def _is_free(option: Option) -> bool:
    return option.value is not None and not option.choices and not option.is_file


def _flags(command: Grammar) -> Iterator[tuple[str, Option]]:
    for option in command.options:
        for flag in option.flags:
            yield flag, option


def _long(command: Grammar) -> Iterator[str]:
    return (flag for flag, _ in _flags(command) if flag.startswith("--"))


def _words(command: Grammar) -> Iterator[str]:
    for action in command.actions:
        yield action.name.split()[-1]
    for argument in command.arguments:
        yield from argument.choices


def _takes_files(command: Grammar) -> bool:
    return any(argument.is_file for argument in command.arguments)


def _short(text: str) -> str:
    """Return what fits beside a word: one line, and no colon, which parts the two in zsh."""
    first = " ".join(text.split()).replace(": ", " - ").replace(":", " ")
    return first if len(first) <= 70 else first[:69] + "…"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
