"""The advisory database: one SQLite file, read by many and written by one.

Tables: `record` (one advisory), `affected` (what a record says of one package, by ecosystem and
name), `named` (every name of a vulnerability), `kev`, `epss`, `feed`, `meta`.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lading.advisories.rows import affected_from_bytes, record_from_bytes
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected, Candidate, Epss, Feed, Kev
from lading.model.coordinate import Coordinate

FORM = 1  # of the tables; another number is another database
_AT_ONCE = 400  # bound variables of one query

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, records INTEGER NOT NULL,
    as_of TEXT, etag TEXT);
CREATE TABLE ecosystem (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE record (id INTEGER PRIMARY KEY, name TEXT NOT NULL, feed INTEGER NOT NULL,
    modified TEXT, body BLOB NOT NULL, UNIQUE (name, feed));
CREATE TABLE affected (ecosystem INTEGER NOT NULL, name TEXT NOT NULL, record INTEGER NOT NULL,
    part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (ecosystem, name, record, part))
    WITHOUT ROWID;
CREATE INDEX affected_record ON affected (record);
CREATE TABLE named (name TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (name, record))
    WITHOUT ROWID;
CREATE INDEX named_record ON named (record);
CREATE TABLE kev (name TEXT PRIMARY KEY, added TEXT NOT NULL, due TEXT, ransomware INTEGER)
    WITHOUT ROWID;
CREATE TABLE epss (name TEXT PRIMARY KEY, score REAL NOT NULL, percentile REAL NOT NULL,
    as_of TEXT NOT NULL) WITHOUT ROWID;
"""


