"""TOML that people write to tables whose every complaint names file, line and reason.

Format: https://toml.io/en/v1.0.0. `tomllib` tells where the syntax is wrong; where a key stands is
found here, by reading the lines once more.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn

from lading.errors import UsageError

LARGEST = 1 << 20  # bytes of a file that a person wrote

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]")
_KEY = re.compile(r"\s*([\"']?)([\w-]+)\1\s*[=.]")
_FENCE = re.compile(r'"""|\'\'\'')
_Places = Mapping[tuple[str, int], tuple[int, Mapping[str, int]]]
"""By a table's name and number: the line of its header, and of each of its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a file: the values, and where each stands."""

    file: str
    values: Mapping[str, object]
    line: int  # of its header; 1 for the whole file
    lines: Mapping[str, int]  # of each key
    places: _Places  # of the tables in the file

    def fail(self, key: str | None, reason: str) -> NoReturn:
        """Raise UsageError for a key, or for the table."""
        line = self.line if key is None else self.lines.get(key, self.line)
        raise UsageError(f"{self.file}:{line}: {reason}")

    def only(self, known: Sequence[str]) -> None:
        """Refuse keys that are not known: a misspelt condition must not be left out quietly."""
        for key in self.values:
            if key not in known:
                self.fail(key, f"unknown key {key!r}; known: {', '.join(known)}")

    def text(self, key: str) -> str | None:
        """Return a text that says something; None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.fail(key, f"{key} must be a text that is not empty, not {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one text or a list of them; () where there is none."""
        value = self.values.get(key)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(one, str) and one.strip() for one in listed):
            self.fail(key, f"{key} must be a text or a list of texts, not {value!r}")
        return tuple(listed)

    def choices(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """Return one or several of the words known."""
        found = self.texts(key)
        for one in found:
            if one not in known:
                self.fail(key, f"{key}: there is no {one!r}; choose from {', '.join(known)}")
        return found

    def choice(self, key: str, known: Sequence[str]) -> str | None:
        """Return one of the words known; None where there is none."""
        found = self.text(key)
        if found is not None and found not in known:
            self.fail(key, f"{key}: there is no {found!r}; choose from {', '.join(known)}")
        return found

    def flag(self, key: str) -> bool | None:
        """Return true or false; None where there is neither."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, f"{key} must be true or false, not {value!r}")
        return value

    def number(self, key: str, *, most: float) -> float | None:
        """Return a number from 0 to `most`; None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isinstance(value, int | float) or not 0 <= value <= most:
            self.fail(key, f"{key} must be a number from 0 to {most:g}, not {value!r}")
        return float(value)

    def moment(self, key: str) -> date | datetime | None:
        """Return a date, or a time with its zone in UTC; None where there is neither."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            found = as_moment(value)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            self.fail(key, f"{key} must be a date such as 2026-12-31, not {value!r}")
        return found

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield the tables of `[[key]]`, in their order."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fail(key, f"{key} must be tables, each begun by [[{key}]]")
        for number, one in enumerate(value):
            yield self._inner(key, number, one)

    def table(self, key: str) -> "Table | None":
        """Return the table of `[key]`; None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fail(key, f"{key} must be a table, begun by [{key}]")
        return self._inner(key, 0, value)

    def _inner(self, key: str, number: int, values: Mapping[str, object]) -> "Table":
        line, lines = self.places.get((key, number), (self.lines.get(key, self.line), {}))
        return Table(file=self.file, values=values, line=line, lines=lines, places={})


def read_tables(data: bytes, file: str) -> Table:
    """Return the whole file as one table; UsageError with file and line where it is no TOML."""
    if len(data) > LARGEST:
        raise UsageError(f"{file}: larger than {LARGEST} bytes, which nobody wrote by hand")
    try:
        text = data.decode()
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+)", str(error))
        place = f"{file}:{line[1]}" if line else f"{file}:{text.count(chr(10)) + 1}"
        raise UsageError(f"{place}: this is no TOML: {error}") from error
    except UnicodeDecodeError as error:
        line_number = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{file}:{line_number}: this is no UTF-8") from error
    except (RecursionError, ValueError) as error:
        raise UsageError(f"{file}:1: this cannot be read: {error}") from error
    places = _places(text)
    return Table(file=file, values=values, line=1, lines=places[_TOP][1], places=places)


_TOP = ("", 0)


def _places(text: str) -> _Places:
    """Return where tables begin and keys stand; texts of several lines are skipped."""
    found: dict[tuple[str, int], tuple[int, dict[str, int]]] = {_TOP: (1, {})}
    counts: dict[str, int] = {}
    current = found[_TOP][1]
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (header := _HEADER.match(line)):
            name = header[2].strip("\"'")
            place = (name, counts.get(name, 0))
            counts[name] = place[1] + 1
            current = found.setdefault(place, (number, {}))[1]
        elif not inside and (key := _KEY.match(line)):
            current.setdefault(key[2], number)
        inside ^= len(_FENCE.findall(line)) % 2 == 1
    return found


def as_moment(value: object) -> date | datetime | None:
    """Return a TOML or ISO 8601 date, or time (in UTC); None for another type.

    ValueError for a text that is neither.
    """
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    return value if isinstance(value, date) else None
