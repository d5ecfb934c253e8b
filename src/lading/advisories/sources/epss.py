"""FIRST's estimates of how likely a vulnerability is exploited within 30 days, one CSV a day.

Feed: https://www.first.org/epss/data_stats. Columns are found by their names.
Quirks: the first line names model and date since 2022 (`#model_version:…,score_date:…`); before,
only the file's name had the date. Until the summer of 2021 there were no percentiles: they are
worked out, as the share of the listed vulnerabilities that have no higher score.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Epss

_COMMENT = re.compile(r"#model_version:[^,]*,score_date:(?P<date>\S+)")
_HEAD = re.compile(rb"(?:#model_version:|cve,epss\b)")
_ID = re.compile(r"CVE-\d{4}-\d{4,19}")
_NUMBER = re.compile(r"\d(?:\.\d{1,20})?(?:[eE]-\d{1,2})?")


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the estimates; a row without CVE or score is rejected, the others stand.

    InvalidRecord without a heading, and where neither the document nor `as_of` has a date.
    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"no estimates of exploitation: {error}") from error
    comment = _COMMENT.match(lines[0]) if lines else None
    day = (utc(comment["date"]) if comment else None) or as_of
    heading = 1 if lines and lines[0].startswith("#") else 0
    columns = (
        [word.strip().lower() for word in lines[heading].split(",")] if lines[heading:] else []
    )
    if not {"cve", "epss"} <= set(columns):
        raise InvalidRecord("no estimates of exploitation: no columns `cve` and `epss`")
    if day is None:
        raise InvalidRecord("estimates without a date; say with --as-of TIME of which day they are")
    rejected: list[tuple[str, str]] = []
    rows = list(_rows(lines[heading + 1 :], heading + 2, columns, rejected))
    return Parsed(
        feed=feed or "epss",
        epss=tuple(_estimates(rows, day)),
        as_of=day,
        rejected=tuple(rejected),
    )


_Row = tuple[str, float, float | None]  # CVE, score, percentile


def _rows(
    lines: list[str], first: int, columns: list[str], rejected: list[tuple[str, str]]
) -> Iterator[_Row]:
    id, score = columns.index("cve"), columns.index("epss")
    place = columns.index("percentile") if "percentile" in columns else None
    for number, row in enumerate(csv.reader(lines, quoting=csv.QUOTE_NONE), first):
        if not row:
            continue
        found = _number(row[score]) if len(row) > max(id, score) else None
        if found is None or not _ID.fullmatch(row[id]):
            rejected.append((f"line {number}", f"no CVE with a score: {','.join(row)[:80]!r}"))
            continue
        yield row[id], found, None if place is None else _number("".join(row[place : place + 1]))


def _number(text: str) -> float | None:
    """Return a share of one; None for what is none."""
    number = float(text) if _NUMBER.fullmatch(text) else 2.0
    return number if number <= 1 else None


def _estimates(rows: list[_Row], day: str) -> Iterator[tuple[str, Epss]]:
    known = sorted(score for _, score, _ in rows)
    for id, score, percentile in rows:
        place = percentile
        if place is None:
            place = round(bisect_right(known, score) / len(known), 5)
        yield id, Epss(score=score, percentile=place, as_of=day)


EPSS = Format(
    name="epss",
    extent=Extent.FEED,
    parse=parse,
    claims=lambda head: _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None,
)
