"""What is made of another scanner's rule: an exception without what nobody has said yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Value = str | tuple[str, ...] | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    line: int  # in the foreign file
    values: Mapping[str, Value]  # by the keys of an exception


class Remark(NamedTuple):
    line: int
    text: str


class Carried(NamedTuple):
    drafts: tuple[Draft, ...]
    remarks: tuple[Remark, ...]  # by line
