"""Feeds into the database: whole feeds or nothing, and never an older record over a newer one."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lading.advisories.changes import Changes, Tally
from lading.advisories.content import FACTS, Fact, facts
from lading.advisories.database import FORM, SCHEMA, SUPPORT
from lading.advisories.failures import KEY, Failure, to_text
from lading.advisories.format import is_older
from lading.advisories.rows import affected_to_bytes, record_to_bytes
from lading.advisories.spans import span_of
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Epss, Kev, Support

_DAMAGED = (sqlite3.Error, UnicodeDecodeError)  # the latter: a name in a damaged schema
_PATIENCE = 300  # seconds that another writer is waited for


class Writer:
    """A database opened for writing; everything is written inside a `transaction`."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        self.is_described = False  # True once `describe` said when it was written
        self._touched: set[int] = set()  # feeds to be counted before the transaction ends
        self._ecosystems: dict[str, int] = {}
        self._tally = Tally()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise AdvisoryError(f"{path}: cannot be written: {error}") from error
        try:
            self._prepare()
        except BaseException as error:
            self._connection.close()
            if isinstance(error, _DAMAGED):
                raise AdvisoryError(f"{path}: cannot be written: {error}") from error
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        (form,) = run("PRAGMA user_version").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if form == 0 and tables == 0:
            script = f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORM}; COMMIT;"
            self._connection.executescript(script)
        elif form != FORM:
            raise AdvisoryError(
                f"{self._where} is no advisory database of form {FORM}; delete it and import again"
            )
        run("PRAGMA journal_mode = WAL")  # scans go on reading meanwhile
        run("PRAGMA cache_size = -65536")
        self._ecosystems = dict(run("SELECT name, id FROM ecosystem"))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or none of it; one inside another does so by itself."""
        inside = self._connection.in_transaction
        begin, end, back = (
            ("SAVEPOINT part", "RELEASE part", "ROLLBACK TO part")
            if inside
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        outer, self._tally = self._tally, Tally()
        try:
            self._connection.execute(begin)
            yield
            self._count()
            self._connection.execute(end)
            outer.merge(self._tally)
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute(back)
                if inside:
                    self._connection.execute(end)
                self._ecosystems = dict(self._connection.execute("SELECT name, id FROM ecosystem"))
            if isinstance(error, _DAMAGED):
                raise AdvisoryError(f"{self._where}: cannot be written: {error}") from error
            raise
        finally:
            self._tally = outer

    def take_changes(self) -> Changes:
        """Return what changed since the last call, by transactions that were not taken back."""
        taken, self._tally = self._tally, Tally()
        return taken.changes()

    def put(self, feed: str, advisories: Iterable[Advisory]) -> int:
        """Add the records to the feed, each in place of an older one of its id.

        Return how many were kept: newer than what was there, or as new.
        """
        feed_id = self._feed(feed)
        return sum(self._record(feed_id, advisory) for advisory in advisories)

    def put_all(self, feed: str, advisories: Iterable[Advisory]) -> int:
        """Put the records and delete those of the feed that are not among them."""
        feed_id = self._feed(feed)
        run = self._connection.execute
        query = "SELECT name, id FROM record WHERE feed = ?"
        gone: dict[str, int] = dict(run(query, (feed_id,)))
        kept = 0
        for advisory in advisories:
            kept += self._record(feed_id, advisory)
            gone.pop(advisory.id, None)
        for id in gone.values():
            self._delete(id)
        self._forget_ecosystems()
        return kept

    def put_kev(self, feed: str, as_of: str | None, rows: Iterable[tuple[str, Kev]]) -> int:
        """Replace the catalogue, unless the one that is there is newer; return the rows kept."""
        id = self._feed(feed)
        run = self._connection.execute
        (known,) = run("SELECT as_of FROM feed WHERE id = ?", (id,)).fetchone()
        if is_older(as_of, known):
            self._touched.discard(id)
            return 0
        before = run("SELECT name, added, due, ransomware FROM kev").fetchall()
        run("DELETE FROM kev")
        values = [(name, one.added, one.due, one.ransomware) for name, one in rows]
        self._connection.executemany("INSERT OR REPLACE INTO kev VALUES (?, ?, ?, ?)", values)
        self._tally.rename(before, run("SELECT name, added, due, ransomware FROM kev"))
        (count,) = run("SELECT count(*) FROM kev").fetchone()
        run("UPDATE feed SET records = ?, as_of = ? WHERE id = ?", (count, as_of, id))
        self._touched.discard(id)  # its rows are no records
        return len(values)

    def put_epss(self, feed: str, as_of: str | None, rows: Iterable[tuple[str, Epss]]) -> int:
        """Replace the estimates, unless those that are there are newer; return the rows kept."""
        id = self._feed(feed)
        run = self._connection.execute
        (known,) = run("SELECT as_of FROM feed WHERE id = ?", (id,)).fetchone()
        if is_older(as_of, known):
            self._touched.discard(id)
            return 0
        run("DELETE FROM epss")
        values = [(name, one.score, one.percentile, one.as_of) for name, one in rows]
        self._connection.executemany("INSERT OR REPLACE INTO epss VALUES (?, ?, ?, ?)", values)
        (count,) = run("SELECT count(*) FROM epss").fetchone()
        run("UPDATE feed SET records = ?, as_of = ? WHERE id = ?", (count, as_of, id))
        self._touched.discard(id)  # its rows are no records
        return len(values)

    def put_support(self, feed: str, as_of: str | None, rows: Sequence[Support]) -> int:
        """Replace what is known of these systems' releases; return the rows kept."""
        id = self._feed(feed)
        run = self._connection.execute
        (known,) = run("SELECT as_of FROM feed WHERE id = ?", (id,)).fetchone()
        if is_older(as_of, known):
            self._touched.discard(id)
            return 0
        run(SUPPORT)
        for system in sorted({one.system for one in rows}):
            run("DELETE FROM support WHERE system = ?", (system,))
        values = [(one.system, one.release, one.ends, one.extended, one.ended) for one in rows]
        self._connection.executemany("INSERT OR REPLACE INTO support VALUES (?,?,?,?,?)", values)
        run("UPDATE feed SET records = ?, as_of = ? WHERE id = ?", (len(values), as_of, id))
        self._touched.discard(id)  # its rows are no records
        return len(values)

    def _feed(self, name: str) -> int:
        run = self._connection.execute
        run(
            "INSERT OR IGNORE INTO feed (name, records, partial) VALUES (?, 0, 1)",
            (name,),
        )
        id = int(run("SELECT id FROM feed WHERE name = ?", (name,)).fetchone()[0])
        self._touched.add(id)
        return id

    def _record(self, feed: int, advisory: Advisory) -> bool:
        """Write one record; return False, and do nothing, where a newer one is there."""
        run, many = self._connection.execute, self._connection.executemany
        query = "SELECT id, modified, body FROM record WHERE name = ? AND feed = ?"
        old = run(query, (advisory.id, feed)).fetchone()
        body = record_to_bytes(advisory)
        parts = [(one.ecosystem, one.name, affected_to_bytes(one)) for one in advisory.affected]
        if old is not None:
            if self._is_same(old, advisory, parts):
                self._redate(old, advisory, body)
                return True
            if is_older(advisory.modified, old[1]):
                return False
            self._delete(old[0])
        cursor = run(
            "INSERT INTO record (name, feed, modified, body) VALUES (?, ?, ?, ?)",
            (advisory.id, feed, advisory.modified, body),
        )
        id = int(cursor.lastrowid or 0)
        names = {advisory.id, *advisory.aliases, *advisory.upstream}
        many("INSERT INTO named VALUES (?, ?)", [(name, id) for name in sorted(names)])
        rows = [
            (self._ecosystem(ecosystem), name, id, part, *span_of(one), data)
            for part, (one, (ecosystem, name, data)) in enumerate(
                zip(advisory.affected, parts, strict=True)
            )
        ]
        many("INSERT INTO affected VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._tally.touch((ecosystem, name) for ecosystem, name, _ in parts)
        return True

    def _is_same(
        self, old: tuple[int, str | None, bytes], advisory: Advisory, parts: list[Any]
    ) -> bool:
        """Tell whether the record says what is there already, whenever it said so."""
        as_then = record_to_bytes(replace(advisory, modified=old[1]))
        return old[2] == as_then and self._parts(old[0]) == parts

    def _redate(self, old: tuple[int, str | None, bytes], advisory: Advisory, body: bytes) -> None:
        """Take over the time of a record that says the same: that touches no package."""
        if old[1] != advisory.modified:
            self._connection.execute(
                "UPDATE record SET modified = ?, body = ? WHERE id = ?",
                (advisory.modified, body, old[0]),
            )

    def _parts(self, record: int) -> list[tuple[str, str, bytes]]:
        """Return what is there of a record's packages, in its order."""
        query = (
            "SELECT e.name, a.name, a.body FROM affected a JOIN ecosystem e ON e.id = a.ecosystem "
            "WHERE a.record = ? ORDER BY a.part"
        )
        return self._connection.execute(query, (record,)).fetchall()

    def _delete(self, record: int) -> None:
        run = self._connection.execute
        self._tally.touch((ecosystem, name) for ecosystem, name, _ in self._parts(record))
        run("DELETE FROM affected WHERE record = ?", (record,))
        run("DELETE FROM named WHERE record = ?", (record,))
        run("DELETE FROM record WHERE id = ?", (record,))

    def _ecosystem(self, name: str) -> int:
        if name not in self._ecosystems:
            cursor = self._connection.execute("INSERT INTO ecosystem (name) VALUES (?)", (name,))
            self._ecosystems[name] = int(cursor.lastrowid or 0)
        return self._ecosystems[name]

    def _forget_ecosystems(self) -> None:
        """Delete ecosystems without records: that they are there says that there is data."""
        run = self._connection.execute
        run(
            "DELETE FROM ecosystem WHERE NOT EXISTS "
            "(SELECT 1 FROM affected WHERE affected.ecosystem = ecosystem.id)"
        )
        self._ecosystems = dict(run("SELECT name, id FROM ecosystem"))

    def _count(self) -> None:
        for feed in self._touched:
            self._connection.execute(
                "UPDATE feed SET (records, as_of) = (SELECT count(*), max(modified) FROM record "
                "WHERE feed = :feed) WHERE id = :feed",
                {"feed": feed},
            )
        self._touched.clear()

    def records(self, feed: str) -> int:
        """Return how many records, or rows of facts, the feed has; 0 for an unknown one."""
        query = (
            "SELECT max(f.records, (SELECT count(*) FROM record r WHERE r.feed = f.id)) "
            "FROM feed f WHERE f.name = ?"
        )
        row = self._connection.execute(query, (feed,)).fetchone()
        return int(row[0]) if row is not None else 0

    def as_of(self, feed: str) -> str | None:
        """Return the time of the newest change in the feed."""
        query = "SELECT as_of FROM feed WHERE name = ?"
        row = self._connection.execute(query, (feed,)).fetchone()
        return row[0] if row is not None else None

    def feed_of(self, id: str, family: str) -> str | None:
        """Return the feed of a family (`osv`) that has this record, the first by name of several.

        Feeds of other families may have records of the same id: Debian's tracker and OSV's copy.
        """
        query = (
            "SELECT min(f.name) FROM record r JOIN feed f ON f.id = r.feed WHERE r.name = :id "
            "AND (f.name = :family OR substr(f.name, 1, length(:family) + 1) = :family || '/')"
        )
        (name,) = self._connection.execute(query, {"id": id, "family": family}).fetchone()
        return str(name) if name is not None else None

    def validator(self, feed: str) -> str | None:
        """Return what the feed's server called the state that was put last."""
        query = "SELECT validator FROM feed WHERE name = ?"
        row = self._connection.execute(query, (feed,)).fetchone()
        return row[0] if row is not None else None

    def confirm(self, feed: str, *, checked: str, validator: str | None) -> None:
        """Record that the feed is whole, as its server had it at that time (RFC 3339 UTC)."""
        self._connection.execute(
            "UPDATE feed SET partial = 0, checked = ?, validator = ? WHERE name = ?",
            (checked, validator, feed),
        )
        self.remember(KEY + feed, None)

    def fail(self, feed: str, failure: Failure) -> None:
        """Record why the feed could not be made newer, until `confirm`."""
        self.remember(KEY + feed, to_text(failure))

    def remember(self, key: str, value: str | None) -> None:
        """Keep a text under a key of `meta`; None forgets it."""
        if value is None:
            self._connection.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def recall(self, key: str) -> str | None:
        """Return what was kept under the key."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row is not None else None

    def is_whole(self, feed: str) -> bool:
        """Say whether all of the feed was read once, so that changes can be put on top."""
        query = "SELECT partial FROM feed WHERE name = ? AND records > 0"
        row = self._connection.execute(query, (feed,)).fetchone()
        return row is not None and not row[0]

    def times(self, feed: str) -> dict[str, str | None]:
        """Return the feed's records with the times of their last changes."""
        query = (
            "SELECT r.name, r.modified FROM record r JOIN feed f ON f.id = r.feed WHERE f.name = ?"
        )
        return dict(self._connection.execute(query, (feed,)).fetchall())

    def delete(self, feed: str, ids: Iterable[str]) -> None:
        """Delete the feed's records of those ids."""
        feed_id = self._feed(feed)
        query = "SELECT id FROM record WHERE feed = ? AND name = ?"
        for id in ids:
            for (record,) in self._connection.execute(query, (feed_id, id)).fetchall():
                self._delete(record)
        self._forget_ecosystems()

    @property
    def connection(self) -> sqlite3.Connection:
        """The database as it is inside the transaction, to be read."""
        return self._connection

    def replace_facts(self, table: str, rows: Sequence[Fact]) -> None:
        """Put the rows in place of those of a table of FACTS."""
        run = self._connection.execute
        run(SUPPORT)
        before = facts(self._connection, table)
        run(f"DELETE FROM {table}")  # noqa: S608 - a table of FACTS
        columns, marks = ", ".join(FACTS[table]), ", ".join("?" * len(FACTS[table]))
        insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - of FACTS
        self._connection.executemany(insert, rows)
        if table != "support":  # whose rows are of no vulnerability
            self._tally.rename(before, facts(self._connection, table))

    def describe_feed(
        self, feed: str, *, records: int, as_of: str | None, checked: str | None, partial: bool
    ) -> None:
        """Record what another database says of the feed; what its server said here is forgotten."""
        id = self._feed(feed)
        self._connection.execute(
            "UPDATE feed SET records = ?, as_of = ?, checked = ?, partial = ?, validator = NULL "
            "WHERE id = ?",
            (records, as_of, checked, partial, id),
        )
        has = "SELECT EXISTS (SELECT 1 FROM record WHERE feed = ?)"
        if not self._connection.execute(has, (id,)).fetchone()[0]:
            self._touched.discard(id)  # its rows are no records
        self._connection.execute(
            "DELETE FROM meta WHERE key IN (?, ?)", (KEY + feed, f"list:{feed}")
        )

    def mark_whole(self, feed: str) -> None:
        """Record that the feed was read from what holds all of it."""
        self._connection.execute("UPDATE feed SET partial = 0 WHERE name = ?", (feed,))

    def drop_parts(self, feed: str) -> None:
        """Delete the feeds of single releases (`osv/AlmaLinux:9`) that `feed` now holds."""
        run = self._connection.execute
        query = "SELECT id FROM feed WHERE substr(name, 1, length(:feed) + 1) = :feed || ':'"
        parts = run(query, {"feed": feed}).fetchall()
        for (part,) in parts:
            for (record,) in run("SELECT id FROM record WHERE feed = ?", (part,)).fetchall():
                self._delete(record)
            run("DELETE FROM feed WHERE id = ?", (part,))
            self._touched.discard(part)
        if parts:
            self._forget_ecosystems()

    def describe(self, *, built: str) -> None:
        """Record when the database was written, RFC 3339 UTC."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('built', ?)", (built,))
        self.is_described = True

    def newest(self) -> str | None:
        """Return the newest time that any feed has."""
        row = self._connection.execute("SELECT max(as_of) FROM feed").fetchone()
        return str(row[0]) if row[0] is not None else None

    def compact(self) -> None:
        """Rewrite the file without gaps, with what the query planner wants to know."""
        self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.execute("ANALYZE")
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file, which is one file again: it can be read from a read-only folder."""
        with contextlib.suppress(sqlite3.Error):  # somebody reads it: the next writer does it
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
