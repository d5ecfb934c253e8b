"""A feed's list of its records and when each changed, so that only changed ones are fetched.

Two spellings: osv.dev's `modified_id.csv` (time, then `ID` or `Ecosystem/ID`:
https://google.github.io/osv.dev/data/) and the `changes.csv` of CSAF providers (path, then time:
https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#7113-requirement-13-changescsv).
Quirk: which column is the time is told by the first row, since the two differ in that alone.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from lading.advisories.format import is_older, utc
from lading.errors import InvalidRecord

_MOST = 5_000_000  # rows
_LONGEST = 1000  # characters of an id or a path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList:
    """Where a feed lists its records; each is a file beside the list."""

    url: str
    is_whole: bool = True  # it lists all there is: what it does not name is gone
    prefix: str = ""  # before a file's name, to make the record's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One record of a list."""

    id: str  # as the file is called, without folder and ending, behind the list's prefix
    path: str  # relative to the list
    modified: str  # RFC 3339 UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a list says that the database has not."""

    changed: tuple[Listed, ...]  # new, or newer than what is there
    gone: tuple[str, ...]  # ids that are there and no longer listed


def parse_list(data: bytes, prefix: str = "") -> tuple[Listed, ...]:
    """Return the rows, the newest of those that name one record; InvalidRecord for no such list.

    The records' ids are the files' names behind the prefix.
    """
    try:
        text = data.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidRecord(f"no list of changes: {error}") from error
    if len(rows) > _MOST:
        raise InvalidRecord(f"a list of changes with more than {_MOST} rows")
    found: dict[str, Listed] = {}
    for number, row in enumerate(rows, 1):
        one = _listed(row, number, prefix)
        known = found.get(one.id)
        if known is None or is_older(known.modified, one.modified):
            found[one.id] = one
    return tuple(found.values())


def _listed(row: list[str], number: int, prefix: str) -> Listed:
    if len(row) != 2:
        raise InvalidRecord(f"row {number} of the list of changes has {len(row)} columns, not 2")
    first, second = (text.strip() for text in row)
    is_time_first = utc(first) is not None and "/" not in first
    modified, name = (utc(first), second) if is_time_first else (utc(second), first)
    bare = name.rpartition("/")[2].removesuffix(".json")
    if modified is None or not bare or len(name) > _LONGEST or _is_outside(name):
        raise InvalidRecord(
            f"row {number} of the list of changes names no record and time: {row!r:.100}"
        )
    if name.endswith(".json"):
        return Listed(id=prefix + bare, path=name, modified=modified)
    return Listed(id=prefix + bare, path=f"{bare}.json", modified=modified)


def _is_outside(name: str) -> bool:
    """Tell of a name whether it could lead to anywhere but below the list."""
    return name.startswith("/") or ".." in name.split("/") or "://" in name


def difference(
    listed: tuple[Listed, ...], known: Mapping[str, str | None], *, is_whole: bool
) -> Difference:
    """Compare a list with the records that are there (id → time of the last change).

    Ids are compared without case: files of CSAF providers are called in lower case.
    """
    here = {id.lower(): modified for id, modified in known.items()}
    names = {one.id.lower() for one in listed}
    changed = tuple(
        one
        for one in listed
        if one.id.lower() not in here or is_older(here[one.id.lower()], one.modified)
    )
    gone = tuple(sorted(id for id in known if id.lower() not in names)) if is_whole else ()
    return Difference(changed=changed, gone=gone)


def address(changes: ChangeList, one: Listed) -> str:
    """Return where the record is fetched from."""
    return urljoin(changes.url, quote(one.path))