class Database:
    """A database opened for reading."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        self._check_form()

    @classmethod
    def open(cls, path: Path, *, immutable: bool = False) -> Self:
        """Open the file; AdvisoryError when it is missing, is none, or has another form."""
        if not path.is_file():
            raise AdvisoryError(f"{path}: no such advisory database")
        mode = "immutable=1" if immutable else "mode=ro"
        uri = f"{path.absolute().as_uri()}?{mode}"
        try:
            return cls(sqlite3.connect(uri, uri=True), str(path))
        except sqlite3.Error as error:
            raise AdvisoryError(f"{path}: cannot be opened: {error}") from error

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Self:
        """Open a database held in memory."""
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(data)
        except sqlite3.Error as error:
            raise AdvisoryError(f"{where}: is no advisory database: {error}") from error
        return cls(connection, where)

    def _check_form(self) -> None:
        try:
            (form,) = self._connection.execute("PRAGMA user_version").fetchone()
            self._connection.execute("SELECT 1 FROM record LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise AdvisoryError(f"{self._where} is no advisory database: {error}") from error
        if form != FORM:
            raise AdvisoryError(
                f"{self._where} has form {form}, this version of Lading reads {FORM}; "
                "delete it and import or update again"
            )

    def close(self) -> None:
        """Close the file."""
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

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.Error as error:
            raise AdvisoryError(
                f"{self._where} is damaged: {error}; import or update again"
            ) from error

    def _for(self, query: str, values: Iterable[object]) -> Iterator[Any]:
        """Run the query with `IN (…)` over the values, as few times as SQLite allows."""
        rest = sorted(set(values), key=str)
        for start in range(0, len(rest), _AT_ONCE):
            part = rest[start : start + _AT_ONCE]
            yield from self._rows(query.format(", ".join("?" * len(part))), part)

    def candidates(
        self, coordinates: Iterable[Coordinate]
    ) -> dict[Coordinate, tuple[Candidate, ...]]:
        """Return what all feeds say of the packages, by record id; those unknown are left out."""
        by_ecosystem: dict[str, list[str]] = {}
        for ecosystem, name in coordinates:
            by_ecosystem.setdefault(ecosystem, []).append(name)
        found: dict[Coordinate, list[Candidate]] = {}
        ids = {name: id for id, name in self._rows("SELECT id, name FROM ecosystem")}
        for ecosystem, names in by_ecosystem.items():
            if ecosystem not in ids:
                continue
            query = (
                "SELECT a.name, r.name, f.name, a.body FROM affected a "  # noqa: S608 - a number
                "JOIN record r ON r.id = a.record JOIN feed f ON f.id = r.feed "
                f"WHERE a.ecosystem = {ids[ecosystem]:d} AND a.name IN ({{}})"
            )
            for name, advisory, feed, body in self._for(query, names):
                affected = affected_from_bytes(body, ecosystem, name)
                candidate = Candidate(advisory=advisory, feed=feed, affected=affected)
                found.setdefault(Coordinate(ecosystem, name), []).append(candidate)
        return {
            place: tuple(sorted(all, key=lambda one: (one.advisory, one.feed)))
            for place, all in found.items()
        }

    def advisories(self, ids: Iterable[str]) -> dict[str, Advisory]:
        """Return the records of those ids, without `affected`; of two feeds', the newer."""
        query = (
            "SELECT r.name, f.name, r.body FROM record r JOIN feed f ON f.id = r.feed "
            "WHERE r.name IN ({})"
        )
        found: dict[str, Advisory] = {}
        for name, feed, body in self._for(query, ids):
            advisory = record_from_bytes(body, name, feed)
            known = found.get(name)
            if known is None or (known.modified or "") < (advisory.modified or ""):
                found[name] = advisory
        return found

    def naming(self, ids: Iterable[str]) -> tuple[Advisory, ...]:
        """Return the records whose id, aliases or upstream hold one of the names."""
        query = (
            "SELECT DISTINCT r.id, r.name, f.name, r.body FROM named n "
            "JOIN record r ON r.id = n.record JOIN feed f ON f.id = r.feed WHERE n.name IN ({})"
        )
        rows = {row[0]: row for row in self._for(query, ids)}
        return tuple(
            record_from_bytes(body, name, feed) for _, (_, name, feed, body) in sorted(rows.items())
        )

    def affected(self, id: str) -> tuple[Affected, ...]:
        """Return what the records of that id say of packages, in their order."""
        query = (
            "SELECT e.name, a.name, a.body FROM record r JOIN affected a ON a.record = r.id "
            "JOIN ecosystem e ON e.id = a.ecosystem WHERE r.name = ? ORDER BY r.id, a.part"
        )
        return tuple(
            affected_from_bytes(body, ecosystem, name)
            for ecosystem, name, body in self._rows(query, (id,))
        )

    def kev(self, ids: Iterable[str]) -> dict[str, Kev]:
        """Return the rows of the catalogue of known exploited vulnerabilities, by CVE."""
        query = "SELECT name, added, due, ransomware FROM kev WHERE name IN ({})"
        return {
            name: Kev(
                added=added, due=due, ransomware=None if ransomware is None else bool(ransomware)
            )
            for name, added, due, ransomware in self._for(query, ids)
        }

    def epss(self, ids: Iterable[str]) -> dict[str, Epss]:
        """Return the estimates of exploitation, by CVE."""
        query = "SELECT name, score, percentile, as_of FROM epss WHERE name IN ({})"
        return {
            name: Epss(score=score, percentile=percentile, as_of=as_of)
            for name, score, percentile, as_of in self._for(query, ids)
        }

    def ecosystems(self) -> frozenset[str]:
        """Return the ecosystems, with their release, that any record speaks of."""
        return frozenset(name for (name,) in self._rows("SELECT name FROM ecosystem"))

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds, by name."""
        rows = self._rows("SELECT name, records, as_of FROM feed ORDER BY name")
        return tuple(Feed(name=name, records=records, as_of=as_of) for name, records, as_of in rows)

    @property
    def built(self) -> str | None:
        """When the database was last written, RFC 3339 UTC."""
        return self._meta("built")

    @property
    def partial(self) -> bool:
        """True where feeds are known to be incomplete, as in the bundled snapshot."""
        return self._meta("partial") == "1"

    def _meta(self, key: str) -> str | None:
        row = next(self._rows("SELECT value FROM meta WHERE key = ?", (key,)), None)
        return str(row[0]) if row is not None else None
