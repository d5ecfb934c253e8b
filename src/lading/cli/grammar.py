"""The argument parsers into plain values, of which completions, the manual and tests are made."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from lading.report import FORMATS

_FILES = ("FILE", "DIR", "PATH", "FOLDER", "POLICY", "TARGET", "OLD", "NEW", "PLACE", "IMAGE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What begins with dashes."""

    flags: tuple[str, ...]  # "-q", "--quiet"
    value: str | None  # what follows, as help names it; None: nothing does
    choices: tuple[str, ...]  # all values there are; empty: any
    text: str

    @property
    def is_file(self) -> bool:
        """Say whether a value is the path of something."""
        return self.value is not None and not self.choices and _is_file(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What is known by its place."""

    name: str
    choices: tuple[str, ...]
    is_many: bool
    is_needed: bool
    text: str

    @property
    def is_file(self) -> bool:
        """Say whether it is the path of something."""
        return not self.choices and _is_file(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """One command, or an action of one."""

    name: str  # "lading scan"
    text: str
    notes: str  # what help says at its end
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    actions: tuple["Grammar", ...]

    def walk(self) -> Iterator["Grammar"]:
        """Yield this, then what is below, in the order of help."""
        yield self
        for action in self.actions:
            yield from action.walk()


def grammar_of(parser: argparse.ArgumentParser, text: str = "") -> Grammar:
    """Return what the parser takes; `text` says what it is for."""
    options, arguments, actions = [], [], []
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse tells no other way
            helps = {
                str(choice.dest): choice.help or ""
                for choice in action._choices_actions  # noqa: SLF001 - as above
            }
            actions += [
                grammar_of(sub, helps.get(name, "")) for name, sub in action.choices.items()
            ]
        elif action.help == argparse.SUPPRESS:
            continue
        elif action.option_strings:
            options.append(_option(action))
        else:
            arguments.append(_argument(action))
    return Grammar(
        name=parser.prog,
        text=text or (parser.description or ""),
        notes=parser.epilog or "",
        options=tuple(options),
        arguments=tuple(arguments),
        actions=tuple(actions),
    )


def innermost(
    parser: argparse.ArgumentParser, options: argparse.Namespace
) -> argparse.ArgumentParser:
    """Return the parser of the action that was chosen, which knows the options that go with it."""
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse tells no other way
            chosen = action.choices.get(getattr(options, action.dest, None) or "")
            if chosen is not None:
                return innermost(chosen, options)
    return parser


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 - argparse tells no other way


def _option(action: argparse.Action) -> Option:
    choices = tuple(map(str, action.choices or ()))
    if action.metavar == "NAME" and "--format" in action.option_strings:
        choices = tuple(FORMATS)  # which its parser turns into something else at once
    value = None
    if action.nargs != 0:
        named = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        value = "|".join(choices) if choices and action.metavar is None else named
    return Option(
        flags=tuple(action.option_strings), value=value, choices=choices, text=_text(action)
    )


def _argument(action: argparse.Action) -> Argument:
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return Argument(
        name=name,
        choices=tuple(map(str, action.choices or ())),
        is_many=action.nargs in ("*", "+"),
        is_needed=action.required,
        text=_text(action),
    )


def _text(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _is_file(name: str) -> bool:
    return name.partition(".")[0].rstrip("…") in (*_FILES, "RESULT")
