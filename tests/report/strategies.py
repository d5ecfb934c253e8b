"""Any result at all, for laws: hostile text, odd numbers, findings of absent packages."""

import types
import typing
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from lading.model.result import Result

SAFE_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANY_TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["\x1b[2J", "\u202egpj", "a\nb", "\t", "\udcff", "\ud800", "x" * 300, "宽" * 60, "e\u0301" * 40]
)

_NUMBERS = st.integers(0, 2**40)


def results(
    text: st.SearchStrategy[str] = ANY_TEXT,
    floats: st.SearchStrategy[float] = st.floats(),  # noqa: B008 — a strategy is a constant
) -> st.SearchStrategy[Result]:
    """Return results all of whose texts come from `text`, and numbers from `floats`."""
    leaves = {str: text, float: floats, int: _NUMBERS, bool: st.booleans()}
    found: st.SearchStrategy[Result] = _any(Result, leaves)
    return found


def _any(kind: Any, leaves: Mapping[type, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    if kind in leaves:
        return leaves[kind]
    if typing.get_origin(kind) is types.UnionType:
        return st.one_of([_any(each, leaves) for each in reversed(typing.get_args(kind))])
    if typing.get_origin(kind) is tuple:
        return st.lists(_any(typing.get_args(kind)[0], leaves), max_size=3).map(tuple)
    if kind is types.NoneType:
        return st.none()
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert isinstance(kind, type)
    assert is_dataclass(kind)
    fields = typing.get_type_hints(kind)
    return st.builds(kind, **{name: _any(each, leaves) for name, each in fields.items()})
