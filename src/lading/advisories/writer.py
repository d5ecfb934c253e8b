"""Feeds into the database: whole feeds or nothing, and never an older record over a newer one."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from lading.advisories.database import FORM, SCHEMA
from lading.advisories.rows import affected_to_bytes, record_to_bytes
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Kev


class Writer:
    """A database opened for writing; use `transaction` around each feed."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise AdvisoryError(f"{path}: cannot be written: {error}") from error
        self._ecosystems = dict(self._connection.execute("SELECT name, id FROM ecosystem"))

    def _prepare(self) -> None:
        (form,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if form == 0 and tables == 0:
            self._connection.executescript(
                f"PRAGMA journal_mode = WAL; BEGIN; {SCHEMA} PRAGMA user_version = {FORM}; COMMIT;"
            )
        elif form != FORM:
            raise AdvisoryError(
                f"{self._where} is no advisory database of form {FORM}; delete it and import again"
            )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or none of it."""
        if self._connection.in_transaction:
            yield  # inside another, which decides
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise AdvisoryError(f"{self._where}: cannot be written: {error}") from error
            raise

    def put(self, feed: str, advisories: Iterable[Advisory]) -> int:
        """Add the records to the feed, each in place of an older one of its id.

        Return how many were newer than, or equal to, what was there.
        """
        feed_id = self._feed(feed)
        known = {
            name: (id, modified)
            for id, name, modified in self._connection.execute(
                "SELECT id, name, modified FROM record WHERE feed = ?", (feed_id,)
            )
        }
        kept = 0
        for advisory in advisories:
            old = known.get(advisory.id)
            if old is not None and (old[1] or "") > (advisory.modified or ""):
                continue
            kept += 1
            known[advisory.id] = (self._record(feed_id, advisory, old), advisory.modified)
        self._count(feed_id)
        return kept

    def _feed(self, name: str) -> int:
        self._connection.execute(
            "INSERT OR IGNORE INTO feed (name, records) VALUES (?, 0)", (name,)
        )
        row = self._connection.execute("SELECT id FROM feed WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def _record(self, feed: int, advisory: Advisory, old: tuple[int, str | None] | None) -> int:
        run = self._connection.execute
        if old is not None:
            run("DELETE FROM affected WHERE record = ?", (old[0],))
            run("DELETE FROM named WHERE record = ?", (old[0],))
            run("DELETE FROM record WHERE id = ?", (old[0],))
        cursor = run(
            "INSERT INTO record (name, feed, modified, body) VALUES (?, ?, ?, ?)",
            (advisory.id, feed, advisory.modified, record_to_bytes(advisory)),
        )
        id = int(cursor.lastrowid or 0)
        names = {advisory.id, *advisory.aliases, *advisory.upstream}
        many = self._connection.executemany
        many("INSERT INTO named VALUES (?, ?)", [(name, id) for name in sorted(names)])
        rows = [
            (self._ecosystem(one.ecosystem), one.name, id, part, affected_to_bytes(one))
            for part, one in enumerate(advisory.affected)
        ]
        many("INSERT INTO affected VALUES (?, ?, ?, ?, ?)", rows)
        return id

    def _ecosystem(self, name: str) -> int:
        if name not in self._ecosystems:
            cursor = self._connection.execute("INSERT INTO ecosystem (name) VALUES (?)", (name,))
            self._ecosystems[name] = cursor.lastrowid
        return int(self._ecosystems[name] or 0)

    def _count(self, feed: int) -> None:
        self._connection.execute(
            "UPDATE feed SET (records, as_of) = (SELECT count(*), max(modified) FROM record "
            "WHERE feed = ?1) WHERE id = ?1",
            (feed,),
        )

    def put_kev(self, feed: str, as_of: str | None, rows: Iterable[tuple[str, Kev]]) -> int:
        """Replace the catalogue, unless the one that is there is newer; return its rows."""
        id = self._feed(feed)
        run = self._connection.execute
        (known,) = run("SELECT as_of FROM feed WHERE id = ?", (id,)).fetchone()
        if (known or "") > (as_of or ""):
            return 0
        run("DELETE FROM kev")
        values = [(name, one.added, one.due, one.ransomware) for name, one in rows]
        self._connection.executemany("INSERT OR REPLACE INTO kev VALUES (?, ?, ?, ?)", values)
        run("UPDATE feed SET records = ?, as_of = ? WHERE id = ?", (len(values), as_of, id))
        return len(values)

    def etag(self, feed: str) -> str | None:
        """Return what the feed's server called the state that was put last."""
        row = self._connection.execute("SELECT etag FROM feed WHERE name = ?", (feed,)).fetchone()
        return row[0] if row is not None else None

    def remember_etag(self, feed: str, etag: str | None) -> None:
        """Keep the server's name for the state that was just put."""
        self._connection.execute("UPDATE feed SET etag = ? WHERE name = ?", (etag, feed))

    def drop_parts(self, feed: str) -> None:
        """Delete the feeds of single releases (`osv/AlmaLinux:9`) that `feed` now holds."""
        run = self._connection.execute
        parts = run("SELECT id FROM feed WHERE name LIKE ? || ':%'", (feed,)).fetchall()
        for (part,) in parts:
            records = "SELECT id FROM record WHERE feed = ?"
            run(f"DELETE FROM affected WHERE record IN ({records})", (part,))  # noqa: S608 - constant
            run(f"DELETE FROM named WHERE record IN ({records})", (part,))  # noqa: S608 - constant
            run("DELETE FROM record WHERE feed = ?", (part,))
            run("DELETE FROM feed WHERE id = ?", (part,))

    @property
    def partial(self) -> bool:
        """Whether feeds are known to be incomplete."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'partial'").fetchone()
        return row is not None and row[0] == "1"

    def describe(self, *, built: str, partial: bool) -> None:
        """Record when the database was written and whether its feeds are incomplete."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            [("built", built), ("partial", "1" if partial else "0")],
        )

    def newest(self) -> str | None:
        """Return the newest time that any feed has."""
        row = self._connection.execute("SELECT max(as_of) FROM feed").fetchone()
        return str(row[0]) if row[0] is not None else None

    def compact(self) -> None:
        """Rewrite the file without gaps, in a form that can be opened read-only from anywhere."""
        self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.execute("ANALYZE")
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
