"""Findings to the rows a view asks for: chosen, grouped and sorted."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.result import Result
from lading.report.view import RANK, Grouping, Sort, View

_DIGITS = re.compile(r"([0-9]+)")

Natural = tuple[tuple[str, int, str], ...]
Order = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding and the package it is about; None where the result does not list that package."""

    finding: Finding
    package: Package | None

    @property
    def name(self) -> str:
        return self.package.name if self.package else self.finding.package

    @property
    def version(self) -> str | None:
        return self.package.version if self.package else self.finding.installed

    @property
    def path(self) -> str:
        return self.package.paths[0] if self.package and self.package.paths else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that share what the view groups by; the first of them stands for it."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.rows[0]


def groups(result: Result, view: View) -> tuple[Group, ...]:
    """Return the findings that the view shows; groups, and rows in them, sorted as it says."""
    packages = {package.id: package for package in result.packages}
    rows: defaultdict[object, list[Row]] = defaultdict(list)
    for finding in result.findings or ():
        if view.shows(finding):
            row = Row(finding=finding, package=packages.get(finding.package))
            rows[_shared(row, view.group_by)].append(row)
    found = (
        Group(rows=tuple(sorted(members, key=lambda row: _row_order(row, view.sort))))
        for members in rows.values()
    )
    return tuple(sorted(found, key=lambda group: _group_order(group, view.sort)))


def natural(text: str) -> Natural:
    """Return a key that sorts numbers inside `text` by value: CVE-2024-999 before CVE-2024-1000."""
    words = _DIGITS.split(text)
    numbers = (digits.lstrip("0") for digits in words[1::2])
    pairs = zip_longest(words[::2], numbers, fillvalue="")
    return tuple((word, len(digits), digits) for word, digits in pairs)


def score_of(findings: Iterable[Finding]) -> float:
    """Return the highest score, -1 where none has one."""
    return max((finding.score for finding in findings if finding.score is not None), default=-1.0)


def _shared(row: Row, grouping: Grouping) -> object:
    match grouping:
        case Grouping.PACKAGE:
            return row.finding.package
        case Grouping.VULNERABILITY:
            return row.finding.id
        case Grouping.LAYER:
            return row.finding.layer
        case Grouping.PATH:
            return row.path
        case Grouping.NONE:
            return None


def _row_order(row: Row, sort: Sort) -> Order:
    finding = row.finding
    worst = (RANK[finding.severity], -score_of([finding]))
    package = (natural(row.name), natural(row.version or ""), finding.package)
    match sort:
        case Sort.SEVERITY:
            return (*worst, natural(finding.id), *package)
        case Sort.PACKAGE:
            return (*package, *worst, natural(finding.id))
        case Sort.ID:
            return (natural(finding.id), *package)


def _group_order(group: Group, sort: Sort) -> Order:
    first = _row_order(group.first, sort)
    if sort is not Sort.SEVERITY:
        return first
    # Worst first; of two as bad, the one with more of it; then as their first rows stand.
    return (*first[:2], -len(group.rows), *first[2:])
