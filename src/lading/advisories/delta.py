"""A feed's list of changes into the records that changed: only these are fetched, and put at once.

Whatever makes a delta impossible is `NoDelta`, and the caller fetches the whole feed instead.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from lading.advisories.importing import Report
from lading.advisories.listing import (
    ChangeList,
    Difference,
    Listed,
    address,
    difference,
    parse_list,
)
from lading.advisories.sources import Source
from lading.advisories.writer import Writer
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory
from lading.net import Fetch, NetworkError, Response

MOST = 500  # records that are fetched one by one; beyond, the whole feed is one request
_AT_ONCE = 8  # requests
_KEY = "list:"  # before the feed's name: what its server called the list that was applied last


class NoDelta(Exception):
    """The whole feed is to be fetched."""


def apply_delta(
    source: Source,
    writer: Writer,
    fetch: Fetch,
    now: str,
    *,
    check: Callable[[int, int], None],
) -> Report | None:
    """Put what the feed's list says has changed, as of `now`; return None where nothing has.

    `check` gets the numbers of records before and after, and raises InvalidRecord for a loss.
    Raise NoDelta where there is no list, where the database does not have the whole feed, where too
    much changed, or where a record of the list cannot be fetched.
    """
    if source.changes is None or not writer.is_whole(source.name):
        raise NoDelta
    known = writer.recall(_KEY + source.name)
    listed, answer = _list(source.changes, fetch, known)
    times = writer.times(source.name)
    if listed is None:
        found = Difference(changed=(), gone=())
    else:
        found = difference(listed, times, is_whole=source.changes.is_whole)
    if len(found.changed) > MOST:
        raise NoDelta
    is_all = listed is not None and source.changes.is_whole
    check(len(times), len(listed or ()) if is_all else len(times))
    bodies = _bodies(source.changes, found, fetch)
    report = Report()
    with writer.transaction():
        advisories = _advisories(source, found, bodies, report)
        kept = writer.put(source.name, advisories)
        writer.delete(source.name, found.gone)
        report.count(source.name, len(advisories), kept)
        writer.remember(_KEY + source.name, answer.validator)
        writer.confirm(source.name, checked=now, validator=writer.validator(source.name))
    return report if found.changed or found.gone else None


def _list(
    changes: ChangeList, fetch: Fetch, known: str | None
) -> tuple[tuple[Listed, ...] | None, Response]:
    into = BytesIO()
    try:
        answer = fetch(changes.url, into, validator=known)
        data = into.getvalue()
        return (parse_list(data, changes.prefix) if answer.is_new else None), answer
    except (NetworkError, InvalidRecord) as error:
        raise NoDelta from error


def _bodies(changes: ChangeList, found: Difference, fetch: Fetch) -> list[bytes]:
    """Fetch the changed records, several at once, in their order."""

    def body(one: Listed) -> bytes:
        into = BytesIO()
        fetch(address(changes, one), into)
        return into.getvalue()

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        try:
            return list(pool.map(body, found.changed))
        except NetworkError as error:
            pool.shutdown(cancel_futures=True)
            raise NoDelta from error


def _advisories(
    source: Source, found: Difference, bodies: list[bytes], report: Report
) -> list[Advisory]:
    """Parse the records; what cannot be read is rejected, and what was there of it stays."""
    advisories: list[Advisory] = []
    for one, body in zip(found.changed, bodies, strict=True):
        try:
            parsed = source.format.parse(body, source.name, one.modified)
        except InvalidRecord as error:
            report.rejected.append((one.path, str(error)))
            continue
        report.rejected += [(f"{one.path}: {where}", why) for where, why in parsed.rejected]
        if any(advisory.id.lower() == one.id.lower() for advisory in parsed.advisories):
            advisories += parsed.advisories
        else:
            report.rejected.append((one.path, "it holds another record than its name says"))
    return advisories
