"""A database into a bundle: all of it, or what changed since another bundle.

Advisories of the exporter's own go under another name, so that they do not replace those of whoever
imports the bundle.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from lading.advisories.bundle import BundleFile, FeedRow, Header, Line, Part, signed, write_bundle
from lading.advisories.content import (
    FACTS,
    Fact,
    Row,
    facts,
    row_of,
    rows,
    state_of,
    state_of_all,
    state_of_facts,
)
from lading.advisories.database import Database
from lading.advisories.signing import digest_of_file, sign
from lading.errors import AdvisoryError
from lading.model.advisory import OWN

SHARED = f"{OWN}/shared"  # what the feed of one's own is called in bundles
_Known = dict[tuple[str, str], bytes]  # (feed, id) → digest of the record


def export(
    database: Path,
    to: Path,
    *,
    since: Path | None = None,
    key: Path | None = None,
    trusted: Iterable[Path] = (),
) -> Header:
    """Write the database as a bundle, whole or not at all; with `since`, as a delta from that.

    `key` signs it; `trusted` are for `since`. AdvisoryError when the database or `since` cannot be
    read, or the file cannot be written; UsageError for a key that is none.
    """
    Database.open(database).close()  # says what is wrong with it
    uri = f"{database.absolute().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        try:
            connection.execute("BEGIN")  # one state, whoever writes meanwhile
            base = _base(since, trusted) if since is not None else None
            return _write(connection, to, base, key)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise AdvisoryError(f"{to}: cannot be written from {database}: {error}") from error


class _Base:
    """What the bundle holds that a delta starts from."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.records: _Known = {}
        self.facts: dict[str, str] = {}  # table → state


def _base(since: Path, trusted: Iterable[Path]) -> _Base:
    with BundleFile(since, trusted) as file:
        if file.header.kind != "full":
            raise AdvisoryError(
                f"{since} is a delta; --since needs a whole bundle, the newest that others have"
            )
        base = _Base(file.header)
        for line in file.lines():
            if line.record is not None:
                row = row_of(line.record)
                base.records[row.feed, row.id] = row.digest
            elif line.facts is not None:
                base.facts[line.facts[0]] = state_of_facts(line.facts[1])
    return base


def _write(
    connection: sqlite3.Connection, to: Path, base: _Base | None, key: Path | None
) -> Header:
    known: _Known = {(row.feed, row.id): row.digest for row in _rows(connection)}
    header = _header(connection, known, base)
    lines = _lines(connection, header, known, base)
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".lading-") as scratch:
        body, whole = Path(scratch) / "body", Path(scratch) / "whole"
        write_bundle(body, header, lines)
        with whole.open("wb") as file:
            if key is not None:
                file.write(signed(sign(digest_of_file(body), key)))
            with body.open("rb") as part:
                shutil.copyfileobj(part, file)
            file.flush()
            os.fsync(file.fileno())
        whole.replace(to)
    return header


def _header(connection: sqlite3.Connection, known: _Known, base: _Base | None) -> Header:
    digests: dict[str, list[bytes]] = {}
    for (feed, _), digest in known.items():
        digests.setdefault(feed, []).append(digest)
    states = {feed: state_of(all) for feed, all in digests.items()}
    states |= {f"={table}": state_of_facts(rows) for table, rows in _tables(connection)}
    before = base.header.parts if base is not None else {}
    parts = {
        name: Part(state=state, base=before[name].state if name in before else None)
        for name, state in sorted(states.items())
    }
    for name in sorted(before.keys() - states.keys()):  # nothing is left of it
        parts[name] = Part(state=state_of(()), base=before[name].state)
    query = "SELECT name, records, as_of, checked, partial FROM feed ORDER BY name"
    feeds = {_shared(row[0]): row[1:] for row in connection.execute(query)}
    meta = connection.execute("SELECT value FROM meta WHERE key = 'built'").fetchone()
    return Header(
        kind="full" if base is None else "delta",
        from_=base.header.to if base is not None else None,
        to=state_of_all({name: part.state for name, part in parts.items()}),
        built=meta[0] if meta is not None else None,
        parts=parts,
        feeds=[
            FeedRow(name=name, records=records, as_of=as_of, checked=checked, partial=bool(partial))
            for name, (records, as_of, checked, partial) in feeds.items()
        ],
    )


def _lines(
    connection: sqlite3.Connection, header: Header, known: _Known, base: _Base | None
) -> Iterator[Line]:
    before = base.records if base is not None else {}
    for row in _rows(connection):
        if before.get((row.feed, row.id)) != known[row.feed, row.id]:
            yield _line(row)
    for feed, id in sorted(before.keys() - known.keys()):
        yield Line(gone=(feed, id))
    here = dict(_tables(connection))
    for table in FACTS:
        part = header.parts.get(f"={table}")
        if part is not None and part.state != part.base:
            yield Line(facts=(table, here.get(table, [])))


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield the records as the bundle has them."""
    for row in rows(connection):
        yield row._replace(feed=_shared(row.feed))


def _shared(feed: str) -> str:
    return SHARED if feed == OWN else feed


def _line(row: Row) -> Line:
    return Line(record=row.advisory())


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, list[Fact]]]:
    for table in FACTS:
        if known := facts(connection, table):
            yield table, known
