"""Maven versions.

Order: https://maven.apache.org/pom.html#Version_Order_Specification, as `ComparableVersion` of
Maven 3.8 and 3.9 reads it. Nearly any text is a version to Maven; text with spaces, with characters
outside ASCII, or with a property that was never filled in (`${revision}`) is InvalidVersion here.

Maven's order is not transitive for contrived versions: it holds that 1.sp.1 > 1 > 1-alpha > 1.sp.1.
Two versions are compared here as Maven compares them, so that sorting such versions is as arbitrary
as it is there.
"""

import re
from dataclasses import dataclass
from functools import total_ordering
from itertools import chain, takewhile
from typing import NamedTuple

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_PRINTABLE = re.compile(r"[!-~]+")
_TOKEN = re.compile(r"([^0-9.-]+)|([0-9]+)|([.-])")
_QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_RELEASE = _QUALIFIERS.index("")
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}  # only when a number follows
_WORD, _LIST, _NUMBER = range(3)


class Item(NamedTuple):
    """One item of a list; against another item it compares as a tuple does."""

    kind: int  # words are below lists, which are below numbers
    value: int  # of a number; of a word, its place among the qualifiers
    word: str = ""  # a word that is no qualifier


List = tuple[Item, ...]
_ZERO = Item(_NUMBER, 0)
_INNER = Item(_LIST, 0)
_NULLS = (_ZERO, Item(_WORD, _RELEASE))


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class MavenKey:
    """A version's nested lists, outermost first: each one is the last item of the one before it."""

    lists: tuple[List, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MavenKey) and _compare(self.lists, other.lists) == 0

    def __lt__(self, other: "MavenKey") -> bool:
        return _compare(self.lists, other.lists) < 0

    def __hash__(self) -> int:
        """Hash the leading numbers: equal versions share them, as zeros at the end are dropped."""
        return hash(tuple(takewhile(lambda item: item.kind == _NUMBER, self.lists[0])))


def key(text: str) -> MavenKey:
    """Return a value that compares the way Maven compares `text`."""
    if not _PRINTABLE.fullmatch(bounded("maven", text)):
        raise InvalidVersion("maven", text, "it has a space or a character outside ASCII")
    if "${" in text:
        raise InvalidVersion("maven", text, "a property in it was never filled in")
    return MavenKey(_without_nulls(_lists(text.lower())))


def _lists(text: str) -> list[list[Item]]:
    """Split at dots into items, and into nested lists at hyphens and where digits meet letters."""
    lists: list[list[Item]] = [[]]
    item_before = False
    for found in _TOKEN.finditer(text):
        word, digits, separator = found.groups()
        if separator:
            if not item_before:
                lists[-1].append(_ZERO)
            if separator == "-":
                lists.append([])
            item_before = False
            continue
        number_after = text[found.end() : found.end() + 1].isdecimal()
        is_qualifier = word and (number_after or found.end() == len(text))
        if item_before or (is_qualifier and lists[-1]):
            lists.append([])
        lists[-1].append(_word(word, number_after) if word else Item(_NUMBER, int(digits)))
        item_before = True
    return lists


def _word(word: str, number_after: bool) -> Item:
    if number_after:
        word = _SHORT.get(word, word)
    word = _ALIASES.get(word, word)
    if word in _QUALIFIERS:
        return Item(_WORD, _QUALIFIERS.index(word))
    return Item(_WORD, len(_QUALIFIERS), word)


def _without_nulls(lists: list[list[Item]]) -> tuple[List, ...]:
    """Drop zeros and words for "release" from the end of each list, and lists left empty."""
    kept: list[List] = []  # innermost first
    for items in reversed(lists):
        while items and items[-1] in _NULLS:
            items.pop()
        if items or kept:
            kept.append(tuple(items))
    return tuple(reversed(kept)) or ((),)


def _compare(left: tuple[List, ...], right: tuple[List, ...]) -> int:
    """Return a number below, at or above zero; a loop, since the lists nest without bound."""
    depth = index = 0
    while True:
        a, b = _at(left, depth, index), _at(right, depth, index)
        if a == b == _INNER:
            depth, index = depth + 1, 0
            continue
        if a is None or b is None:
            order = _above_nothing(a, left[depth + 1 :]) - _above_nothing(b, right[depth + 1 :])
        else:
            order = (a > b) - (a < b)
        if order or (a is None and b is None):
            return order
        index += 1


def _at(lists: tuple[List, ...], depth: int, index: int) -> Item | None:
    """Return the item there: the inner list follows the last of its own, then nothing does."""
    if depth < len(lists) and index < len(lists[depth]):
        return lists[depth][index]
    return _INNER if depth + 1 < len(lists) and index == len(lists[depth]) else None


def _above_nothing(item: Item | None, inner: tuple[List, ...]) -> int:
    """Compare with a version that ends here: 1-rc < 1, 1-sp > 1, 1-0 is 1."""
    if item is None:
        return 0
    if item.kind == _LIST:
        return next(filter(None, (_above_nothing(each, ()) for each in chain(*inner))), 0)
    return item.value if item.kind == _NUMBER else item.value - _RELEASE
