"""What rpm packages ask for: capabilities, files, and expressions over them.

Rules: https://rpm-software-management.github.io/rpm/manual/dependencies.html and, for expressions
such as `(a if b else c)`, https://rpm-software-management.github.io/rpm/manual/boolean_dependencies.html
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lading.catalog.dependencies.rule import Edges, Surroundings
from lading.catalog.dependencies.system import Answers
from lading.model.package import Package

_DEEPEST = 16  # of parentheses in an expression
_BOUND = re.compile(r"[<>=]+")


def edges(packages: Sequence[Package], around: Surroundings) -> Edges:
    """Yield an edge to each package that provides what one asks for, or owns the file it names."""
    book = _Book(packages, around)
    for package in packages:
        for requirement in package.requires:
            found = book.answers(requirement, package)
            if not any(one is package for one in found):
                for one in found:
                    yield package.id, one.id


class _Book:
    def __init__(self, packages: Sequence[Package], around: Surroundings) -> None:
        self._answers = Answers(packages)
        self._by_id = {package.id: package for package in packages}
        self._owner_of = around.owner_of
        self._owners: dict[str, list[Package]] = {}

    def answers(self, requirement: str, asking: Package) -> list[Package]:
        if requirement.startswith("("):
            return _Expression(self, requirement, asking).answers()
        found = self._answers.provided(requirement, asking)
        return found or (self._listing(requirement) if requirement.startswith("/") else [])

    def _listing(self, path: str) -> list[Package]:
        found = self._owners.get(path)
        if found is None:
            owner = self._by_id.get(self._owner_of(path) or "")
            found = self._owners[path] = [] if owner is None else [owner]
        return found


class _Value(NamedTuple):
    """What an expression comes to in this image."""

    holds: bool
    found: list[Package]  # that it holds by


_NOTHING = _Value(False, [])


class _Expression:
    """`(a and b)`, `(a if b else c)` …: operands with one operator, and perhaps an `else`."""

    def __init__(self, book: _Book, text: str, asking: Package) -> None:
        self._book = book
        self._asking = asking
        self._tokens = _tokens(text)

    def answers(self) -> list[Package]:
        """Return the packages that the expression holds by; none for what is no expression."""
        next(self._tokens, None)  # the parenthesis that it begins with
        return self._inner(1).found

    def _inner(self, depth: int) -> _Value:
        """Return the value of what stands before the closing parenthesis."""
        operators: list[str] = []
        values = [self._operand(depth)]
        while (token := next(self._tokens, ")")) != ")":
            if _BOUND.fullmatch(token):
                next(self._tokens, None)  # the version
            else:
                operators.append(token)
                values.append(self._operand(depth))
        return _applied(operators, values)

    def _operand(self, depth: int) -> _Value:
        word = next(self._tokens, ")")
        if word == "(":
            return self._inner(depth + 1) if depth < _DEEPEST else _NOTHING
        found = self._book.answers(word, self._asking) if word != ")" else []
        return _Value(bool(found), found)


def _applied(operators: list[str], values: list[_Value]) -> _Value:
    first, *others = values
    match operators:
        case []:
            return first
        case ["if" | "unless" as word, *rest]:
            if others[0].holds == (word == "if"):
                return first
            return others[1] if rest == ["else"] else _Value(True, [])
        case ["without"]:
            taken = {one.id for one in others[0].found}
            left = [one for one in first.found if one.id not in taken]
            return _Value(bool(left), left)
        case _:
            holds = any if "or" in operators else all
            everything = [one for value in values for one in value.found]
            return _Value(holds(value.holds for value in values), everything)


def _tokens(text: str) -> Iterator[str]:
    """Yield parentheses and words; those within a word, as in `libc.so.6()(64bit)`, are its own."""
    start = depth = 0
    for position, character in enumerate(text):
        is_first = position == start
        if character == "(" and not is_first:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif character in "() ":
            if not is_first:
                yield text[start:position]
            if character != " ":
                yield character
            start, depth = position + 1, 0
    if start < len(text):
        yield text[start:]
